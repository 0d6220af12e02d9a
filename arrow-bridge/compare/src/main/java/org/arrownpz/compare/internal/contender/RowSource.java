package org.arrownpz.compare.internal.contender;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Some columns of a file that is open, for rows by their numbers. Used by one thread. */
public interface RowSource extends AutoCloseable {
    /** Opens a file for rows. */
    @FunctionalInterface
    interface Opener {
        /** @throws IllegalArgumentException when there is no such column */
        RowSource open(BufferAllocator allocator, Path file, List<String> columns) throws Exception;
    }

    /**
     * Hands over rows of the columns, together.
     *
     * @param rows their numbers, ascending
     */
    void take(long[] rows, Batch batch) throws Exception;
}
