package org.arrownpz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A small table for people; cells are safe for terminals already. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final Set<String> numbers;

    /**
     * @param header the columns' names
     * @param numbers the columns whose cells stand at the right
     */
    TextTable(List<String> header, Set<String> numbers) {
        this.rows.add(header);
        this.numbers = numbers;
    }

    void add(List<String> cells) {
        rows.add(cells);
    }

    @Override
    public String toString() {
        List<String> header = rows.get(0);
        int[] widths = new int[header.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - length(row.get(i)));
                line.append(i == 0 ? "" : GAP);
                line.append(numbers.contains(header.get(i)) ? padding + row.get(i) : row.get(i) + padding);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
