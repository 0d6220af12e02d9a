package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Frame;

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
        if (json && to - from <= frame.batchRows()) {
            printFew(frame, from, (int) (to - from));
            return;
        }
        if (json) {
            try (JsonRows printer = new JsonRows(console.out(), names(frame.schema()));
                    Frame rows = frame.slice(from, to - from);
                    ArrowReader reader = rows.reader(frame.batchRows())) {
                printer.print(reader);
            }
            return;
        }
        TableRows table = new TableRows(console, frame.schema().getFields(), frame.indexLevels(), limit);
        try (Frame rows = frame.slice(from, to - from);
                Frame seen = narrow(rows, table.positions());
                ArrowReader reader = seen.reader(frame.batchRows())) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            FieldVector[] vectors = new FieldVector[table.positions().length];
            while (reader.loadNextBatch()) {
                int next = frame.indexLevels();
                for (int i = 0; i < vectors.length; i++) {
                    int position = table.positions()[i];
                    vectors[i] = batch.getVector(position < frame.indexLevels() ? position : next++);
                }
                table.take(vectors, reader, 0, batch.getRowCount());
            }
        }
        table.print(frame.rowCount());
    }

    /** Without a root: Arrow's class of schemas makes an ObjectMapper when it is loaded, a fifth of a short command. */
    private void printFew(Frame frame, long from, int count) throws IOException {
        try (Frame rows = frame.slice(from, count)) {
            List<FieldVector> vectors = new ArrayList<>();
            for (int i = 0; i < rows.indexLevels() + rows.columnNames().size(); i++) {
                vectors.add(rows.column(i));
            }
            List<String> names = vectors.stream().map(FieldVector::getName).toList();
            try (JsonRows printer = new JsonRows(console.out(), names)) {
                printer.print(rows.dictionaries(), vectors, count);
            }
        }
    }

    /** The columns at ascending positions, index levels among them, so that no other is read. */
    private static Frame narrow(Frame frame, int[] positions) {
        int levels = frame.indexLevels();
        List<String> names = frame.columnNames();
        String[] wanted = IntStream.of(positions)
                .filter(position -> position >= levels)
                .mapToObj(position -> names.get(position - levels))
                .toArray(String[]::new);
        return wanted.length == 0 || wanted.length == names.size() ? frame.share() : frame.select(wanted);
    }

    /** Prints all batches. */
    public void print(ArrowReader reader) throws IOException {
        Schema schema = reader.getVectorSchemaRoot().getSchema();
        if (json) {
            try (JsonRows printer = new JsonRows(console.out(), names(schema))) {
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
    private static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Field::getName).toList();
    }

    /** Goes through frames of any length: in one batch where the columns share memory, which is nearly always. */
    public static final class Batches {
        /** The most rows that one root holds. */
        public static final long MAX_ROOT_ROWS = Integer.MAX_VALUE - 8;

        private Batches() {}

        /** Takes the vectors of a batch. */
        @FunctionalInterface
        public interface Taker {
            void take(List<FieldVector> vectors) throws IOException;
        }

        public static void each(Frame frame, Taker taker) throws IOException {
            int rows = frame.batchRows();
            if (frame.rowCount() <= rows) {
                taker.take(frame.root().getFieldVectors());
                return;
            }
            try (ArrowReader reader = frame.reader(rows)) {
                while (reader.loadNextBatch()) {
                    taker.take(reader.getVectorSchemaRoot().getFieldVectors());
                }
            }
        }
    }
}
