package org.arrownpz.damage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.arrownpz.NpzException;

/**
 * The written list of verdicts in which this library and NumPy differ, each with its reason, and how often each came up.
 * Anything else is unlisted.
 */
final class Deviations {
    private static final int HEADER = 12_000;

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, String> unlisted = new TreeMap<>();

    /**
     * @param text the beginning of the problem or message, as a regular expression
     * @param evidence what must occur in the array's first bytes for the reason to hold
     */
    private record Line(String side, String code, Pattern text, Pattern evidence, String reason) {}

    static Deviations read() throws IOException {
        Deviations deviations = new Deviations();
        try (InputStream source =
                Objects.requireNonNull(Deviations.class.getResourceAsStream("/damage/numpy_deviations.tsv"))) {
            for (String line : new String(source.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.startsWith("#")) {
                    String[] cells = line.split("\t");
                    if (cells.length != 5) {
                        throw new IOException("not five cells: " + line);
                    }
                    deviations.lines.add(new Line(
                            cells[0],
                            cells[1],
                            Pattern.compile(cells[2]),
                            Pattern.compile(cells[3], Pattern.DOTALL),
                            cells[4]));
                }
            }
        }
        return deviations;
    }

    /** This library refuses what NumPy takes. */
    void refused(Claim.Refusal refusal, String example) {
        NpzException fault = refusal.fault();
        String message = example + ": " + fault.getMessage();
        String problem = fault.found() == null ? fault.problem() : fault.problem() + ": " + fault.found();
        count("refused", fault.code().name(), problem, refusal.content(), message);
    }

    /** This library takes what NumPy refuses. */
    void taken(String exception, byte[] content, String example) {
        int colon = exception.indexOf(':');
        count("taken", exception.substring(0, colon), exception.substring(colon + 2), content, example);
    }

    private void count(String side, String code, String text, byte[] content, String example) {
        String start = new String(content, 0, Math.min(content.length, HEADER), StandardCharsets.ISO_8859_1);
        for (Line line : lines) {
            if (line.side.equals(side)
                    && line.code.equals(code)
                    && line.text.matcher(text).lookingAt()
                    && line.evidence.matcher(start).find()) {
                counts.merge(side + " " + code + " " + line.text, 1, Integer::sum);
                return;
            }
        }
        unlisted.putIfAbsent(side + "\t" + code + "\t" + text.replaceAll("\\d+", "9"), example);
    }

    /** An example of each that is not on the list. */
    Map<String, String> unlisted() {
        return unlisted;
    }

    /** How often each line of the list came up. */
    List<String> counts() {
        List<String> text = new ArrayList<>();
        counts.forEach((line, count) -> text.add(count + " " + line));
        return text;
    }
}
