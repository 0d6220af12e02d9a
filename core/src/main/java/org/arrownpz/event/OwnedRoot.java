package org.arrownpz.event;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/** Vectors of a result, as a root and as a frame, with dictionaries that share the input's memory. */
final class OwnedRoot implements AutoCloseable {
    private final VectorSchemaRoot root;
    private final DictionaryProvider dictionaries;
    private final List<FieldVector> entries;
    private @Nullable Frame frame;

    private OwnedRoot(VectorSchemaRoot root, DictionaryProvider dictionaries, List<FieldVector> entries) {
        this.root = root;
        this.dictionaries = dictionaries;
        this.entries = entries;
    }

    /**
     * Takes the vectors over, and closes them when it fails.
     *
     * @param input the dictionaries that the fields' ids mean; they stay the caller's
     * @throws NpzException FILE_CHANGED when a dictionary lies in a file that was cut short
     */
    static OwnedRoot of(List<Field> fields, List<FieldVector> vectors, int rows, DictionaryProvider input)
            throws NpzException {
        DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
        List<FieldVector> entries = new ArrayList<>();
        boolean done = false;
        try {
            for (Long id : input.getDictionaryIds()) {
                Dictionary dictionary = input.lookup(id);
                FieldVector values = dictionary.getVector();
                BufferAllocator own = values.getAllocator();
                BufferAllocator allocator = own == null ? Vectors.allocator(vectors) : own;
                FieldVector share = values.getField().createVector(allocator);
                entries.add(share);
                Vectors.share(values, share);
                dictionaries.put(new Dictionary(share, dictionary.getEncoding()));
            }
            VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields), vectors, rows);
            done = true;
            return new OwnedRoot(root, dictionaries, entries);
        } finally {
            if (!done) {
                entries.forEach(FieldVector::close);
                vectors.forEach(FieldVector::close);
            }
        }
    }

    VectorSchemaRoot root() {
        return root;
    }

    DictionaryProvider dictionaries() {
        return dictionaries;
    }

    synchronized Frame frame() {
        if (frame == null) {
            frame = Frame.of(root, dictionaries);
        }
        return frame;
    }

    @Override
    public synchronized void close() {
        if (frame != null) {
            frame.close();
        }
        root.close();
        entries.forEach(FieldVector::close);
    }
}
