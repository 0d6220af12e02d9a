package org.arrownpz.parquet.internal.text.read;

import java.io.Closeable;
import java.io.IOException;

/** The rows of a file, one after the other. */
interface Rows extends Closeable {
    /**
     * Reads the next row into the columns.
     *
     * @param row its place in the batch
     * @return about how many bytes it took, or -1 when there is none
     */
    long read(int row) throws IOException;
}
