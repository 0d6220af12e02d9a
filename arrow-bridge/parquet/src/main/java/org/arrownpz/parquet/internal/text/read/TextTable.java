package org.arrownpz.parquet.internal.text.read;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The content that a text file was seen to hold. */
interface TextTable {
    /** Names and types of the columns. */
    List<Field> fields();

    /**
     * Reads the file again.
     *
     * @param in is closed with the result
     * @param columns for each field who takes its values, or null
     */
    Rows rows(InputStream in, @Nullable Column[] columns) throws IOException;

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
}
