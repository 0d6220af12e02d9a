package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/** Vectors in memory: read from a file, derived from another frame, or borrowed from a caller's root. */
public final class VectorData implements FrameData {
    private final BufferAllocator allocator;
    private final List<FieldVector> vectors;
    private final List<Field> fields;
    private final DictionaryProvider dictionaries;
    /** What is owned besides the vectors: among it, the files that they view. */
    private final List<? extends AutoCloseable> others;

    private final List<NumpyArray> blocks;
    private final @Nullable TensorReader tensors;
    private final Lifetime lifetime;

    /** Reads blocks as tensors. */
    public interface TensorReader {
        FieldVector read(NumpyArray block, String name) throws NpzException;
    }

    private VectorData(
            BufferAllocator allocator,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            List<? extends AutoCloseable> others,
            List<NumpyArray> blocks,
            @Nullable TensorReader tensors,
            Lifetime lifetime) {
        this.allocator = allocator;
        this.vectors = vectors;
        this.fields = new ArrayList<>(vectors.size());
        for (FieldVector vector : vectors) {
            fields.add(vector.getField());
        }
        this.dictionaries = dictionaries;
        this.others = others;
        this.blocks = blocks;
        this.tensors = tensors;
        this.lifetime = lifetime;
    }

    private VectorData(VectorData other, Lifetime lifetime) {
        this.allocator = other.allocator;
        this.vectors = other.vectors;
        this.fields = other.fields;
        this.dictionaries = other.dictionaries;
        this.others = other.others;
        this.blocks = other.blocks;
        this.tensors = other.tensors;
        this.lifetime = lifetime;
    }

    /** Vectors that stay the caller's, but for those listed as owned. */
    public static VectorData borrowed(
            BufferAllocator allocator,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            List<? extends AutoCloseable> owned) {
        return new VectorData(allocator, vectors, dictionaries, owned, List.of(), null, new Lifetime(owned));
    }

    /** Some vectors of other data, as part of those: closing either closes both. */
    static VectorData within(BufferAllocator allocator, List<FieldVector> vectors, FrameData whole) {
        List<FrameData> source = List.of(whole);
        return new VectorData(allocator, vectors, whole.dictionaries(), source, List.of(), null, whole.lifetime());
    }

    /** Vectors that are closed with the data, and whatever else is to be closed after them. */
    public static VectorData owned(
            BufferAllocator allocator,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            List<? extends AutoCloseable> others) {
        return read(allocator, vectors, dictionaries, others, List.of(), null);
    }

    public static VectorData read(
            BufferAllocator allocator,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            List<? extends AutoCloseable> others,
            List<NumpyArray> blocks,
            @Nullable TensorReader tensors) {
        List<AutoCloseable> owned = new ArrayList<>(vectors.size() + others.size());
        owned.addAll(vectors);
        owned.addAll(others);
        return new VectorData(allocator, vectors, dictionaries, others, blocks, tensors, new Lifetime(owned));
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
    public List<FieldVector> rows(long from, int count) throws NpzException {
        return guarded(() -> VectorSlices.share(vectors, allocator, Math.toIntExact(from), count, location()));
    }

    @Override
    public Location location() {
        for (AutoCloseable part : others) {
            if (part instanceof ArrayStore store) {
                return store.location();
            } else if (part instanceof FrameData whole) {
                return whole.location();
            }
        }
        return FrameData.super.location();
    }

    @Override
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public List<NumpyArray> blocks() {
        return blocks;
    }

    @Override
    public FieldVector tensor(int block) throws NpzException {
        NumpyArray array = blocks.get(block);
        if (tensors == null) {
            throw new IndexOutOfBoundsException("the frame has no blocks");
        }
        return tensors.read(array, "block_" + block);
    }

    @Override
    public void checkUnchanged() throws NpzException {
        for (AutoCloseable part : others) {
            if (part instanceof ArrayStore store) {
                store.checkUnchanged();
            } else if (part instanceof FrameData whole) {
                whole.checkUnchanged();
            }
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
