package org.arrownpz.event.internal.pack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.ValueBytes;
import org.arrownpz.support.column.DictionaryJoin;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.gather.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * The dictionaries of the batches so far, which rows that are held back go by. A stream may extend a dictionary: then it
 * is the source's. It may replace one: from there on batches go by dictionaries of our own, which new entries only extend.
 */
public final class KnownDictionaries implements AutoCloseable {
    private final BufferAllocator memory;
    /** The source's dictionaries as they were for the last batch. */
    private final Map<Long, Dictionary> last = new HashMap<>();

    private @Nullable DictionaryJoin join;
    private @Nullable DictionaryProvider joined;

    public KnownDictionaries(BufferAllocator memory) {
        this.memory = memory;
    }

    /** The dictionaries that the indices of taken batches refer to: our own, or else the source's. */
    public DictionaryProvider current(DictionaryProvider source) {
        return joined == null ? source : joined;
    }

    /**
     * The columns of a batch with indices into {@link #current}. What is new of them is closed by the caller, the columns
     * stay their owner's.
     *
     * @throws NpzException LIMIT when the index type cannot count the entries of all batches
     */
    public List<FieldVector> take(DictionaryProvider source, List<FieldVector> batch) throws NpzException {
        boolean same = true;
        boolean extended = true;
        for (long id : source.getDictionaryIds()) {
            FieldVector values = source.lookup(id).getVector();
            Dictionary before = last.get(id);
            boolean shared = before != null && VectorSlices.isShared(before.getVector(), values);
            same &= shared;
            // Our own dictionaries are not the source's: they go on with whatever comes.
            extended &= shared || join != null || before == null || extend(before.getVector(), values);
        }
        if (join != null ? !same : !extended) {
            rejoin(source);
        }
        if (!same) {
            remember(source, batch);
        }
        return join == null ? batch : mapped(join, batch);
    }

    private void rejoin(DictionaryProvider source) throws NpzException {
        DictionaryProvider former =
                joined == null ? new MapDictionaryProvider(last.values().toArray(new Dictionary[0])) : joined;
        DictionaryJoin next = new DictionaryJoin(memory, Scope.NOWHERE);
        try (Rollback undo = Rollback.of(next)) {
            next.add(former);
            next.add(source);
            joined = next.join();
            undo.commit();
        }
        if (join != null) {
            join.close();
        }
        join = next;
    }

    private void remember(DictionaryProvider source, List<FieldVector> batch) throws NpzException {
        for (long id : source.getDictionaryIds()) {
            Dictionary dictionary = source.lookup(id);
            FieldVector share = Vectors.shared(dictionary.getVector(), batch);
            Dictionary before = last.put(id, new Dictionary(share, dictionary.getEncoding()));
            if (before != null) {
                before.getVector().close();
            }
        }
    }

    private static List<FieldVector> mapped(DictionaryJoin join, List<FieldVector> batch) throws NpzException {
        List<FieldVector> columns = new ArrayList<>(batch.size());
        try (Rollback undo = Rollback.of(() -> {
            columns.removeAll(batch);
            columns.forEach(FieldVector::close);
        })) {
            for (FieldVector vector : batch) {
                FieldVector mapped = join.mapped(1, vector);
                columns.add(mapped == null ? vector : mapped);
            }
            return undo.commit(columns);
        }
    }

    // Values may lie in a mapped file.
    private static boolean extend(FieldVector before, FieldVector values) throws NpzException {
        int count = before.getValueCount();
        if (count == 0 || count > values.getValueCount()) {
            return count == 0;
        }
        try {
            return Scope.guarded(() -> new ValueBytes.Equality(before, values).rangeEquals(new Range(0, 0, count)));
        } catch (UnsupportedOperationException e) {
            // Types that Arrow does not compare.
            return false;
        }
    }

    @Override
    public void close() {
        last.values().forEach(dictionary -> dictionary.getVector().close());
        last.clear();
        if (join != null) {
            join.close();
        }
    }
}
