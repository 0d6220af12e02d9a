package org.arrownpz.spark.internal.read;

import java.io.Closeable;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.NpzException;

/** Columns of one file, read in batches. Used by one thread. */
public interface FileColumns extends Closeable {
    /** The start of a row of the file among the rows read, which are its elements where lists are unpacked. */
    long position(long row);

    /** The bytes of the columns in the whole file, about. */
    long bytes();

    /**
     * Some rows, in the order in which columns were asked for. The columns live until the next call or until closed.
     *
     * @throws NpzException when the data are not what they should be
     */
    ColumnVector[] read(long from, int count) throws NpzException;

    @Override
    void close();
}
