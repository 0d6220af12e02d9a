package org.arrownpz.cli.console;

/** Folds lines that are wider than a terminal between words, so that it does not break them anywhere. */
final class Fold {
    private Fold() {}

    /** The text, none of whose lines is wider; what follows in a line is indented by two more than its beginning. */
    static String lines(String text, int width) {
        StringBuilder folded = new StringBuilder(text.length());
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end + 1;
            line(text.substring(start, end), width, folded);
            start = end;
        }
        return folded.toString();
    }

    private static void line(String line, int width, StringBuilder folded) {
        if (line.length() <= width || Width.of(line.stripTrailing()) <= width) {
            folded.append(line);
            return;
        }
        int indent = 0;
        while (indent < line.length() && line.charAt(indent) == ' ') {
            indent++;
        }
        String hanging = " ".repeat(Math.min(indent + 2, width / 2));
        int start = 0;
        String lead = "";
        while (Width.of(line.substring(start).stripTrailing()) > width - lead.length()) {
            int end = Width.end(line, start, width - lead.length());
            int blank = line.lastIndexOf(' ', end);
            int cut = blank > start + indent ? blank : end;
            folded.append(lead)
                    .append(line.substring(start, cut).stripTrailing())
                    .append('\n');
            start = cut;
            while (start < line.length() && line.charAt(start) == ' ') {
                start++;
            }
            lead = hanging;
            indent = 0;
        }
        folded.append(lead).append(line, start, line.length());
    }
}
