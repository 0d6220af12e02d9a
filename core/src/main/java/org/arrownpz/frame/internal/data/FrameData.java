package org.arrownpz.frame.internal.data;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Picking;
import org.arrownpz.vector.internal.gather.Rows;

/**
 * The source of a frame's vectors, and their owner. Columns are counted over the root, index levels first. The caller must
 * have a hold on it, which {@link FrameState} takes.
 */
public interface FrameData extends AutoCloseable {
    /** The names of the fields, index levels first; makes no vector. */
    List<String> names();

    /** The fields; goes over the values of columns whose types depend on them. */
    List<Field> fields() throws NpzException;

    /** One field; goes over the values where its type depends on them. */
    default Field field(int column) throws NpzException {
        return fields().get(column);
    }

    /**
     * All rows of one column; the same vector on every call.
     *
     * @throws IndexOutOfBoundsException when there is no such column
     * @throws IllegalStateException as {@link #vectors}
     */
    default FieldVector vector(int column) throws NpzException {
        return vectors().get(column);
    }

    /** Whether a column of numbers has nulls; of files, whether they say which values are. */
    default boolean hasNulls(int column) throws NpzException {
        return vector(column).getNullCount() > 0;
    }

    /**
     * All rows of all columns; the same vectors on every call.
     *
     * @throws IllegalStateException when there are more rows than one vector can hold
     */
    List<FieldVector> vectors() throws NpzException;

    /**
     * Some rows as vectors that the caller closes: neighbours share memory where they can, picked ones are copies.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    default List<FieldVector> rows(Rows rows, BufferAllocator allocator) throws NpzException {
        return of(vectors(), rows, allocator, location());
    }

    /** Some rows of whole vectors. */
    static List<FieldVector> of(List<FieldVector> vectors, Rows rows, BufferAllocator allocator, Location location)
            throws NpzException {
        return rows.isRange()
                ? VectorSlices.share(vectors, allocator, Math.toIntExact(rows.first()), rows.count(), location)
                : Picking.pick(vectors, rows, allocator, location);
    }

    /**
     * The number, of so many rows, that a batch had better have for a caller that goes through all: as many as a root
     * holds where they share memory, fewer where columns have to be converted for it.
     */
    default int batchRows(long rows) {
        return (int) Math.min(rows, BatchSize.LONG_FRAME_ROWS);
    }

    /** The dictionaries of encoded columns; the same on every call. */
    DictionaryProvider dictionaries() throws NpzException;

    /**
     * These columns as data of their own, which share the memory of vectors that were made, and make the others when they
     * are asked for. The caller closes them.
     */
    FrameData select(int[] columns, BufferAllocator allocator);

    /** The blocks in the file; none for vectors that did not come from one. */
    default List<NumpyArray> blocks() {
        return List.of();
    }

    /** The blocks, where nobody can have changed values through the vectors; none otherwise. */
    default List<NumpyArray> intact() {
        return List.of();
    }

    /** A block as a tensor vector that the caller closes. */
    default FieldVector tensor(int block) throws NpzException {
        throw new IndexOutOfBoundsException("the frame has no blocks");
    }

    /** The file that vectors view, for messages. */
    default Location location() {
        return Location.ofFile(null);
    }

    /** Reads vectors; whatever Arrow throws because their file changes under them is FILE_CHANGED. */
    default <T> T guarded(MemoryAccess.Reading<T> reading) throws NpzException {
        try {
            return MemoryAccess.reading(location(), reading);
        } catch (RuntimeException e) {
            checkUnchanged();
            throw e;
        }
    }

    /** Checks that the files that vectors view still are what was opened; FILE_CHANGED when they are not. */
    default void checkUnchanged() throws NpzException {}

    /** The report as it is now: columns that are made later change it. */
    CopyReport report();

    /** The allocator of vectors. */
    BufferAllocator allocator();

    /** Closes the vectors; called once, by the last hold on them. */
    @Override
    void close();

    /** The number of rows of a batch where nobody says. */
    static final class BatchSize {
        /** Of frames that are longer than a root. */
        static final int LONG_FRAME_ROWS = Integer.MAX_VALUE - 8;

        /** The bytes that are converted at once, before more would come at the cost of memory. */
        private static final long LARGEST_WHOLE = 128L << 20;

        private static final long BATCH_BYTES = 32L << 20;
        private static final long LEAST_ROWS = 1 << 10;

        private BatchSize() {}

        /**
         * Rows of a batch.
         *
         * @param converted bytes of the rows that take memory of their own
         */
        static int of(long rows, long converted) {
            if (converted <= LARGEST_WHOLE) {
                return (int) Math.min(rows, LONG_FRAME_ROWS);
            }
            long wanted = Math.max(LEAST_ROWS, (long) (rows * (double) BATCH_BYTES / converted));
            // A multiple of 8, so that bitmaps are shared and not shifted.
            return (int) Math.min(rows, Math.min(wanted, LONG_FRAME_ROWS) & ~7L);
        }
    }
}
