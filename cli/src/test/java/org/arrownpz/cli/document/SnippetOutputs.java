package org.arrownpz.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what snippets print with what a page says, where {@code …} stands for what differs from run to run. {@code mvn
 * -pl cli -am test -Dtest=DocumentSnippetsTest -Dsurefire.failIfNoSpecifiedTests=false -Darrownpz.regenerate=true} rewrites
 * the pages instead; look at what changed.
 */
final class SnippetOutputs {
    private static final boolean REGENERATE = Boolean.getBoolean("arrownpz.regenerate");

    private final Path page;
    /** What comes in place of a block, by the line of its fence. */
    private final Map<Integer, String> corrections = new TreeMap<>();

    SnippetOutputs(Path page) {
        this.page = page;
    }

    Path page() {
        return page.getFileName();
    }

    /** Compares what is printed with the block whose fence is at that line. */
    void check(int fence, String told, String printed) {
        String pattern =
                Arrays.stream(tidy(told).split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*?"));
        if (!Pattern.compile(pattern, Pattern.DOTALL).matcher(tidy(printed)).matches()) {
            if (REGENERATE) {
                corrections.put(fence, tidy(printed));
            } else {
                assertThat(tidy(printed)).isEqualTo(tidy(told));
            }
        }
    }

    private static String tidy(String text) {
        return text.lines()
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /** Writes the page again where something differed. */
    void end() throws IOException {
        if (corrections.isEmpty()) {
            return;
        }
        List<String> lines = Files.readAllLines(page);
        List<String> changed = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            changed.add(lines.get(at));
            String correction = corrections.get(at + 1);
            if (correction != null) {
                changed.addAll(correction.lines().toList());
                while (!lines.get(at + 1).startsWith("```")) {
                    at++;
                }
            }
        }
        Files.writeString(page, String.join("\n", changed) + "\n");
    }
}
