package org.arrownpz.frame.internal.data;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NumpyArray;

/** Where a frame's vectors come from, and who closes them. */
public interface FrameData extends AutoCloseable {
    /** The fields, index levels first. */
    List<Field> fields();

    /**
     * All rows, index levels first; the same vectors on every call.
     *
     * @throws IllegalStateException when there are more rows than one vector can hold
     */
    List<FieldVector> vectors();

    /** Some rows as vectors that the caller closes. */
    List<FieldVector> rows(long from, int count) throws NpzException;

    DictionaryProvider dictionaries();

    /** The blocks in the file; none for vectors that did not come from one. */
    List<NumpyArray> blocks();

    /** A block as a tensor vector that the caller closes. */
    FieldVector tensor(int block) throws NpzException;

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

    /** Whose hold on the vectors this is. */
    Lifetime lifetime();

    /**
     * The same data once more, to be closed on their own.
     *
     * @throws IllegalStateException when these are closed
     */
    FrameData share();

    @Override
    default void close() {
        lifetime().close();
    }
}
