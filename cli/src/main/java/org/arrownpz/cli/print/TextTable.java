package org.arrownpz.cli.print;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.arrownpz.cli.console.Width;

/** An aligned table for people, of any width, whose rows are all added before it is taken. Its cells are safe already. */
public final class TextTable {
    static final String GAP = "  ";

    private final List<String> header;
    private final BitSet numbers;
    private final List<String[]> rows = new ArrayList<>();

    private TextTable(List<String> header, BitSet numbers) {
        this.header = header;
        this.numbers = numbers;
    }

    /**
     * A table.
     *
     * @param header the columns' names
     * @param numbers the names of the columns whose cells stand at the right
     */
    public static TextTable of(List<String> header, Set<String> numbers) {
        BitSet positions = new BitSet();
        for (int i = 0; i < header.size(); i++) {
            positions.set(i, numbers.contains(header.get(i)));
        }
        return new TextTable(header, positions);
    }

    /** Adds a row, with a cell for each column. */
    public void add(String... cells) {
        rows.add(cells);
    }

    /** The lines, each with its line end. */
    public String take() {
        return take(Integer.MAX_VALUE, List.of());
    }

    /**
     * The lines, each with its line end, of a width; a last one names the columns that find no room.
     *
     * @param least columns, by name, that can be left out, the first ones first
     */
    public String take(int width, List<String> least) {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Width.of(header.get(i));
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], Width.of(row[i]));
            }
        }
        List<String> left = new ArrayList<>();
        for (String name : least) {
            if (Arrays.stream(widths)
                                    .filter(w -> w >= 0)
                                    .mapToLong(w -> w + GAP.length())
                                    .sum()
                            - GAP.length()
                    > width) {
                left.add(name);
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = header.get(i).equals(name) ? -1 : widths[i];
                }
            }
        }
        StringBuilder text = new StringBuilder();
        line(header.toArray(String[]::new), widths, text);
        rows.forEach(row -> line(row, widths, text));
        rows.clear();
        return left.isEmpty() ? text.toString() : text + "no room for " + String.join("; ", left) + "\n";
    }

    private void line(String[] cells, int[] widths, StringBuilder text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] >= 0) {
                line.append(i == 0 ? "" : GAP).append(Width.pad(cells[i], widths[i], numbers.get(i)));
            }
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
