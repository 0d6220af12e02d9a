package org.arrownpz.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of {@code docs/jvm.md} that tests compare: the table, the sentences that it refers to, and Arrow's own words. */
final class JvmDocument {
    private static final Path PATH = Path.of("..", "..", "docs", "jvm.md");
    private static final String REFUSED = "no: ";

    private final String text;
    /** By the first cells of a row. */
    private final Map<String, List<String>> rows = new LinkedHashMap<>();

    private final List<String> sentences = new ArrayList<>();

    private JvmDocument(String text) {
        this.text = text;
    }

    static JvmDocument read() throws IOException {
        JvmDocument document = new JvmDocument(Files.readString(PATH));
        document.part("table").lines().skip(2).forEach(document::row);
        document.part("sentences").lines().forEach(document::sentence);
        return document;
    }

    private void row(String line) {
        String[] cells = line.split("\\|", -1);
        String title = "|" + String.join("|", List.of(cells).subList(1, 5)) + "|";
        rows.put(
                title,
                List.of(cells).subList(5, cells.length - 1).stream()
                        .map(String::strip)
                        .toList());
    }

    private void sentence(String line) {
        sentences.add(line.substring(line.indexOf('`') + 1, line.lastIndexOf('`')));
    }

    /** What a cell says, with the sentence in place of its number. */
    String cell(Flags flags, Jars jars) {
        List<String> row = rows.get(flags.title());
        if (row == null) {
            return "no row " + flags.title();
        }
        String cell = row.get(Jars.COLUMNS.indexOf(jars));
        return cell.startsWith(REFUSED) ? sentences.get(Integer.parseInt(cell.substring(REFUSED.length())) - 1) : cell;
    }

    String words() {
        return part("words");
    }

    String text() {
        return text;
    }

    /** Puts in what was observed. */
    static void write(Map<Flags, List<String>> observed, String words) throws IOException {
        StringBuilder table = new StringBuilder("| JDK | `--add-opens` | Unsafe | native access |");
        Jars.COLUMNS.forEach(jars -> table.append(' ').append(jars.title).append(" |"));
        table.append('\n').append("| --- ".repeat(4 + Jars.COLUMNS.size())).append("|\n");
        List<String> sentences = new ArrayList<>();
        observed.forEach((flags, cells) -> {
            table.append(flags.title());
            for (String cell : cells) {
                table.append(' ').append(shortened(cell, sentences)).append(" |");
            }
            table.append('\n');
        });
        StringBuilder list = new StringBuilder();
        for (String sentence : sentences) {
            list.append(list.isEmpty() ? 1 : 1 + sentences.indexOf(sentence))
                    .append(". `")
                    .append(sentence)
                    .append("`\n");
        }
        String text = Files.readString(PATH);
        text = with(text, "table", table.toString());
        text = with(text, "sentences", list.toString());
        Files.writeString(PATH, with(text, "words", words));
    }

    private static String shortened(String cell, List<String> sentences) {
        if (cell.equals("works") || cell.startsWith("warns")) {
            return cell;
        }
        if (!sentences.contains(cell)) {
            sentences.add(cell);
        }
        return REFUSED + (1 + sentences.indexOf(cell));
    }

    private String part(String name) {
        return text.substring(start(text, name), text.indexOf(end(name)));
    }

    private static String with(String text, String name, String content) {
        return text.substring(0, start(text, name)) + content + text.substring(text.indexOf(end(name)));
    }

    private static int start(String text, String name) {
        String mark = "<!-- " + name + " -->\n";
        return text.indexOf(mark) + mark.length();
    }

    private static String end(String name) {
        return "<!-- end of " + name + " -->";
    }
}
