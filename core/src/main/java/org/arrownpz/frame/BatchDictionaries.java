package org.arrownpz.frame;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.vector.VectorSlices;

/**
 * The dictionaries of each batch of a stream, which may replace or extend them between batches (Arrow's columnar format,
 * "Dictionary Messages"). Versions share the reader's memory, unless it is mapped, and are closed with this object.
 */
final class BatchDictionaries implements AutoCloseable {
    private final BufferAllocator allocator;
    private final List<Map<Long, Dictionary>> versions = new ArrayList<>();
    private final List<FieldVector> owned = new ArrayList<>();

    BatchDictionaries(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Keeps the dictionaries as they are for the batch that was just loaded. */
    void add(ArrowReader reader) throws IOException {
        Map<Long, Dictionary> previous = versions.isEmpty() ? Map.of() : versions.get(versions.size() - 1);
        Map<Long, Dictionary> current = new HashMap<>();
        for (Map.Entry<Long, Dictionary> entry : reader.getDictionaryVectors().entrySet()) {
            Dictionary known = previous.get(entry.getKey());
            Dictionary kept = keep(entry.getValue());
            if (known != null && isSame(known, kept)) {
                FieldVector spare = owned.remove(owned.size() - 1);
                spare.close();
                kept = known;
            }
            current.put(entry.getKey(), kept);
        }
        versions.add(current);
    }

    // A copy of what is mapped: Arrow compares the versions, in ways that a JVM need not survive where a file is cut
    // short.
    private Dictionary keep(Dictionary dictionary) throws NpzException {
        FieldVector values = dictionary.getVector();
        int rows = values.getValueCount();
        FieldVector kept = VectorSlices.isMapped(values)
                ? VectorSlices.copy(List.of(values), allocator, 0, rows, Location.ofFile(null))
                        .get(0)
                : VectorSlices.whole(values, allocator);
        owned.add(kept);
        return new Dictionary(kept, dictionary.getEncoding());
    }

    private static boolean isSame(Dictionary left, Dictionary right) {
        return left.getVector().getValueCount() == right.getVector().getValueCount() && isPrefix(left, right);
    }

    private static boolean isPrefix(Dictionary start, Dictionary whole) {
        int length = start.getVector().getValueCount();
        return length <= whole.getVector().getValueCount()
                && new RangeEqualsVisitor(start.getVector(), whole.getVector()).rangeEquals(new Range(0, 0, length));
    }

    /** The dictionaries of one batch. */
    DictionaryProvider of(int batch) {
        DictionaryProvider.MapDictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider();
        versions.get(batch).values().forEach(provider::put);
        return provider;
    }

    /** The dictionaries of the last batch. */
    DictionaryProvider last() {
        return versions.isEmpty() ? new DictionaryProvider.MapDictionaryProvider() : of(versions.size() - 1);
    }

    /** Adds the ids of the dictionaries of a field, of those within it, and of those within these. */
    void collect(Field field, Set<Long> ids) {
        if (field.getDictionary() != null && ids.add(field.getDictionary().getId())) {
            Dictionary dictionary = last().lookup(field.getDictionary().getId());
            if (dictionary != null) {
                collect(dictionary.getVector().getField(), ids);
            }
        }
        field.getChildren().forEach(child -> collect(child, ids));
    }

    /** Whether the indices of all batches mean the same in the last batch's dictionary. */
    boolean isStable(long id) {
        Dictionary last = versions.get(versions.size() - 1).get(id);
        return last != null
                && versions.stream()
                        .map(version -> version.get(id))
                        .allMatch(known -> known == last || isPrefix(known, last));
    }

    @Override
    public void close() {
        owned.forEach(FieldVector::close);
        owned.clear();
    }
}
