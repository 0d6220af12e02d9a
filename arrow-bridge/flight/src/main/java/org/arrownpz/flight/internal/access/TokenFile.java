package org.arrownpz.flight.internal.access;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The lines of a file of tokens: a name, rights, and {@code sha256:} with the token's digest in hexadecimal or the token
 * itself; then the last day, in UTC, where there is one.
 */
public final class TokenFile {
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_PARTS = 4;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern NAME = Pattern.compile("[\\w.@-]{1,100}");
    private static final Pattern HASH = Pattern.compile("sha256:([0-9a-fA-F]{64})");
    private static final String UNTIL = "until=";

    private TokenFile() {}

    /**
     * One token.
     *
     * @param end the time from which it is good no more
     * @param plain whether the file has the token itself
     */
    record Entry(Caller caller, byte[] digest, Instant end, boolean plain) {}

    /** The line of a token, with its digest alone. */
    public static String line(String name, String rights, String token, String lastDay) {
        String line = name + " " + rights + " sha256:" + HexFormat.of().formatHex(digest(token))
                + (lastDay.isEmpty() ? "" : " " + UNTIL + lastDay);
        parse(line);
        return line;
    }

    static List<Entry> read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("the file of tokens is longer than " + MAX_FILE_BYTES + " bytes");
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                Entry entry = parse(line);
                if (!names.add(entry.caller.name())) {
                    throw new IllegalArgumentException("its name is taken");
                }
                entries.add(entry);
            } catch (IllegalArgumentException e) {
                throw new IOException("line " + number + " of the file of tokens: " + e.getMessage(), e);
            }
        }
        return List.copyOf(entries);
    }

    private static Entry parse(String line) {
        String[] parts = BLANKS.split(line.strip());
        if (parts.length < 3 || parts.length > MAX_PARTS) {
            throw new IllegalArgumentException("a name, rights and a token are wanted");
        }
        if (!NAME.matcher(parts[0]).matches()) {
            throw new IllegalArgumentException("a name has letters, digits and _ . @ - alone");
        }
        var hash = HASH.matcher(parts[2]);
        boolean hashed = hash.matches();
        if (!hashed && parts[2].startsWith("sha256:")) {
            throw new IllegalArgumentException("sha256: needs 64 hexadecimal digits");
        }
        byte[] digest = hashed ? HexFormat.of().parseHex(hash.group(1)) : digest(parts[2]);
        Instant end = parts.length < MAX_PARTS ? Instant.MAX : end(parts[3]);
        return new Entry(new Caller(parts[0], Rights.of(parts[1])), digest, end, !hashed);
    }

    private static Instant end(String part) {
        try {
            if (part.startsWith(UNTIL)) {
                return LocalDate.parse(part.substring(UNTIL.length()))
                        .plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant();
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the last day is no date, such as 2027-01-31", e);
        }
        throw new IllegalArgumentException("after the token there is only until=DATE");
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new IOException("the file of tokens is no text in UTF-8", e);
        }
    }

    static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
