package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.Cells;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.cell.TextSink;
import org.arrownpz.cli.cell.TypeName;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;

/** Rows as a table on a terminal: the first and the last ones, of the columns that fit. */
final class TableRows {
    private final Console console;
    private final List<Field> fields;
    private final int[] positions;
    private final int levels;
    private final long first;
    private final long last;
    private final List<Grid.Cell[]> head = new ArrayList<>();
    private final Deque<Grid.Cell[]> tail = new ArrayDeque<>();
    private final TextSink sink;
    private long seen;

    /**
     * A table without rows.
     *
     * @param levels how many of the fields are levels of an index
     * @param limit the most rows shown
     */
    TableRows(Console console, List<Field> fields, int levels, long limit) {
        this.console = console;
        this.fields = fields;
        this.positions = candidates(fields.size(), levels, console.width());
        this.levels = Math.min(levels, positions.length);
        this.last = limit / 2;
        this.first = limit - last;
        this.sink = new TextSink(fields.size() == 1 ? Math.max(Grid.MAX_CELL, console.width()) : Grid.MAX_CELL);
    }

    /** The columns at both ends that might find room: one takes three places at least, with the gap. */
    private static int[] candidates(int count, int levels, int width) {
        int side = width / 3 + 1;
        int left = Math.min(count, Math.min(levels, side) + side);
        int right = Math.min(count - left, side);
        int[] positions = new int[left + right];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i < left ? i : count - right + (i - left);
        }
        return positions;
    }

    /** The columns that may be shown; others need not be read. */
    int[] positions() {
        return positions;
    }

    /**
     * Takes rows of a batch.
     *
     * @param vectors those of the {@link #positions()}
     */
    void take(FieldVector[] vectors, DictionaryProvider dictionaries, int from, int to) throws IOException {
        Cells factory = new Cells(dictionaries);
        Cell[] cells = new Cell[vectors.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = factory.of(vectors[i]);
        }
        int row = from;
        for (; row < to && head.size() < first; row++) {
            head.add(texts(vectors, cells, row));
        }
        for (row = (int) Math.max(row, to - last); row < to; row++) {
            tail.add(texts(vectors, cells, row));
            if (tail.size() > last) {
                tail.remove();
            }
        }
        seen += to - from;
    }

    private Grid.Cell[] texts(FieldVector[] vectors, Cell[] cells, int row) throws IOException {
        Grid.Cell[] texts = new Grid.Cell[cells.length];
        for (int i = 0; i < texts.length; i++) {
            cells[i].write(row, sink);
            String text = sink.take();
            texts[i] = new Grid.Cell(text, text.equals("null") && vectors[i].isNull(row) ? Ink.DIM : Ink.PLAIN);
        }
        return texts;
    }

    /**
     * Prints what was taken.
     *
     * @param total the rows that there are; -1 for those that were taken
     */
    void print(long total) throws IOException {
        List<Grid.Column> columns = new ArrayList<>(positions.length);
        for (int position : positions) {
            Field field = fields.get(position);
            columns.add(new Grid.Column(
                    SafeText.escape(field.getName(), Grid.MAX_CELL),
                    SafeText.escape(TypeName.of(field), Grid.MAX_CELL),
                    TypeName.isNumber(field)));
        }
        Grid grid = new Grid(console, columns, levels);
        head.forEach(grid::add);
        if (seen > head.size() + tail.size()) {
            grid.addGap();
        }
        tail.forEach(grid::add);
        int shown = fields.isEmpty() ? 0 : grid.print();
        String footer = part(head.size() + tail.size(), total < 0 ? seen : total, "row") + ", "
                + part(shown, fields.size(), "column");
        console.print(Ink.DIM.on(console, footer) + "\n");
    }

    private static String part(long shown, long all, String noun) {
        return (shown == all ? "" : Figures.count(shown) + " of ") + Figures.count(all, noun);
    }
}
