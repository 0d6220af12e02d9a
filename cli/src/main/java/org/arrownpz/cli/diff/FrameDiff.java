package org.arrownpz.cli.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.Cells;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.cell.TypeName.TypeText;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/** Compares two frames: names, labels, types, metadata, and the values of columns of one name and type. */
public final class FrameDiff {
    /** Values that are compared as bytes before they are looked at row by row. */
    private static final int CHUNK = 4096;

    private final Frame a;
    private final Frame b;
    private final int shown;
    private final int batchRows;
    private final Equality equality;
    private final List<Difference> differences = new ArrayList<>();

    /** A column of both frames, its places, and its rows that differ so far. */
    private static final class Column {
        final String name;
        final int a;
        final int b;
        long rows;
        final List<Difference.Row> first = new ArrayList<>();

        Column(String name, int a, int b) {
            this.name = name;
            this.a = a;
            this.b = b;
        }
    }

    /**
     * @param values which floats are equal
     * @param shown how many rows that differ are told for each column
     * @param batchRows the rows of a batch where a frame is too long for one root
     */
    public FrameDiff(Frame a, Frame b, ArrayDiff values, int shown, int batchRows) throws NpzException {
        this.a = a;
        this.b = b;
        this.shown = shown;
        this.batchRows = batchRows;
        this.equality = new Equality(a.dictionaries(), b.dictionaries(), values);
    }

    /**
     * Compares; returns the differences, those of values last.
     *
     * @param progress is told the names of columns as they are compared
     */
    public List<Difference> compare(Consumer<String> progress) throws IOException {
        new FrameShapes(differences::add).compare(a, b);
        List<Column> common = common();
        if (!common.isEmpty()) {
            try (ArrowReader left = a.reader(batchRows);
                    ArrowReader right = b.reader(batchRows)) {
                long start = 0;
                while (left.loadNextBatch() && right.loadNextBatch()) {
                    int rows = Math.min(
                            left.getVectorSchemaRoot().getRowCount(),
                            right.getVectorSchemaRoot().getRowCount());
                    for (Column column : common) {
                        progress.accept(column.name);
                        FieldVector vector = left.getVectorSchemaRoot().getVector(column.a);
                        compare(vector, right.getVectorSchemaRoot().getVector(column.b), rows, start, column);
                    }
                    start += rows;
                }
            }
        }
        for (Column column : common) {
            if (column.rows > 0) {
                differences.add(
                        new Difference("values", column.name, null, null, column.rows, List.copyOf(column.first)));
            }
        }
        return List.copyOf(differences);
    }

    /** The columns of both frames whose types are the same. */
    private List<Column> common() throws NpzException {
        Map<String, Integer> places = new HashMap<>();
        List<Field> others = b.schema().getFields();
        for (int i = 0; i < others.size(); i++) {
            places.put(others.get(i).getName(), i);
        }
        List<Column> columns = new ArrayList<>();
        List<Field> fields = a.schema().getFields();
        for (int i = 0; i < fields.size(); i++) {
            Integer place = places.get(fields.get(i).getName());
            if (place != null
                    && TypeText.of(fields.get(i), equality.left())
                            .equals(TypeText.of(others.get(place), equality.right()))) {
                columns.add(new Column(fields.get(i).getName(), i, place));
            }
        }
        return columns;
    }

    private void compare(FieldVector left, FieldVector right, int rows, long start, Column found) throws IOException {
        Equality.Rows equal = equality.of(left, right);
        int step = (int) Math.max(1, CHUNK / Math.max(1, Equality.width(left)));
        for (int from = 0; from < rows; from += step) {
            int to = Math.min(rows, from + step);
            if (equality.sameBytes(left, right, from, to)) {
                continue;
            }
            for (int row = from; row < to; row++) {
                if (!equal.test(row, row)) {
                    found.rows++;
                    if (found.first.size() < shown) {
                        Cell cellA = new Cells(equality.left()).of(left);
                        Cell cellB = new Cells(equality.right()).of(right);
                        found.first.add(new Difference.Row(
                                start + row, JsonLines.text(cellA, row), JsonLines.text(cellB, row)));
                    }
                }
            }
        }
    }

    /**
     * One thing in which two frames differ. Texts are as in the files, not escaped.
     *
     * @param what {@code rows}, {@code name}, {@code index}, {@code column_labels}, {@code columns}, {@code metadata},
     *     {@code type} or {@code values}
     * @param column the column it is about, or null
     * @param a what the first frame has, as text; null for values and where it has nothing
     * @param b what the second frame has
     * @param rows for values: the number of rows that differ, else -1
     * @param first for values: the first rows that differ
     */
    public record Difference(
            String what,
            @Nullable String column,
            @Nullable String a,
            @Nullable String b,
            long rows,
            List<Row> first) {
        /**
         * A row that differs.
         *
         * @param row the position
         * @param a the first frame's value as JSON
         * @param b the second frame's value as JSON
         */
        public record Row(long row, String a, String b) {}

        static Difference of(String what, @Nullable String column, @Nullable String a, @Nullable String b) {
            return new Difference(what, column, a, b, -1, List.of());
        }
    }
}
