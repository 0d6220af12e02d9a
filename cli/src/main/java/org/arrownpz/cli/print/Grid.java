package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Width;
import org.jspecify.annotations.Nullable;

/**
 * A table that fits its terminal: columns that find no room are left out of the middle, and cells are cut only where one
 * column alone is too wide. Its cells are safe for terminals already, and have no colours of their own.
 */
public final class Grid {
    private static final String GAP = TextTable.GAP;
    private static final String ELLIPSIS = "…";
    /** No column is wider while it shares the line with others. */
    public static final int MAX_CELL = 40;

    /**
     * A column.
     *
     * @param name its name
     * @param type what stands under the name, or null for a table without such a line
     * @param right whether its cells stand at the right
     */
    public record Column(String name, @Nullable String type, boolean right) {}

    /**
     * A cell.
     *
     * @param text what it says
     * @param ink its colour
     */
    public record Cell(String text, Ink ink) {
        public static Cell of(String text) {
            return new Cell(text, Ink.PLAIN);
        }
    }

    private final Console console;
    private final List<Column> columns;
    private final int levels;
    private final List<Cell @Nullable []> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param levels how many of the first columns are left out last: those that say what a row is
     */
    public Grid(Console console, List<Column> columns, int levels) {
        this.console = console;
        this.columns = columns;
        this.levels = levels;
    }

    /** Adds a row, with a cell for each column. */
    public void add(Cell... cells) {
        rows.add(cells);
    }

    /** Adds a line that stands for rows that are left out. */
    public void addGap() {
        rows.add(null);
    }

    /** Prints the table; returns how many of the columns it shows. */
    public int print() throws IOException {
        int[] widths = widths();
        int[] shown = fitting(widths);
        StringBuilder text = new StringBuilder();
        boolean types = columns.stream().anyMatch(column -> column.type() != null);
        line(shown, widths, position -> new Cell(columns.get(position).name(), Ink.BOLD), text);
        if (types) {
            line(shown, widths, position -> new Cell(type(position), Ink.DIM), text);
        }
        line(shown, widths, position -> new Cell("─".repeat(widths[position]), Ink.DIM), text);
        for (Cell[] row : rows) {
            if (row == null) {
                line(shown, widths, position -> new Cell("⋮", Ink.DIM), text);
            } else {
                line(shown, widths, position -> row[position], text);
            }
        }
        rows.clear();
        console.print(text.toString());
        return (int) IntStream.of(shown).filter(position -> position >= 0).count();
    }

    private String type(int position) {
        String type = columns.get(position).type();
        return type == null ? "" : type;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        int most = columns.size() == 1 ? console.width() : Math.min(MAX_CELL, console.width());
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(Width.of(columns.get(i).name()), Width.of(type(i)));
            for (Cell[] row : rows) {
                widths[i] = row == null ? widths[i] : Math.max(widths[i], Width.of(row[i].text()));
            }
            widths[i] = Math.max(1, Math.min(most, widths[i]));
        }
        return widths;
    }

    /** The positions of the columns that fit; -1 stands for those left out of the middle. */
    private int[] fitting(int[] widths) {
        long all = IntStream.of(widths).asLongStream().sum() + (long) (widths.length - 1) * GAP.length();
        List<Integer> left = new ArrayList<>();
        List<Integer> right = new ArrayList<>();
        long room = console.width() - (all <= console.width() ? 0 : GAP.length() + ELLIPSIS.length());
        long used = -GAP.length();
        int next = 0;
        int last = widths.length - 1;
        while (next <= last) {
            boolean atLeft = next < levels || left.size() - levels <= right.size();
            long free = left.isEmpty() ? Long.MAX_VALUE : room - used - GAP.length();
            if (widths[atLeft ? next : last] > free) {
                atLeft = !atLeft;
            }
            int width = widths[atLeft ? next : last];
            if (width > free) {
                break;
            }
            used += width + GAP.length();
            if (atLeft) {
                left.add(next++);
            } else {
                right.add(0, last--);
            }
        }
        if (next <= last) {
            left.add(-1);
        }
        left.addAll(right);
        return left.stream().mapToInt(Integer::intValue).toArray();
    }

    private void line(int[] shown, int[] widths, IntFunction<Cell> cells, StringBuilder text) {
        StringBuilder line = new StringBuilder();
        int blanks = 0;
        for (int position : shown) {
            Cell cell = position < 0 ? new Cell(ELLIPSIS, Ink.DIM) : cells.apply(position);
            int width = position < 0 ? 1 : widths[position];
            String content = Width.cut(cell.text(), width);
            int free = width - Width.of(content);
            boolean right = position >= 0 && columns.get(position).right();
            if (right) {
                blanks += free;
                free = 0;
            }
            if (!content.isEmpty()) {
                line.append(" ".repeat(blanks)).append(cell.ink().on(console, content));
                blanks = 0;
            }
            blanks += free + GAP.length();
        }
        text.append(line).append('\n');
    }
}
