package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.NpzException;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/** The dictionaries of a file, made when they are first asked for. Safe for several threads, but for closing. */
public final class FileDictionaries implements AutoCloseable {
    private final BufferAllocator allocator;
    private final ArrayStore store;
    private final boolean isolated;
    private final Reader reader;
    private final AllValidBitmaps ones;
    private final List<FieldVector> owned = new ArrayList<>();
    private DictionaryProvider.@Nullable MapDictionaryProvider made;

    /** Makes dictionaries. */
    public interface Reader {
        /** Adds the dictionaries' values to a list, which the caller closes, also on failure. */
        void read(AllValidBitmaps ones, DictionaryProvider.MapDictionaryProvider dictionaries, List<FieldVector> owned)
                throws NpzException;
    }

    /**
     * The dictionaries of a store, which stays the caller's.
     *
     * @param isolated whether each vector has validity bits of its own
     */
    FileDictionaries(BufferAllocator allocator, ArrayStore store, boolean isolated, Reader reader) {
        this.isolated = isolated;
        this.allocator = allocator;
        this.store = store;
        this.reader = reader;
        this.ones = new AllValidBitmaps(allocator, store.location(), isolated);
    }

    synchronized DictionaryProvider get() throws NpzException {
        if (made == null) {
            DictionaryProvider.MapDictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider();
            try (Rollback undo = Rollback.of(this::closeValues)) {
                reader.read(ones, provider, owned);
                MemoryAccess.deliverFaults();
                undo.commit();
            }
            made = provider;
        }
        return made;
    }

    /** The same dictionaries over the same memory, to be closed on their own. */
    synchronized FileDictionaries share() {
        FileDictionaries shared = new FileDictionaries(allocator, store, isolated, reader);
        if (made != null) {
            try (Rollback undo = Rollback.of(shared)) {
                shared.made = share(made, allocator, shared.owned);
                undo.commit();
            }
        }
        return shared;
    }

    /** Dictionaries over the memory of others; their values are added to a list, which the caller closes. */
    static DictionaryProvider.MapDictionaryProvider share(
            DictionaryProvider dictionaries, BufferAllocator allocator, List<FieldVector> owned) {
        DictionaryProvider.MapDictionaryProvider shared = new DictionaryProvider.MapDictionaryProvider();
        for (Long id : dictionaries.getDictionaryIds()) {
            Dictionary dictionary = dictionaries.lookup(id);
            FieldVector values = VectorSlices.whole(dictionary.getVector(), allocator);
            owned.add(values);
            shared.put(new Dictionary(values, dictionary.getEncoding()));
        }
        return shared;
    }

    private void closeValues() {
        owned.forEach(FieldVector::close);
        owned.clear();
    }

    @Override
    public void close() {
        closeValues();
        ones.close();
    }
}
