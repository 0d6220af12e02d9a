package org.arrownpz.cli;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Draws commands of a recorded session, with what they printed and its colours, as a picture for documents. */
final class SessionPicture {
    private static final Pattern COLOR = Pattern.compile("␛\\[(\\d+)m([^␛]*)");
    private static final Map<String, String> STYLES = Map.of(
            "1",
            "font-weight=\"bold\"",
            "2",
            "fill=\"#8b949e\"",
            "32",
            "fill=\"#7ee787\"",
            "33",
            "fill=\"#e3b341\"",
            "36",
            "fill=\"#79c0ff\"");

    private SessionPicture() {}

    /** Gives SVG of those commands, one under the other. */
    static String draw(String recording, List<String> commands) {
        StringBuilder text = new StringBuilder();
        int y = 8;
        for (String command : commands) {
            String shown = recording
                    .split(Pattern.quote("$ arrow-npz " + command + "\n"), 2)[1]
                    .split("\n\\$ ", 2)[0];
            for (String line : ("$ arrow-npz " + command + "\n" + shown.stripTrailing()).split("\n")) {
                y += 18;
                text.append("<text x=\"14\" y=\"")
                        .append(y)
                        .append("\">")
                        .append(spans(line))
                        .append("</text>\n");
            }
            y += 10;
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="680" height="%1$d" viewBox="0 0 680 %1$d">
                <rect width="680" height="%1$d" rx="8" fill="#0d1117"/>
                <g font-family="ui-monospace,Menlo,Consolas,monospace" font-size="13" fill="#e6edf3">
                %2$s</g>
                </svg>
                """.formatted(y + 6, text);
    }

    private static String spans(String line) {
        StringBuilder spans = new StringBuilder();
        Matcher color = COLOR.matcher("␛[0m" + line);
        while (color.find()) {
            String words = color.group(2)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace(' ', '\u00a0');
            String style = STYLES.get(color.group(1));
            spans.append(style == null ? words : "<tspan " + style + ">" + words + "</tspan>");
        }
        return spans.toString();
    }
}
