package org.arrownpz.sql.internal;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.SafeText;

/** The place that DuckDB's message points at, in the statement as its user wrote it. */
final class Excerpt {
    private static final Pattern LINE = Pattern.compile("\nLINE (\\d{1,6}): ([^\n]*)\n( *)\\^", Pattern.MULTILINE);
    private static final String CUT = "...";
    /** Characters of the line that are shown on each side of the place. */
    private static final int AROUND = 60;

    private Excerpt() {}

    /**
     * The line and a caret below; empty where the message points at nothing.
     *
     * @param text the statement as it was written, which DuckDB saw with names in place of files
     */
    static String of(String message, SqlText text) {
        Matcher line = LINE.matcher(message);
        if (!line.find()) {
            return "";
        }
        int number = Integer.parseInt(line.group(1));
        int column = line.group(3).length() - ("LINE " + number + ": ").length();
        int place = place(text.withFiles(SqlText.TABLES), number, line.group(2), column);
        return place < 0 ? "" : at(text.statement(), written(text, place));
    }

    /**
     * The place that DuckDB's parser tells; empty where it tells none.
     *
     * @param start where what it read begins
     * @param bytes the place after that, in bytes of UTF-8
     */
    static String of(SqlText text, int start, String bytes) {
        if (!bytes.matches("[0-9]{1,9}")) {
            return "";
        }
        byte[] read = text.withFiles(SqlText.TABLES).substring(start).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(read.length, Integer.parseInt(bytes));
        int place = start + new String(read, 0, length, StandardCharsets.UTF_8).length();
        return at(text.statement(), written(text, place));
    }

    /** The place in what DuckDB ran of a column of an excerpt of a line, cut at its ends where it is long; or -1. */
    private static int place(String run, int line, String excerpt, int column) {
        int from = 0;
        for (int i = 1; i < line; i++) {
            from = run.indexOf('\n', from) + 1;
            if (from == 0) {
                return -1;
            }
        }
        boolean later = excerpt.startsWith(CUT);
        String part = later ? excerpt.substring(CUT.length()) : excerpt;
        part = part.endsWith(CUT) ? part.substring(0, part.length() - CUT.length()) : part;
        int found = run.indexOf(part, from);
        int place = found + column - (later ? CUT.length() : 0);
        return found < 0 || place < 0 || place > run.length() ? -1 : place;
    }

    /** The place in the statement as it was written; of what stands for a file, that of the file. */
    private static int written(SqlText text, int place) {
        int shift = 0;
        for (SqlText.Replacement file : text.replacements(SqlText.TABLES)) {
            int start = file.start() + shift;
            int length = file.text().length();
            if (place < start) {
                break;
            }
            if (place < start + length) {
                return file.start();
            }
            shift += length - (file.end() - file.start());
        }
        return Math.max(0, Math.min(text.statement().length(), place - shift));
    }

    /** Shows a place of a statement. */
    static String at(String statement, int place) {
        int from = statement.lastIndexOf('\n', place - 1) + 1;
        int end = statement.indexOf('\n', place);
        int to = end < 0 ? statement.length() : end;
        long number =
                1 + statement.substring(0, from).chars().filter(c -> c == '\n').count();
        int first = Math.max(from, place - AROUND);
        int last = Math.min(to, place + AROUND);
        String head = "LINE " + number + ": " + (first > from ? CUT : "");
        String before = shown(statement.substring(first, place));
        return head + before + shown(statement.substring(place, last)) + (last < to ? CUT : "") + "\n"
                + " ".repeat(head.length() + before.length()) + "^";
    }

    private static String shown(String part) {
        return SafeText.escape(part.replace('\t', ' '), 4 * AROUND);
    }
}
