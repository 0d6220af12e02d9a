package org.arrownpz.sql.internal.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.arrownpz.SafeText;

/**
 * The first line of a CSV file. It is read here since DuckDB, where it does not understand a file, takes another line for
 * the first, and renames columns.
 *
 * @param delimiter of comma, tab, semicolon and bar the one that the line has most of, outside quotes
 */
record CsvHeader(char delimiter, List<String> names) {
    private static final String DELIMITERS = ",\t;|";
    private static final int MAX_BYTES = 1 << 26;

    static CsvHeader of(TextFile file) throws IOException {
        String line = line(file);
        int[] counts = new int[DELIMITERS.length()];
        boolean quoted = false;
        for (char c : line.toCharArray()) {
            quoted ^= c == '"';
            int delimiter = quoted ? -1 : DELIMITERS.indexOf(c);
            if (delimiter >= 0) {
                counts[delimiter]++;
            }
        }
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return new CsvHeader(DELIMITERS.charAt(most), names(file, line, DELIMITERS.charAt(most)));
    }

    /** The bytes before the first line end that is not in quotes. */
    private static String line(TextFile file) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean quoted = false;
        try (InputStream in = file.bytes()) {
            for (int b = in.read(); b >= 0 && (quoted || b != '\n' && b != '\r'); b = in.read()) {
                quoted ^= b == '"';
                line.write(b);
                if (line.size() > MAX_BYTES) {
                    throw file.invalid("line 1: longer than " + MAX_BYTES + " bytes");
                }
            }
        }
        if (line.size() == 0) {
            throw file.invalid("line 1: no names of columns");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw file.invalid("line 1: not UTF-8");
        }
    }

    private static List<String> names(TextFile file, String line, char delimiter) throws IOException {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : delimiter;
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                name.append(line.charAt(++i));
            } else if (c == '"' && (quoted || name.length() == 0)) {
                quoted = !quoted;
            } else if (c == delimiter && (!quoted || i == line.length())) {
                // As DuckDB calls it: SQL has no empty names.
                String known = name.length() == 0 ? "column" + names.size() : name.toString();
                if (!seen.add(known)) {
                    throw file.invalid("line 1: two columns are named " + SafeText.quote(known));
                }
                names.add(known);
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        return names;
    }
}
