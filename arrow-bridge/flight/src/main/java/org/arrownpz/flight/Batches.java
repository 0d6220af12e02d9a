package org.arrownpz.flight;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.support.column.VectorRows;

/** The batches of a stream: one root, filled again and again. */
interface Batches extends AutoCloseable {
    VectorSchemaRoot root();

    DictionaryProvider dictionaries();

    /** Fills the root with the next rows; false at the end. */
    boolean next() throws IOException;

    @Override
    void close() throws IOException;

    /** Rows in a batch of that size, chosen over all columns. */
    static int rows(List<FieldVector> columns, long rows, int batchBytes) {
        long bytes = 0;
        for (FieldVector column : columns) {
            bytes += VectorRows.bytes(column);
        }
        long count = bytes == 0 ? Integer.MAX_VALUE : (long) (batchBytes * (double) rows / bytes);
        // A multiple of 8 where possible, so that bitmaps are shared and not shifted.
        long even = count >= 8 ? count & ~7L : Math.max(1, count);
        return (int) Math.min(even, Integer.MAX_VALUE - 8);
    }
}
