package org.arrownpz.frame.internal.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.Faults;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.buffers.ExactFieldType;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several readers one after the other. Batches are those of the sources, and share their memory. For one
 * thread at a time; loading and closing exclude each other.
 */
public final class ConcatenatedReader extends BorrowingReader {
    private final List<Source> sources = new ArrayList<>();
    private final VectorSchemaRoot batch;
    private int current;

    /**
     * A reader.
     *
     * @param name for messages
     * @param ids which of its dictionaries stands for each of the first reader's
     */
    private record Source(String name, ArrowReader reader, Map<Long, Long> ids) {}

    /**
     * The sources stay the caller's; there is at least one.
     *
     * @param readers by the names that messages have for them
     * @throws NpzException of a reader that cannot tell its schema
     * @throws IllegalArgumentException when columns, or the index, are not those of the first reader
     */
    public static ArrowReader of(BufferAllocator allocator, Map<String, ? extends ArrowReader> readers)
            throws NpzException {
        return new ConcatenatedReader(allocator, readers);
    }

    private ConcatenatedReader(BufferAllocator allocator, Map<String, ? extends ArrowReader> readers)
            throws NpzException {
        super(allocator);
        if (readers.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to put together");
        }
        Map<String, String> metadata = null;
        List<Field> fields = new ArrayList<>();
        int levels = 0;
        for (Map.Entry<String, ? extends ArrowReader> entry : readers.entrySet()) {
            Schema schema = schema(entry.getValue());
            Map<Long, Long> ids = new HashMap<>();
            if (metadata == null) {
                metadata = new LinkedHashMap<>(schema.getCustomMetadata());
                // It counts the rows of the first table.
                metadata.remove(Interchange.PANDAS_KEY);
                levels = Interchange.indexLevels(schema);
                fields.addAll(schema.getFields());
            }
            if (Interchange.indexLevels(schema) != levels || schema.getFields().size() != fields.size()) {
                throw new IllegalArgumentException(SafeText.quote(entry.getKey()) + " has "
                        + schema.getFields().size() + " columns, " + Interchange.indexLevels(schema)
                        + " of them index levels, and the tables before it have " + fields.size() + " and " + levels);
            }
            for (int i = 0; i < fields.size(); i++) {
                fields.set(i, common(fields.get(i), schema.getFields().get(i), ids, entry.getKey()));
            }
            sources.add(new Source(entry.getKey(), entry.getValue(), ids));
        }
        List<FieldVector> vectors = new ArrayList<>(fields.size());
        fields.forEach(field -> vectors.add(ExactFieldType.of(field).createVector(allocator)));
        this.batch = new VectorSchemaRoot(new Schema(fields, metadata), vectors, 0);
    }

    /** A field that both are, without what they say differently of the values' origin. */
    private static Field common(Field known, Field other, Map<Long, Long> ids, String source) {
        DictionaryEncoding encoding = known.getDictionary();
        DictionaryEncoding others = other.getDictionary();
        boolean same = known.getName().equals(other.getName())
                && known.getType().equals(other.getType())
                && known.getChildren().size() == other.getChildren().size()
                && (encoding == null) == (others == null)
                && (encoding == null || others == null || encoding.isOrdered() == others.isOrdered())
                && isSame(known, other, NumpyMetadata.EXTENSION_NAME)
                && isSame(known, other, NumpyMetadata.EXTENSION_METADATA);
        if (!same) {
            throw new IllegalArgumentException("the column " + SafeText.quote(other.toString()) + " of "
                    + SafeText.quote(source) + " is not " + SafeText.quote(known.toString())
                    + ", as in the tables before it");
        }
        if (encoding != null && others != null) {
            ids.put(encoding.getId(), others.getId());
        }
        List<Field> children = new ArrayList<>();
        for (int i = 0; i < known.getChildren().size(); i++) {
            children.add(common(known.getChildren().get(i), other.getChildren().get(i), ids, source));
        }
        Map<String, String> metadata = new LinkedHashMap<>(known.getMetadata());
        metadata.entrySet()
                .removeIf(entry -> !entry.getValue().equals(other.getMetadata().get(entry.getKey())));
        FieldType type = new FieldType(known.isNullable() || other.isNullable(), known.getType(), encoding, metadata);
        return new Field(known.getName(), type, children);
    }

    private static boolean isSame(Field known, Field other, String key) {
        String value = known.getMetadata().get(key);
        String others = other.getMetadata().get(key);
        return value == null ? others == null : value.equals(others);
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    boolean load() throws IOException {
        while (!sources.get(current).reader.loadNextBatch()) {
            if (current == sources.size() - 1) {
                batch.clear();
                return false;
            }
            current++;
        }
        VectorSchemaRoot own = sources.get(current).reader.getVectorSchemaRoot();
        VectorSlices.move(shared(own), batch, own.getRowCount());
        return true;
    }

    private List<FieldVector> shared(VectorSchemaRoot own) throws NpzException {
        Location location = Location.ofFile(sources.get(current).name);
        try {
            return VectorSlices.share(own.getFieldVectors(), allocator, 0, own.getRowCount(), location);
        } catch (OutOfMemoryException e) {
            throw Faults.limit(location, "for a batch", e);
        }
    }

    /** The dictionary of the batch at hand: it may be another after the next one. */
    @Override
    public @Nullable Dictionary lookup(long id) {
        Source source = sources.get(current);
        Long own = source.ids.get(id);
        return own == null ? null : under(id, source.reader, own);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return sources.get(0).ids.keySet();
    }

    @Override
    public long bytesRead() {
        return sources.stream().mapToLong(source -> source.reader.bytesRead()).sum();
    }
}
