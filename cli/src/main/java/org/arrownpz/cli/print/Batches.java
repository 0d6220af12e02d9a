package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;
import org.arrownpz.parquet.internal.text.RowPrinter;

/** Goes through frames of any length: one batch for those that fit into one root, which is nearly all. */
public final class Batches {
    /** Where a frame is too long for one root, it is read in batches of that many rows. */
    public static final int ROWS = RowPrinter.BATCH_ROWS;

    /** The most rows that one root holds. */
    public static final long MAX_ROOT_ROWS = RowPrinter.MAX_ROOT_ROWS;

    private Batches() {}

    /** Takes the vectors of a batch. */
    @FunctionalInterface
    public interface Taker {
        void take(List<FieldVector> vectors) throws IOException;
    }

    public static void each(Frame frame, Taker taker) throws IOException {
        if (frame.rowCount() <= MAX_ROOT_ROWS) {
            taker.take(frame.root().getFieldVectors());
            return;
        }
        try (ArrowReader reader = frame.reader(ROWS)) {
            while (reader.loadNextBatch()) {
                taker.take(reader.getVectorSchemaRoot().getFieldVectors());
            }
        }
    }
}
