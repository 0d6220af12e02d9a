package org.arrownpz.safety;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.SafeText;

/**
 * A row of the hostile corpus' manifest.
 *
 * @param type {@code npy}, {@code npz}, {@code frame-npz} or {@code frame-dir}
 * @param must whether any other outcome is a defect
 * @param codes the error codes that the corpus wants
 * @param member what a message should name, or empty
 * @param offset where the fault is, or -1
 * @param numpy what NumPy reads: dtype and shape, or its exception
 */
record HostileCase(
        String file,
        String type,
        boolean accept,
        boolean must,
        List<String> codes,
        String member,
        long offset,
        String numpy) {
    /** The resources' folder. */
    static Path root() {
        try {
            return Path.of(Objects.requireNonNull(HostileCase.class.getResource("/hostile"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<HostileCase> all() {
        List<HostileCase> cases = new ArrayList<>();
        try {
            List<List<String>> rows = csv(Files.readString(root().resolve("manifest.csv")));
            List<String> head = rows.get(0);
            for (List<String> row : rows.subList(1, rows.size())) {
                String offset = row.get(head.indexOf("offset"));
                cases.add(new HostileCase(
                        row.get(head.indexOf("file")),
                        row.get(head.indexOf("type")),
                        row.get(head.indexOf("expectation")).equals("accept"),
                        row.get(head.indexOf("grade")).equals("must"),
                        List.of(row.get(head.indexOf("error_class")).split("\\|")),
                        row.get(head.indexOf("member")),
                        offset.isEmpty() ? -1 : Long.parseLong(offset),
                        row.get(head.indexOf("numpy_2_4_6"))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    static JsonNode expected() {
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(root().resolve("expected.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return root().resolve(file);
    }

    /** The member as messages name it: the manifest lacks a trailing NUL and has control characters escaped already. */
    String memberInMessages() {
        return switch (file) {
            case "npz/name_nul_dup.npz" -> "a.npy\\u0000";
            case "npz/name_control.npz" -> "a\\n\\u001b[31m.npy";
            default -> SafeText.escape(member);
        };
    }

    /** The levels at which the row's verdict must be reached. */
    List<Verify> levels() {
        if (codes.contains("VALUE")) {
            return List.of(Verify.CONTENT);
        }
        return codes.contains("ZIP_CRC")
                ? List.of(Verify.CRC, Verify.CONTENT)
                : List.of(Verify.STRUCTURE, Verify.CONTENT);
    }

    // RFC 4180.
    private static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }

    @Override
    public String toString() {
        return new String(file.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    }
}
