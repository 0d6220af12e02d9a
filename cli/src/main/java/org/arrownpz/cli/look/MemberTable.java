package org.arrownpz.cli.look;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.Bars;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Width;
import org.arrownpz.cli.file.MemberInfo;
import org.arrownpz.cli.print.Grid;

/** The members of a file, one a line, or one line for each kind of them where they are many. */
final class MemberTable {
    /** More members than this are summed up. */
    private static final int MOST_MEMBERS = 40;

    /** More kinds than this are summed up in one line. */
    private static final int MOST_KINDS = 20;

    private static final int MAX_TEXT = 200;
    private static final List<String> HEADER = List.of("member", "type", "shape", "size", "", "read as");
    private static final int BAR = 8;
    private static final int LEAST_READ = 4;

    /** The least room for a reason; with less, it is left to the lines below. */
    private static final int LEAST_REASON = 16;

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

        Stream<String> cells() {
            String what = name.isEmpty() ? Figures.count(count, type.isEmpty() ? "member" : "array") : name;
            return Stream.of(what, type, shape, Figures.bytes(size));
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

    /** Prints the table, and tells whether reasons are cut in it. */
    boolean print() throws IOException {
        if (lines.isEmpty()) {
            return false;
        }
        List<String> header = new ArrayList<>(HEADER);
        header.set(0, summed ? "kind" : header.get(0));
        List<Grid.Column> columns = new ArrayList<>();
        header.forEach(name -> columns.add(new Grid.Column(name, null, name.equals("size"))));
        long most = lines.stream().mapToLong(line -> line.size).max().orElse(0);
        int rest = rest(header);
        boolean cut = false;
        Grid grid = new Grid(console, columns, 1);
        for (Line line : lines) {
            Ink ink = ink(line.first);
            String whole = readAs(line.first);
            int colon = rest < LEAST_REASON && Width.of(whole) > rest ? whole.indexOf(':') : -1;
            String read = Width.cut(colon < 0 ? whole : whole.substring(0, colon), rest);
            cut |= !read.equals(whole);
            List<Grid.Cell> cells =
                    new ArrayList<>(line.cells().map(Grid.Cell::of).toList());
            cells.add(new Grid.Cell(Bars.bar((double) line.size / Math.max(1, most), BAR), ink));
            cells.add(new Grid.Cell(read, ink));
            grid.add(cells.toArray(Grid.Cell[]::new));
        }
        grid.print();
        if (hidden > 0) {
            console.print("… and " + Figures.count(hidden, "more kind") + "\n");
        }
        return cut;
    }

    /** The room that the cells of a line leave for the way that it is read. */
    private int rest(List<String> header) {
        int[] widths = new int[HEADER.size() - 2];
        Arrays.setAll(widths, i -> header.get(i).length());
        for (Line line : lines) {
            List<String> cells = line.cells().toList();
            Arrays.setAll(widths, i -> Math.max(widths[i], Math.min(Grid.MAX_CELL, Width.of(cells.get(i)))));
        }
        int room =
                console.width() - IntStream.of(widths).map(width -> width + 2).sum() - BAR - 2;
        return Math.max(LEAST_READ, Math.min(Grid.MAX_CELL, room));
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
