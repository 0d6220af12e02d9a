package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.Cells;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Frame;

/** Prints rows of a frame: a table for people, else a JSON object per row. */
public final class Rows {
    private final Console console;
    private final boolean json;

    public Rows(Console console, boolean json) {
        this.console = console;
        this.json = json || !console.outIsTerminal();
    }

    /** Prints the rows from one position to, exclusively, another. */
    public void print(Frame frame, long from, long to) throws IOException {
        try (RowPrinter printer = printer(frame.schema())) {
            print(printer, frame, from, to);
        }
    }

    /** Prints all batches. */
    public void print(ArrowReader reader) throws IOException {
        try (RowPrinter printer = printer(reader.getVectorSchemaRoot().getSchema())) {
            print(printer, reader);
        }
    }

    private RowPrinter printer(Schema schema) throws IOException {
        return json
                ? new JsonRows(console.out(), names(schema))
                : new TableRows(console.out(), schema.getFields(), console.width());
    }

    /** The columns' names. */
    public static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Field::getName).toList();
    }

    /** Hands the rows of all batches to a printer, which stays open. */
    public static void print(RowPrinter printer, ArrowReader reader) throws IOException {
        while (reader.loadNextBatch()) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            print(printer, reader, batch, 0, batch.getRowCount());
        }
    }

    /** Hands the rows to a printer, which stays open. */
    public static void print(RowPrinter printer, Frame frame, long from, long to) throws IOException {
        if (frame.rowCount() <= Batches.MAX_ROOT_ROWS) {
            print(printer, frame.dictionaries(), frame.root(), (int) from, (int) to);
        } else {
            printBatches(printer, frame, from, to);
        }
    }

    private static void print(
            RowPrinter printer, DictionaryProvider dictionaries, VectorSchemaRoot root, int from, int to)
            throws IOException {
        Cells factory = new Cells(dictionaries);
        List<FieldVector> vectors = root.getFieldVectors();
        Cell[] cells = new Cell[vectors.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = factory.of(vectors.get(i));
        }
        for (int row = from; row < to; row++) {
            printer.print(cells, row);
        }
    }

    private static void printBatches(RowPrinter printer, Frame frame, long from, long to) throws IOException {
        try (ArrowReader reader = frame.reader(Batches.ROWS)) {
            long start = 0;
            while (start < to && reader.loadNextBatch()) {
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                int first = (int) Math.min(batch.getRowCount(), Math.max(0, from - start));
                int last = (int) Math.min(batch.getRowCount(), to - start);
                print(printer, frame.dictionaries(), batch, first, last);
                start += batch.getRowCount();
            }
        }
    }

    /** A form of output. Closing prints what is left and keeps the stream open. */
    public interface RowPrinter extends AutoCloseable {
        void print(Cell[] cells, int row) throws IOException;

        @Override
        void close() throws IOException;
    }
}
