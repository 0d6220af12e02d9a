package org.arrownpz.support.column;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.ValueBytes;
import org.arrownpz.support.column.ArrowColumnPiece.IndexMaps;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/**
 * The dictionaries of batches that are to be joined, as one dictionary for each id. A stream may extend a dictionary
 * between batches, or replace it (Arrow's columnar format, "Dictionary Messages"): one that begins with the entries of the
 * former stands for both, others are put behind each other, each entry once.
 *
 * <p>Holds the memory of the dictionaries that it was given, or a copy of what is mapped, until it is closed. Used by one
 * thread.
 */
public final class DictionaryJoin implements AutoCloseable {
    private final BufferAllocator allocator;
    private final Location location;
    private final Map<Long, Versions> versions = new LinkedHashMap<>();
    /** For each batch the version of each dictionary. */
    private final List<Map<Long, Integer>> batches = new ArrayList<>();

    public DictionaryJoin(BufferAllocator allocator, Location location) {
        this.allocator = allocator;
        this.location = location;
    }

    /**
     * Takes the dictionaries as they are for the next batch.
     *
     * @throws NpzException FILE_CHANGED when a page of a dictionary is gone; LIMIT when the allocator cannot give the
     *     memory for a copy
     */
    public void add(DictionaryProvider dictionaries) throws NpzException {
        Map<Long, Integer> now = new HashMap<>();
        for (long id : dictionaries.getDictionaryIds()) {
            add(id, dictionaries, now);
        }
        batches.add(now);
    }

    // The dictionaries within a dictionary come before it: where they change, it does.
    private void add(long id, DictionaryProvider dictionaries, Map<Long, Integer> now) throws NpzException {
        Dictionary dictionary = dictionaries.lookup(id);
        if (dictionary == null || now.containsKey(id)) {
            return;
        }
        // Also ends the recursion of dictionaries that hold themselves.
        now.put(id, 0);
        FieldVector values = dictionary.getVector();
        Map<Long, Integer> inner = new HashMap<>();
        for (long child : within(values.getField(), new ArrayList<>())) {
            add(child, dictionaries, now);
            inner.put(child, now.getOrDefault(child, 0));
        }
        Versions known = versions.remove(id);
        // Behind those within it.
        known = known == null ? new Versions(dictionary.getEncoding()) : known;
        versions.put(id, known);
        now.put(id, known.number(values, inner));
    }

    private static List<Long> within(Field field, List<Long> ids) {
        for (Field child : field.getChildren()) {
            if (child.getDictionary() != null) {
                ids.add(child.getDictionary().getId());
            }
            within(child, ids);
        }
        return ids;
    }

    /**
     * One dictionary for each id. Owned by this object.
     *
     * @throws NpzException LIMIT when they have too many entries, or the allocator cannot give the memory
     */
    public DictionaryProvider join() throws NpzException {
        DictionaryProvider.MapDictionaryProvider joined = new DictionaryProvider.MapDictionaryProvider();
        for (Versions known : versions.values()) {
            joined.put(new Dictionary(known.join(), known.encoding));
        }
        return joined;
    }

    /**
     * A batch's vector with indices into the joined dictionaries, once {@link #join} was called.
     *
     * @param batch its number, from 0
     * @return a copy, which the caller closes; null where its indices, and those within it, stay as they are
     * @throws NpzException LIMIT when the index type cannot count the joined entries, and as {@link VectorJoin#join}
     */
    public @Nullable FieldVector mapped(int batch, FieldVector vector) throws NpzException {
        Field field = vector.getField();
        List<Long> ids = within(field, new ArrayList<>());
        if (field.getDictionary() != null) {
            ids.add(field.getDictionary().getId());
        }
        return ids.stream().allMatch(id -> map(batch, id) == null)
                ? null
                : new VectorJoin(field).add(vector).join(allocator, location, (chunk, id) -> map(batch, id));
    }

    /** The new indices of a batch, once {@link #join} was called; null where they stay as they are. */
    IndexMaps.@Nullable IndexMap map(int batch, long id) {
        Integer version = batches.get(batch).get(id);
        return version == null ? null : map(id, version);
    }

    private IndexMaps.@Nullable IndexMap map(long id, int version) {
        Versions known = versions.get(id);
        return known == null || known.entries == null ? null : known.entries.map(version);
    }

    @Override
    public void close() {
        versions.values().forEach(Versions::close);
        versions.clear();
    }

    /** One dictionary through all batches. */
    private final class Versions implements AutoCloseable {
        private final DictionaryEncoding encoding;
        private final List<FieldVector> vectors = new ArrayList<>();
        /** The versions of the dictionaries within each version. */
        private final List<Map<Long, Integer>> inner = new ArrayList<>();
        /** The sources of the last version, kept so that its addresses are not given away again. */
        private @Nullable FieldVector seen;

        private @Nullable JoinedEntries entries;

        Versions(DictionaryEncoding encoding) {
            this.encoding = encoding;
        }

        int number(FieldVector values, Map<Long, Integer> within) throws NpzException {
            int last = vectors.size() - 1;
            boolean sameWithin = last >= 0 && inner.get(last).equals(within);
            if (sameWithin && seen != null && VectorSlices.isShared(seen, values)) {
                return last;
            }
            FieldVector share = VectorSlices.whole(values, allocator);
            forget();
            seen = share;
            vectors.add(sameWithin ? comparable(values) : VectorSlices.whole(values, allocator));
            inner.add(within);
            if (sameWithin) {
                FieldVector former = comparable(vectors.get(last));
                vectors.set(last, former).close();
                if (startsWith(vectors.get(last + 1), former)) {
                    vectors.remove(last).close();
                    inner.remove(last);
                }
            }
            return vectors.size() - 1;
        }

        /** Not what is mapped: Arrow compares, in ways that a JVM need not survive where a file is cut short. */
        private FieldVector comparable(FieldVector vector) throws NpzException {
            return VectorSlices.isMapped(vector)
                    ? VectorSlices.copy(List.of(vector), allocator, 0, vector.getValueCount(), location)
                            .get(0)
                    : VectorSlices.whole(vector, allocator);
        }

        private static boolean startsWith(FieldVector whole, FieldVector start) {
            int count = start.getValueCount();
            try {
                return count == 0
                        || count <= whole.getValueCount()
                                && new ValueBytes.Equality(start, whole).rangeEquals(new Range(0, 0, count));
            } catch (UnsupportedOperationException e) {
                // Types that Arrow does not compare.
                return false;
            }
        }

        FieldVector join() throws NpzException {
            forget();
            if (vectors.size() == 1) {
                return vectors.get(0);
            }
            if (entries == null) {
                entries = new JoinedEntries(
                        vectors,
                        allocator,
                        location,
                        (version, id) -> map(id, inner.get(version).getOrDefault(id, 0)));
                vectors.forEach(FieldVector::close);
                vectors.clear();
            }
            return entries.vector();
        }

        private void forget() {
            if (seen != null) {
                seen.close();
                seen = null;
            }
        }

        @Override
        public void close() {
            forget();
            vectors.forEach(FieldVector::close);
            if (entries != null) {
                entries.close();
            }
        }
    }
}
