package org.arrownpz.flight.internal.access;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.arrownpz.flight.internal.watch.ServerLog;
import org.arrownpz.internal.memory.Faults;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * Secrets and whose they are. Looking one up compares its digest with those of all, so that it takes the same time
 * whether there is one that begins like it or not. Safe for use by several threads.
 */
public final class Tokens implements AutoCloseable {
    static final Duration GRACE = Duration.ofSeconds(60);
    private static final long LOOK_SECONDS = 2;
    private static final int REASON_LENGTH = 200;
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern NAME = Pattern.compile("[\\w.@-]{1,100}");

    private final @Nullable Token single;
    private final @Nullable Path file;
    private final LongSupplier clock;
    private final @Nullable Future<?> watching;
    private List<Token> known = List.of();
    private String version = "";
    private boolean usable = true;
    private long unusableSince;

    private record Token(Caller caller, byte[] digest) {}

    /**
     * Knows one token, with all rights, and those of a file.
     *
     * @throws IOException when the file cannot be read or is not what it should be
     */
    public Tokens(@Nullable String token, @Nullable Path file) throws IOException {
        this(token, file, System::nanoTime);
    }

    Tokens(@Nullable String token, @Nullable Path file, LongSupplier clock) throws IOException {
        this.single = token == null ? null : new Token(new Caller("token", true), digest(token));
        this.file = file;
        this.clock = clock;
        if (file != null) {
            version = version(file);
            known = read(file);
        }
        // Also while nobody calls, so that the grace begins when the file is lost.
        watching = file == null
                ? null
                : Delays.CLOCK.scheduleWithFixedDelay(this::current, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether nobody is asked for a token. */
    boolean isEmpty() {
        return single == null && file == null;
    }

    /** The owner of a token, or null. */
    @Nullable
    Caller byToken(String token) {
        return find(digest(token), null);
    }

    /** The caller with that name, if the token is its own. */
    @Nullable
    Caller byName(String name, String token) {
        return find(digest(token), name);
    }

    /** The caller of that name whose token has the digest; so a session ends with its token. */
    @Nullable
    Caller bySession(String name, byte[] digest) {
        return find(digest, name);
    }

    private @Nullable Caller find(byte[] digest, @Nullable String name) {
        Caller found = null;
        List<Token> all = new ArrayList<>(current());
        if (single != null) {
            all.add(single);
        }
        for (Token token : all) {
            // All of them, whatever was found.
            boolean same = MessageDigest.isEqual(token.digest, digest);
            if (same & (name == null || name.equals(token.caller.name()))) {
                found = token.caller;
            }
        }
        return found;
    }

    /** The file's tokens; those that were there before for a while after it has become none. */
    private synchronized List<Token> current() {
        if (file == null) {
            return known;
        }
        try {
            String found = version(file);
            if (!usable || !found.equals(version)) {
                known = read(file);
                version = found;
            }
            if (!usable) {
                usable = true;
                ServerLog.say("the tokens can be read again");
            }
        } catch (IOException e) {
            miss(e);
        }
        return known;
    }

    /** It is being written, or is gone, or is no list of tokens. */
    private void miss(IOException e) {
        long now = clock.getAsLong();
        String reason = e instanceof FileSystemException
                ? Faults.reason(e)
                : SafeText.escape(String.valueOf(e.getMessage()), REASON_LENGTH);
        if (usable) {
            usable = false;
            unusableSince = now;
            ServerLog.say("the tokens cannot be read (" + reason + "): those of before are good for "
                    + GRACE.toSeconds() + " seconds more");
        }
        if (!known.isEmpty() && now - unusableSince >= GRACE.toNanos()) {
            known = List.of();
            ServerLog.say("the tokens cannot be read (" + reason + "): those of before are good no more");
        }
    }

    /** Whether the file is there and what it should be. */
    public synchronized boolean isUsable() {
        return usable;
    }

    @Override
    public void close() {
        if (watching != null) {
            watching.cancel(false);
        }
    }

    private static String version(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    }

    private static List<Token> read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("the file of tokens is longer than " + MAX_FILE_BYTES + " bytes");
        }
        List<Token> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = BLANKS.split(line.strip());
            if (parts.length != 3
                    || !NAME.matcher(parts[0]).matches()
                    || !names.add(parts[0])
                    || !Set.of("read", "write").contains(parts[1])) {
                throw new IOException("line " + number
                        + " of the file of tokens is not a name of its own, read or write," + " and a token");
            }
            tokens.add(new Token(new Caller(parts[0], parts[1].equals("write")), digest(parts[2])));
        }
        return List.copyOf(tokens);
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
