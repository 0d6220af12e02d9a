package org.arrownpz.parquet.internal.text;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;

/** A form in which rows are written. Closing writes what is left and keeps the stream open. */
public interface RowPrinter extends AutoCloseable {
    /** Writes a row. */
    void print(Cell[] cells, int row) throws IOException;

    /** Writes the rows of all batches. */
    default void print(ArrowReader reader) throws IOException {
        while (reader.loadNextBatch()) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            print(reader, batch.getFieldVectors(), batch.getRowCount());
        }
    }

    /** Writes the rows from one position to, exclusively, another. */
    default void print(Frame frame, long from, long to) throws IOException {
        try (Frame rows = frame.slice(from, to - from);
                ArrowReader reader = rows.reader(frame.batchRows())) {
            print(reader);
        }
    }

    /** Writes the first rows of vectors. */
    default void print(DictionaryProvider dictionaries, List<FieldVector> vectors, int rows) throws IOException {
        Cells factory = new Cells(dictionaries);
        Cell[] cells = new Cell[vectors.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = factory.of(vectors.get(i));
        }
        for (int row = 0; row < rows; row++) {
            print(cells, row);
        }
    }

    @Override
    void close() throws IOException;
}
