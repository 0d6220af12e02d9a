package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;

/** Goes through frames of any length: in one batch where the columns share memory, which is nearly always. */
public final class Batches {
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
