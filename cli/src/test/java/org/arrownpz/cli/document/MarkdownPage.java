package org.arrownpz.cli.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A page of the documents: its lines, what it fences, links and anchors. */
record MarkdownPage(Path path, List<String> lines) {
    private static final Pattern LINK = Pattern.compile("(?<!\\\\)]\\(([^()\\s]+)\\)");
    private static final Pattern SPAN = Pattern.compile("`[^`]*`");
    private static final String NOT_RUN = "<!-- not run: ";

    /**
     * What stands in a fence.
     *
     * @param line where the fence begins, from 1
     * @param outputLine where the block of the language {@code text} begins that is right behind it, or 0
     * @param output what that block says that it prints
     * @param notRun why no test runs it: a comment before the fence
     */
    record Block(
            int line,
            String language,
            String code,
            int outputLine,
            @Nullable String output,
            @Nullable String notRun) {}

    static MarkdownPage of(Path path) {
        try {
            return new MarkdownPage(path, Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        int beyond = 0;
        String reason = null;
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (!line.startsWith("```")) {
                if (!line.isBlank()) {
                    reason = line.startsWith(NOT_RUN) ? line.substring(NOT_RUN.length()) : null;
                    beyond = -1;
                }
                continue;
            }
            int end = at + 1;
            while (!lines.get(end).startsWith("```")) {
                end++;
            }
            String code = String.join("\n", lines.subList(at + 1, end)) + "\n";
            String language = line.substring(3);
            if (language.equals("text") && beyond >= 0 && !blocks.isEmpty()) {
                Block before = blocks.remove(blocks.size() - 1);
                blocks.add(new Block(before.line(), before.language(), before.code(), at + 1, code, before.notRun()));
            } else {
                blocks.add(new Block(at + 1, language, code, 0, null, reason));
            }
            beyond = at;
            reason = null;
            at = end;
        }
        return blocks;
    }

    /** Where links lead, as they stand there; what is code has none. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        for (String line : prose()) {
            Matcher link = LINK.matcher(SPAN.matcher(line).replaceAll("`code`"));
            while (link.find()) {
                links.add(link.group(1));
            }
        }
        return links;
    }

    /** What a link may name behind {@code #}: headings as GitHub and MkDocs call them, and anchors of HTML. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> times = new HashMap<>();
        for (String line : prose()) {
            Matcher anchor = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"").matcher(line);
            while (anchor.find()) {
                anchors.add(anchor.group(1));
            }
            if (line.matches("#{1,6} .*")) {
                String slug = line.replaceFirst("^#+ ", "")
                        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                        .replace(' ', '-');
                int before = times.merge(slug, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? slug : slug + "-" + before);
            }
        }
        return anchors;
    }

    private List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines) {
            if (line.strip().startsWith("```")) {
                fenced = !fenced;
            } else if (!fenced) {
                prose.add(line);
            }
        }
        return prose;
    }
}
