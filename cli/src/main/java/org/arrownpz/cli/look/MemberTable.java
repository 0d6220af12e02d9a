package org.arrownpz.cli.look;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.Bars;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Width;
import org.arrownpz.cli.file.MemberInfo;

/** The members of a file, one a line, or one line for each kind of them where they are many. */
final class MemberTable {
    /** More members than this are summed up. */
    private static final int MOST_MEMBERS = 40;

    /** More kinds than this are summed up in one line. */
    private static final int MOST_KINDS = 20;

    private static final int MAX_TEXT = 200;
    private static final String[] HEADER = {"member", "type", "shape", "size"};
    /** The least widths of columns. */
    private static final int[] LEAST = {8, 4, 5, 7};

    private static final int LEAST_READ = 7;
    private static final int BAR = 10;
    private static final int LEAST_BAR = 4;
    private static final int LEAST_WITH_BAR = 50;

    /** The least room for a reason; with less, it is left to the lines below. */
    private static final int LEAST_REASON = 16;

    private static final String INDENT = "  ";
    private static final String GAP = "  ";

    /** A line of the table. */
    private static final class Line {
        final String name;
        final String type;
        String shape;
        final MemberInfo first;
        long size;
        long count;

        Line(String name, String type, MemberInfo first) {
            this.name = name;
            this.type = type;
            this.shape = shape(first);
            this.first = first;
        }

        void add(MemberInfo member) {
            size += member.member().size();
            count++;
            if (!shape.equals(shape(member))) {
                shape = "various";
            }
        }

        String[] cells() {
            String what = name.isEmpty() ? Figures.count(count, type.isEmpty() ? "member" : "array") : name;
            return new String[] {what, type, shape, Figures.bytes(size)};
        }

        private static String shape(MemberInfo member) {
            return member.member().header() == null
                    ? ""
                    : member.member().header().shape().toString();
        }
    }

    private final Console console;
    private final List<Line> lines = new ArrayList<>();
    private final boolean summed;
    private int hidden;
    private boolean cut;

    MemberTable(Console console, List<MemberInfo> members) {
        this.console = console;
        this.summed = members.size() > MOST_MEMBERS;
        Map<String, Line> kinds = new LinkedHashMap<>();
        for (MemberInfo member : members) {
            String dtype = member.dtype();
            String type = dtype == null ? "" : SafeText.escape(dtype, MAX_TEXT);
            if (summed) {
                String kind = type + '\n' + member.method() + '\n' + member.reason();
                kinds.computeIfAbsent(kind, key -> new Line("", type, member)).add(member);
            } else {
                Line line = new Line(SafeText.escape(member.member().name(), MAX_TEXT), type, member);
                line.add(member);
                lines.add(line);
            }
        }
        if (summed) {
            lines.addAll(kinds.values());
            lines.sort((a, b) -> Long.compare(b.size, a.size));
            hidden = Math.max(0, lines.size() - MOST_KINDS);
            lines.subList(lines.size() - hidden, lines.size()).clear();
        }
    }

    String text() {
        if (lines.isEmpty()) {
            return "";
        }
        List<String[]> rows = new ArrayList<>();
        long most = 1;
        for (Line line : lines) {
            rows.add(line.cells());
            most = Math.max(most, line.size);
        }
        int[] widths = widths(rows);
        int used = INDENT.length() + IntStream.of(widths).sum() + widths.length * GAP.length();
        int reads = LEAST_READ;
        for (Line line : lines) {
            reads = Math.max(reads, Width.of(readAs(line.first)));
        }
        // Reasons need the room more than bars do, but find all of it seldom.
        int room = console.width() - used - GAP.length();
        int bar = Math.min(BAR, Math.max(room - reads, Math.min(LEAST_BAR, room - LEAST_READ)));
        bar = bar < LEAST_BAR ? 0 : bar;
        int rest = Math.max(1, console.width() - used - (bar == 0 ? 0 : bar + GAP.length()));
        StringBuilder text = new StringBuilder();
        String[] header = HEADER.clone();
        header[0] = summed ? "kind" : header[0];
        row(header, widths, Ink.BOLD, text);
        text.append(" ".repeat(bar == 0 ? 0 : bar + GAP.length()))
                .append(Ink.BOLD.on(console, Width.cut("read as", rest)))
                .append('\n');
        for (int i = 0; i < rows.size(); i++) {
            Line line = lines.get(i);
            row(rows.get(i), widths, Ink.PLAIN, text);
            end(line, bar, (double) line.size / most, rest, text);
        }
        if (hidden > 0) {
            text.append(INDENT)
                    .append("… and ")
                    .append(Figures.count(hidden, "more kind"))
                    .append('\n');
        }
        return text.toString();
    }

    /** Whether a reason found no room. */
    boolean isCut() {
        return cut;
    }

    private int[] widths(List<String[]> rows) {
        int[] widths = new int[HEADER.length];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Width.of(HEADER[i]);
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], Math.min(console.width(), Width.of(row[i])));
            }
        }
        int room = console.width() - INDENT.length() - HEADER.length * GAP.length() - LEAST_READ;
        room -= console.width() < LEAST_WITH_BAR ? 0 : LEAST_BAR + GAP.length();
        while (IntStream.of(widths).sum() > room) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (widths[i] > LEAST[i] && (widest < 0 || widths[i] - LEAST[i] > widths[widest] - LEAST[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private void row(String[] cells, int[] widths, Ink ink, StringBuilder text) {
        text.append(INDENT);
        for (int i = 0; i < widths.length; i++) {
            String cell = Width.pad(Width.cut(cells[i], widths[i]), widths[i], i == widths.length - 1);
            text.append(ink.on(console, cell)).append(GAP);
        }
    }

    private void end(Line line, int bar, double share, int rest, StringBuilder text) {
        Ink ink = ink(line.first);
        if (bar > 0) {
            String blocks = Bars.bar(share, bar);
            text.append(ink.on(console, blocks))
                    .append(" ".repeat(bar - Width.of(blocks)))
                    .append(GAP);
        }
        String whole = readAs(line.first);
        int colon = rest < LEAST_REASON && Width.of(whole) > rest ? whole.indexOf(':') : -1;
        String read = Width.cut(colon < 0 ? whole : whole.substring(0, colon), rest);
        cut |= !read.equals(whole);
        text.append(ink.on(console, read));
        while (text.charAt(text.length() - 1) == ' ') {
            text.setLength(text.length() - 1);
        }
        text.append('\n');
    }

    /** Green what is viewed, yellow what is copied, red what is refused. */
    static Ink ink(MemberInfo member) {
        if (member.member().header() == null) {
            return member.reason() == null ? Ink.PLAIN : Ink.RED;
        }
        return member.reason() == null ? Ink.GREEN : Ink.YELLOW;
    }

    private static String readAs(MemberInfo member) {
        String reason = member.reason();
        boolean array = member.member().header() != null;
        return reason != null
                ? SafeText.escape((array ? "copy: " : "refused: ") + reason, MAX_TEXT)
                : array ? "view" : "";
    }
}
