package org.arrownpz.npz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Archives among the test resources. */
final class Corpus {
    private static final Pattern CELL = Pattern.compile("(?:\"((?:[^\"]|\"\")*)\"|([^,]*))(?:,|$)");

    private Corpus() {}

    /** A row of the hostile corpus' manifest. */
    record Case(String file, boolean accept, List<String> codes, String member) {
        @Override
        public String toString() {
            return file;
        }
    }

    static List<Case> hostileNpz(boolean accept) {
        List<String> lines = lines("hostile/manifest.csv");
        List<String> head = cells(lines.get(0));
        List<Case> cases = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> row = cells(line);
            boolean accepts = row.get(head.indexOf("expectation")).equals("accept");
            if (row.get(head.indexOf("type")).equals("npz") && accepts == accept) {
                String codes = row.get(head.indexOf("error_class"));
                cases.add(new Case(
                        row.get(head.indexOf("file")),
                        accepts,
                        List.of(codes.split("\\|")),
                        row.get(head.indexOf("member"))));
            }
        }
        return cases;
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        Matcher cell = CELL.matcher(line);
        while (cell.find() && cells.size() < 1000) {
            cells.add(cell.group(1) != null ? cell.group(1).replace("\"\"", "\"") : cell.group(2));
            if (cell.end() == line.length()) {
                break;
            }
        }
        return cells;
    }

    static Path path(String resource) {
        try {
            return Path.of(Objects.requireNonNull(Corpus.class.getResource("/" + resource), resource)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String resource) {
        try {
            return Files.readAllBytes(path(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String resource) {
        try {
            return new ObjectMapper().readTree(bytes(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String resource) {
        try {
            return Files.readAllLines(path(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
