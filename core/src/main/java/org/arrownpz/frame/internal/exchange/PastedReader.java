package org.arrownpz.frame.internal.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.ExactFieldType;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/**
 * The columns of several readers side by side. A batch ends where that of any source does, and shares its memory. For one
 * thread at a time; loading and closing exclude each other.
 */
public final class PastedReader extends BorrowingReader {
    private final List<Source> sources = new ArrayList<>();
    /** The source of each id's dictionary. */
    private final Map<Long, Origin> dictionaries = new TreeMap<>();

    private final VectorSchemaRoot batch;
    private long rows;

    /** A reader, and what of its batch was not given yet. */
    private static final class Source {
        private final String name;
        private final ArrowReader reader;
        private int from;
        private int left;

        Source(String name, ArrowReader reader) {
            this.name = name;
            this.reader = reader;
        }

        /** Loads a batch with rows, where there are none left; false at the end. */
        boolean load() throws IOException {
            while (left == 0) {
                if (!reader.loadNextBatch()) {
                    return false;
                }
                from = 0;
                left = reader.getVectorSchemaRoot().getRowCount();
            }
            return true;
        }
    }

    private record Origin(ArrowReader reader, long id) {}

    /**
     * The sources stay the caller's.
     *
     * @param readers by the names that messages have for them
     * @throws NpzException of a reader that cannot tell its schema
     * @throws IllegalArgumentException when two columns have one name
     */
    public static ArrowReader of(BufferAllocator allocator, Map<String, ? extends ArrowReader> readers)
            throws NpzException {
        return new PastedReader(allocator, readers);
    }

    private PastedReader(BufferAllocator allocator, Map<String, ? extends ArrowReader> readers) throws NpzException {
        super(allocator);
        List<Field> fields = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        for (Map.Entry<String, ? extends ArrowReader> entry : readers.entrySet()) {
            Source source = new Source(entry.getKey(), entry.getValue());
            sources.add(source);
            Map<Long, Long> ids = ids(source.reader);
            for (Field field : schema(source.reader).getFields()) {
                String other = owners.putIfAbsent(field.getName(), source.name);
                if (other != null) {
                    throw new IllegalArgumentException("the column " + SafeText.quote(field.getName()) + " is in "
                            + SafeText.quote(other) + " and in " + SafeText.quote(source.name)
                            + ": columns side by side need names of their own");
                }
                fields.add(numbered(field, ids));
            }
        }
        Schema schema = Interchange.plainSchema(allocator, fields);
        List<FieldVector> vectors = new ArrayList<>(fields.size());
        try (Rollback undo = Rollback.all(vectors)) {
            for (Field field : fields) {
                vectors.add(ExactFieldType.of(field).createVector(allocator));
            }
            this.batch = undo.commit(new VectorSchemaRoot(schema, vectors, 0));
        }
    }

    /** Numbers that no other source has, for the dictionaries of one. */
    private Map<Long, Long> ids(ArrowReader reader) throws NpzException {
        Map<Long, Long> ids = new HashMap<>();
        Set<Long> asked = new HashSet<>();
        schema(reader).getFields().forEach(field -> ids(field, asked));
        for (long id : asked) {
            long free = id;
            while (dictionaries.containsKey(free) || free != id && asked.contains(free)) {
                free++;
            }
            dictionaries.put(free, new Origin(reader, id));
            ids.put(id, free);
        }
        return ids;
    }

    private static void ids(Field field, Collection<Long> ids) {
        if (field.getDictionary() != null) {
            ids.add(field.getDictionary().getId());
        }
        field.getChildren().forEach(child -> ids(child, ids));
    }

    private static Field numbered(Field field, Map<Long, Long> ids) {
        List<Field> children = new ArrayList<>(field.getChildren().size());
        field.getChildren().forEach(child -> children.add(numbered(child, ids)));
        FieldType type = new FieldType(
                field.isNullable(), field.getType(), numbered(field.getDictionary(), ids), field.getMetadata());
        return new Field(field.getName(), type, children);
    }

    private static @Nullable DictionaryEncoding numbered(@Nullable DictionaryEncoding encoding, Map<Long, Long> ids) {
        return encoding == null
                ? null
                : new DictionaryEncoding(
                        ids.getOrDefault(encoding.getId(), encoding.getId()),
                        encoding.isOrdered(),
                        encoding.getIndexType());
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    boolean load() throws IOException {
        Source ended = null;
        Source going = null;
        int count = Integer.MAX_VALUE;
        for (Source source : sources) {
            if (source.load()) {
                going = source;
                count = Math.min(count, source.left);
            } else {
                ended = source;
            }
        }
        if (going == null) {
            batch.clear();
            return false;
        }
        if (ended != null) {
            throw unequal(ended, going);
        }
        VectorSlices.move(slices(count), batch, count);
        for (Source source : sources) {
            source.from += count;
            source.left -= count;
        }
        rows += count;
        return true;
    }

    private List<FieldVector> slices(int count) throws IOException {
        List<FieldVector> slices = new ArrayList<>();
        try (Rollback undo = Rollback.all(slices)) {
            for (Source source : sources) {
                List<FieldVector> vectors = source.reader.getVectorSchemaRoot().getFieldVectors();
                slices.addAll(VectorSlices.share(vectors, allocator, source.from, count, Location.ofFile(source.name)));
            }
            return undo.commit(slices);
        } catch (OutOfMemoryException e) {
            throw Faults.limit(Location.ofFile(null), "for a batch", e);
        }
    }

    private NpzException unequal(Source ended, Source going) {
        return Location.ofFile(ended.name)
                .error(ErrorCode.FRAME_SHAPE, "columns side by side have as many rows as each other")
                .expected("more rows, as " + SafeText.quote(going.name) + " has them")
                .found(rows + " rows")
                .build();
    }

    @Override
    public @Nullable Dictionary lookup(long id) {
        Origin origin = dictionaries.get(id);
        return origin == null ? null : under(id, origin.reader, origin.id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return dictionaries.keySet();
    }

    @Override
    public long bytesRead() {
        return sources.stream().mapToLong(source -> source.reader.bytesRead()).sum();
    }
}
