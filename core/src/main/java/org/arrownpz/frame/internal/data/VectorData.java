package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/**
 * Vectors in memory: derived from another frame, or borrowed from a caller's root.
 *
 * @param owned vectors and whatever else is closed with these data
 */
public record VectorData(
        BufferAllocator allocator,
        List<FieldVector> vectors,
        DictionaryProvider dictionaries,
        List<? extends AutoCloseable> owned,
        CopyReport report)
        implements FrameData {
    /** Vectors that are closed with the data, and whatever else is to be closed after them. */
    public static VectorData owning(
            BufferAllocator allocator,
            List<FieldVector> vectors,
            DictionaryProvider dictionaries,
            List<? extends AutoCloseable> others,
            CopyReport report) {
        List<AutoCloseable> owned = new ArrayList<>(vectors);
        owned.addAll(others);
        return new VectorData(allocator, vectors, dictionaries, owned, report);
    }

    @Override
    public List<String> names() {
        return vectors.stream().map(FieldVector::getName).toList();
    }

    @Override
    public List<Field> fields() {
        return vectors.stream().map(FieldVector::getField).toList();
    }

    @Override
    public Field field(int column) {
        return vectors.get(column).getField();
    }

    @Override
    public FrameData select(int[] columns, BufferAllocator target) {
        List<FieldVector> shared = new ArrayList<>(columns.length);
        List<FieldVector> words = new ArrayList<>();
        try (Rollback undo = Rollback.all(shared, words)) {
            for (int column : columns) {
                shared.add(VectorSlices.whole(vectors.get(column), target));
            }
            return undo.commit(owning(target, shared, share(dictionaries, target, words), words, report));
        }
    }

    /** Dictionaries over the memory of others; their values are added to a list, which the caller closes. */
    static MapDictionaryProvider share(
            DictionaryProvider dictionaries, BufferAllocator allocator, List<FieldVector> owned) {
        MapDictionaryProvider shared = new MapDictionaryProvider();
        for (Long id : dictionaries.getDictionaryIds()) {
            Dictionary dictionary = dictionaries.lookup(id);
            FieldVector values = VectorSlices.whole(dictionary.getVector(), allocator);
            owned.add(values);
            shared.put(new Dictionary(values, dictionary.getEncoding()));
        }
        return shared;
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(owned));
    }
}
