package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/** Vectors in memory: derived from another frame, or borrowed from a caller's root. */
public final class VectorData implements FrameData {
    private final BufferAllocator allocator;
    private final List<FieldVector> vectors;
    private final List<Field> fields;
    private final DictionaryProvider dictionaries;
    private final Lifetime lifetime;

    private VectorData(
            BufferAllocator allocator, List<FieldVector> vectors, DictionaryProvider dictionaries, Lifetime lifetime) {
        this.allocator = allocator;
        this.vectors = vectors;
        this.fields = new ArrayList<>(vectors.size());
        for (FieldVector vector : vectors) {
            fields.add(vector.getField());
        }
        this.dictionaries = dictionaries;
        this.lifetime = lifetime;
    }

    private VectorData(VectorData other, Lifetime lifetime) {
        this.allocator = other.allocator;
        this.vectors = other.vectors;
        this.fields = other.fields;
        this.dictionaries = other.dictionaries;
        this.lifetime = lifetime;
    }

    /** Vectors that stay the caller's, but for those listed as owned. */
    public static VectorData borrowed(
            BufferAllocator allocator,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            List<? extends AutoCloseable> owned) {
        return new VectorData(allocator, vectors, dictionaries, new Lifetime(owned));
    }

    /** Vectors that are closed with the data, and whatever else is to be closed after them. */
    public static VectorData owned(
            BufferAllocator allocator,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            List<? extends AutoCloseable> others) {
        List<AutoCloseable> owned = new ArrayList<>(vectors.size() + others.size());
        owned.addAll(vectors);
        owned.addAll(others);
        return new VectorData(allocator, vectors, dictionaries, new Lifetime(owned));
    }

    @Override
    public List<String> names() {
        return fields.stream().map(Field::getName).toList();
    }

    @Override
    public List<Field> fields() {
        return fields;
    }

    @Override
    public List<FieldVector> vectors() {
        return vectors;
    }

    @Override
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public FrameData select(int[] columns, BufferAllocator target) {
        List<FieldVector> shared = new ArrayList<>(columns.length);
        List<FieldVector> words = new ArrayList<>();
        try (Rollback undo = Rollback.all(shared, words)) {
            for (int column : columns) {
                shared.add(VectorSlices.whole(vectors.get(column), target));
            }
            return undo.commit(owned(target, shared, FileDictionaries.share(dictionaries, target, words), words));
        }
    }

    @Override
    public Lifetime lifetime() {
        return lifetime;
    }

    @Override
    public FrameData share() {
        return new VectorData(this, lifetime.share());
    }
}
