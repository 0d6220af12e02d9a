package org.arrownpz.cli.print;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.arrownpz.cli.console.Width;

/** An aligned table for people, of any width, whose rows are all added before it is taken. Its cells are safe already. */
public final class TextTable {
    static final String GAP = "  ";

    private final List<String> header;
    private final Set<String> numbers;
    private final List<String[]> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param header the columns' names
     * @param numbers the names of the columns whose cells stand at the right
     */
    public TextTable(List<String> header, Set<String> numbers) {
        this.header = header;
        this.numbers = numbers;
        add(header.toArray(String[]::new));
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
        // 0 for a column that is left out.
        int[] widths = new int[header.size()];
        rows.forEach(row ->
                IntStream.range(0, widths.length).forEach(i -> widths[i] = Math.max(widths[i], Width.of(row[i]))));
        List<String> left = new ArrayList<>();
        for (String name : least) {
            int all =
                    IntStream.of(widths).map(w -> w == 0 ? 0 : w + GAP.length()).sum();
            if (all - GAP.length() > width) {
                left.add(name);
                IntStream.range(0, widths.length)
                        .filter(i -> header.get(i).equals(name))
                        .forEach(i -> widths[i] = 0);
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                if (widths[i] > 0) {
                    line.append(i == 0 ? "" : GAP)
                            .append(Width.pad(row[i], widths[i], numbers.contains(header.get(i))));
                }
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return left.isEmpty() ? text.toString() : text + "no room for " + String.join("; ", left) + "\n";
    }
}
