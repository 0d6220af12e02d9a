package org.arrownpz.compare.internal.contender;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** A reader. */
public interface ReadContender extends Contender {
    /**
     * Opens the file, hands over all of its columns, batch after batch, and closes it. A batch is ready when every value
     * of it can be asked for.
     */
    void read(BufferAllocator allocator, Path file, Batch batch) throws Exception;

    /**
     * Whether columns may be views of a mapped file, whose values are fetched when they are asked for. Whether they are,
     * and to what part, is measured.
     */
    boolean maps();

    /** Takes a batch; the vectors are valid during the call. */
    @FunctionalInterface
    interface Batch {
        void take(List<FieldVector> columns, DictionaryProvider dictionaries);
    }
}
