package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Frame;
import org.arrownpz.parquet.internal.text.JsonRows;
import org.arrownpz.parquet.internal.text.RowPrinter;

/** Prints rows of a frame: a table for people, else a JSON object per row. */
public final class Rows {
    /** The most rows that a table shows where nobody says how many. */
    public static final long TABLE_ROWS = 60;

    /** The most rows that a table shows whoever asks: they are held until their widths are known. */
    private static final long MOST_ROWS = 10_000;

    private final Console console;
    private final boolean json;
    private final long limit;

    public Rows(Console console, boolean json) {
        this(console, json, TABLE_ROWS);
    }

    /**
     * A printer.
     *
     * @param json whether JSON is wanted also on a terminal
     * @param limit the most rows that a table shows
     */
    public Rows(Console console, boolean json, long limit) {
        this.console = console;
        this.json = json || !console.outIsTerminal();
        this.limit = Math.min(limit, MOST_ROWS);
    }

    /** Prints the rows from one position to, exclusively, another. */
    public void print(Frame frame, long from, long to) throws IOException {
        if (json) {
            try (RowPrinter printer = new JsonRows(console.json(), names(frame.schema()))) {
                printer.print(frame, from, to);
            }
            return;
        }
        TableRows table = new TableRows(console, frame.schema().getFields(), frame.indexLevels(), limit);
        if (frame.rowCount() <= Batches.MAX_ROOT_ROWS) {
            int[] positions = table.positions();
            FieldVector[] vectors = new FieldVector[positions.length];
            for (int i = 0; i < vectors.length; i++) {
                vectors[i] = frame.column(positions[i]);
            }
            table.take(vectors, frame.dictionaries(), (int) from, (int) to);
        } else {
            try (ArrowReader reader = frame.reader(Batches.ROWS)) {
                long start = 0;
                while (start < to && reader.loadNextBatch()) {
                    VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                    int rows = batch.getRowCount();
                    int first = (int) Math.min(rows, Math.max(0, from - start));
                    table.take(vectors(table, batch), frame.dictionaries(), first, (int) Math.min(rows, to - start));
                    start += rows;
                }
            }
        }
        table.print(frame.rowCount());
    }

    /** Prints all batches. */
    public void print(ArrowReader reader) throws IOException {
        Schema schema = reader.getVectorSchemaRoot().getSchema();
        if (json) {
            try (RowPrinter printer = new JsonRows(console.json(), names(schema))) {
                printer.print(reader);
            }
            return;
        }
        TableRows table = new TableRows(console, schema.getFields(), 0, limit);
        while (reader.loadNextBatch()) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            table.take(vectors(table, batch), reader, 0, batch.getRowCount());
        }
        table.print(-1);
    }

    private static FieldVector[] vectors(TableRows table, VectorSchemaRoot batch) {
        int[] positions = table.positions();
        FieldVector[] vectors = new FieldVector[positions.length];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = batch.getVector(positions[i]);
        }
        return vectors;
    }

    /** The columns' names. */
    public static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Field::getName).toList();
    }
}
