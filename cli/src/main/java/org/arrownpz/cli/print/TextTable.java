package org.arrownpz.cli.print;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** An aligned table for people. Its cells are safe for terminals already. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<String> header;
    private final BitSet numbers;
    private final int maxWidth;
    private final List<String[]> rows = new ArrayList<>();
    private int[] widths = {};

    /**
     * A table.
     *
     * @param header the columns' names
     * @param numbers the positions of the columns whose cells stand at the right
     * @param maxWidth characters of a line: columns that do not fit are left out, but never the first
     */
    TextTable(List<String> header, BitSet numbers, int maxWidth) {
        this.header = header;
        this.numbers = numbers;
        this.maxWidth = maxWidth;
    }

    /** A table of any width whose rows are all added before it is taken. */
    public static TextTable of(List<String> header, Set<String> numbers) {
        BitSet positions = new BitSet();
        for (int i = 0; i < header.size(); i++) {
            positions.set(i, numbers.contains(header.get(i)));
        }
        return new TextTable(header, positions, Integer.MAX_VALUE);
    }

    /** Adds a row: at least as many cells as columns are {@linkplain #shown() shown}. */
    public void add(String... cells) {
        rows.add(cells);
    }

    /** The rows that were added since the last {@link #take()}. */
    int pending() {
        return rows.size();
    }

    /** The columns that lines have; before the first {@link #take()}, the most that may fit. */
    int shown() {
        return widths.length > 0 ? widths.length : Math.min(header.size(), maxWidth);
    }

    /** The lines of the pending rows, each with its line end. Widths follow from the first rows taken. */
    public String take() {
        StringBuilder text = new StringBuilder();
        if (widths.length == 0) {
            widths = fitting();
            line(header.toArray(String[]::new), text);
        }
        for (String[] row : rows) {
            line(row, text);
        }
        rows.clear();
        return text.toString();
    }

    private int[] fitting() {
        int[] all = new int[shown()];
        int count = 0;
        long used = 0;
        for (int i = 0; i < all.length; i++) {
            all[i] = length(header.get(i));
            for (String[] row : rows) {
                all[i] = Math.max(all[i], length(row[i]));
            }
            used += all[i] + (i == 0 ? 0 : GAP.length());
            if (used > maxWidth && i > 0) {
                break;
            }
            count++;
        }
        return Arrays.copyOf(all, count);
    }

    private void line(String[] cells, StringBuilder text) {
        if (widths.length == 0) {
            return;
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - length(cells[i])));
            line.append(i == 0 ? "" : GAP);
            line.append(numbers.get(i) ? padding + cells[i] : cells[i] + padding);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
