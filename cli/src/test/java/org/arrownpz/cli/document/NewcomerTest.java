package org.arrownpz.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.arrownpz.cli.document.MarkdownPage.Block;
import org.junit.jupiter.api.Test;

/** The log of {@code samples/newcomer/run} is one of what the documents have. What it prints: {@link DocumentSnippetsTest}. */
class NewcomerTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final String LOG = "samples/newcomer/log.txt";

    @Test
    void typesWhatThePagesHave() {
        Map<String, Integer> blocks = new TreeMap<>();
        List<String> unknown = new ArrayList<>();
        MarkdownPage log = MarkdownPage.of(ROOT.resolve(LOG));
        Map<Integer, String> pages = new LinkedHashMap<>();
        for (int at = 0; at < log.lines().size(); at++) {
            if (log.lines().get(at).matches("# \\S+\\.md")) {
                pages.put(at + 1, log.lines().get(at).substring(2));
            }
        }
        for (Block block : log.blocks()) {
            String page = pages.entrySet().stream()
                    .filter(entry -> entry.getKey() < block.line())
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .getValue();
            blocks.merge(page, 1, Integer::sum);
            if (MarkdownPage.of(ROOT.resolve(page)).blocks().stream().noneMatch(typed -> has(typed, block))) {
                unknown.add(page + " has no more: " + block.code());
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(blocks.keySet()).contains("README.md", "docs/guide.md", "docs/serving.md");
        assertThat(blocks.get("docs/cookbook.md")).isGreaterThanOrEqualTo(3);
        assertThat(log.lines()).anyMatch(line -> line.startsWith("The page at http://localhost:8080/ comes: "));
    }

    /** Of a block for the shell some lines may be left out. */
    private static boolean has(Block page, Block log) {
        if (log.language().equals("console")) {
            return page.language().equals("sh") && page.code().lines().toList().containsAll(commands(log.code()));
        }
        return page.language().equals(log.language()) && page.code().equals(log.code());
    }

    private static List<String> commands(String console) {
        return console.lines()
                .filter(line -> line.startsWith("$ "))
                .map(line -> line.substring(2))
                .toList();
    }
}
