package org.arrownpz.event;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.gather.Vectors;
import org.jspecify.annotations.Nullable;

/** Vectors of a result, as a root and as a frame, with dictionaries that share the input's memory. */
abstract sealed class OwnedRoot implements AutoCloseable permits Packed, Unpacked {
    private final VectorSchemaRoot root;
    private final DictionaryProvider.MapDictionaryProvider dictionaries =
            new DictionaryProvider.MapDictionaryProvider();
    private final List<FieldVector> entries = new ArrayList<>();
    private @Nullable Frame frame;

    /**
     * Takes the vectors over, and closes them when it fails.
     *
     * @param input the dictionaries that the fields' ids mean; they stay the caller's
     * @throws NpzException FILE_CHANGED when a dictionary lies in a file that was cut short
     */
    OwnedRoot(List<Field> fields, List<FieldVector> vectors, int rows, DictionaryProvider input) throws NpzException {
        try (Rollback undo = Rollback.all(entries, vectors)) {
            for (Long id : input.getDictionaryIds()) {
                Dictionary dictionary = input.lookup(id);
                FieldVector share = Vectors.shared(dictionary.getVector(), vectors);
                entries.add(share);
                dictionaries.put(new Dictionary(share, dictionary.getEncoding()));
            }
            root = new VectorSchemaRoot(new Schema(fields), vectors, rows);
            undo.commit();
        }
    }

    /** The columns of the result. Owned by this object. */
    public VectorSchemaRoot root() {
        return root;
    }

    /** The root as a frame, for instance to be written. Borrows the root; the same object on every call. */
    public synchronized Frame frame() {
        if (frame == null) {
            frame = Frame.of(root, dictionaries);
        }
        return frame;
    }

    /** The input's dictionaries, in the same memory. Owned by this object. */
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    /** Closes the root and the dictionaries. May be called more than once. */
    @Override
    public synchronized void close() {
        if (frame != null) {
            frame.close();
        }
        root.close();
        entries.forEach(FieldVector::close);
    }
}
