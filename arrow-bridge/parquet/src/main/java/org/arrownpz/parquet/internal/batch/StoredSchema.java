package org.arrownpz.parquet.internal.batch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.parquet.internal.file.FileDictionaries;
import org.arrownpz.parquet.internal.file.ParquetFaults;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * The schema of what was written, as key-value metadata {@code arrow_npz_schema}: base64 of an Arrow IPC stream, that is
 * the schema message, and the dictionaries where they are small. Fields are found by name, so that columns that others
 * removed or added do no harm.
 */
public final class StoredSchema implements AutoCloseable {
    public static final String KEY = "arrow_npz_schema";

    /** Larger dictionaries are not repeated in the metadata. */
    private static final long MAX_DICTIONARY_BYTES = 16L << 20;

    /** Names them in the metadata of the schema, by their numbers. */
    private static final String LEFT_OUT = "left_out";

    private final @Nullable IpcFile stream;
    private final List<Field> fields;
    private final DictionaryProvider dictionaries;
    private final Set<Long> leftOut;
    private final Map<Long, Dictionary> adopted = new HashMap<>();

    private StoredSchema(
            @Nullable IpcFile stream, List<Field> fields, DictionaryProvider dictionaries, Set<Long> leftOut) {
        this.stream = stream;
        this.fields = fields;
        this.dictionaries = dictionaries;
        this.leftOut = leftOut;
    }

    /** The key's value for a schema, whose dictionaries must be loaded. */
    public static String encode(Schema schema, DictionaryProvider dictionaries, BufferAllocator allocator)
            throws IOException {
        Map<Long, FieldVector> emptied = new TreeMap<>();
        MapDictionaryProvider kept = new MapDictionaryProvider();
        Set<Long> large = large(dictionaries);
        List<Field> plain = schema.getFields().stream().map(ParquetTypes::plain).toList();
        try {
            for (Long id : dictionaries.getDictionaryIds()) {
                Dictionary dictionary = dictionaries.lookup(id);
                if (large.contains(id)) {
                    FieldVector none = dictionary.getVector().getField().createVector(allocator);
                    emptied.put(id, none);
                    dictionary = new Dictionary(none, dictionary.getEncoding());
                }
                kept.put(dictionary);
            }
            String names = emptied.keySet().stream().map(String::valueOf).collect(Collectors.joining(","));
            Map<String, String> metadata = names.isEmpty() ? Map.of() : Map.of(LEFT_OUT, names);
            return encode(new Schema(plain, metadata), kept, allocator);
        } finally {
            emptied.values().forEach(FieldVector::close);
        }
    }

    /** Numbers of the dictionaries for which there is no room, and of those that refer to one of these. */
    private static Set<Long> large(DictionaryProvider dictionaries) {
        Set<Long> large = new HashSet<>();
        long total = 0;
        for (Long id : dictionaries.getDictionaryIds()) {
            total += dictionaries.lookup(id).getVector().getBufferSize();
            if (total > MAX_DICTIONARY_BYTES) {
                large.add(id);
            }
        }
        boolean more = !large.isEmpty();
        while (more) {
            more = false;
            for (Long id : dictionaries.getDictionaryIds()) {
                more |= refers(dictionaries.lookup(id).getVector().getField(), large) && large.add(id);
            }
        }
        return large;
    }

    private static boolean refers(Field field, Set<Long> ids) {
        DictionaryEncoding encoding = field.getDictionary();
        return encoding != null && ids.contains(encoding.getId())
                || field.getChildren().stream().anyMatch(child -> refers(child, ids));
    }

    private static String encode(Schema schema, MapDictionaryProvider dictionaries, BufferAllocator allocator)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                BatchReader.One batch = new BatchReader.One(root, dictionaries, allocator)) {
            if (dictionaries.getDictionaryIds().isEmpty()) {
                // Of batches the schema is all that counts.
                batch.loadNextBatch();
            }
            Ipc.writeStream(batch, bytes, IpcOptions.defaults());
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** The schema of a file; close it after the last column was restored. */
    public static StoredSchema decode(@Nullable String value, BufferAllocator allocator, Location location)
            throws NpzException {
        if (value == null) {
            return new StoredSchema(null, List.of(), new MapDictionaryProvider(), Set.of());
        }
        Location place = location.member("key-value metadata " + KEY);
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw ParquetFaults.reading(place, e);
        }
        IpcFile stream = Ipc.readStream(
                allocator, Channels.newChannel(new ByteArrayInputStream(bytes)), place.file() + " " + KEY);
        try (Rollback undo = Rollback.of(stream)) {
            List<Field> fields = stream.schema().getFields().stream()
                    .map(ParquetTypes::plain)
                    .toList();
            ArrowReader reader = stream.reader();
            if (fields.stream().anyMatch(FileDictionaries::isEncoded)) {
                reader.loadNextBatch();
            }
            return undo.commit(new StoredSchema(stream, fields, reader, leftOut(stream.schema())));
        } catch (IOException | RuntimeException e) {
            throw ParquetFaults.reading(place, e);
        }
    }

    private static Set<Long> leftOut(Schema schema) {
        Set<Long> ids = new HashSet<>();
        Map<String, String> metadata = schema.getCustomMetadata();
        for (String id : metadata == null
                ? new String[0]
                : metadata.getOrDefault(LEFT_OUT, "").split(",", -1)) {
            if (!id.isEmpty()) {
                // IllegalArgumentException for what is no number: the metadata are damaged.
                ids.add(Long.parseLong(id));
            }
        }
        return ids;
    }

    /**
     * The field that a column was written from, or null when it is not known.
     *
     * @param position of the column in the file
     * @param count of the file's columns
     */
    @Nullable
    Field field(int position, int count, String name) {
        // Several columns may have one name.
        if (count == fields.size() && fields.get(position).getName().equals(name)) {
            return fields.get(position);
        }
        return fields.stream()
                .filter(field -> field.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** A number above those of all dictionaries. */
    public long nextId() {
        long next = 0;
        for (long id : dictionaries.getDictionaryIds()) {
            next = Math.max(next, Math.addExact(id, 1));
        }
        return next;
    }

    /** The values' field of an encoded field's dictionary. */
    @Nullable
    Field values(Field field) {
        Dictionary dictionary = dictionaries.lookup(field.getDictionary().getId());
        return dictionary == null ? null : dictionary.getVector().getField();
    }

    /** The dictionary of a field, or null when it is not known. */
    @Nullable
    Dictionary dictionary(Field field) {
        long id = field.getDictionary().getId();
        return leftOut.contains(id) ? adopted.get(id) : dictionaries.lookup(id);
    }

    /** Puts values in the place of a dictionary that was left out. They stay the caller's. */
    Dictionary adopt(Field field, FieldVector values) {
        var pair = values.getTransferPair(values.getField(), values.getAllocator());
        pair.splitAndTransfer(0, values.getValueCount());
        Dictionary dictionary = new Dictionary((FieldVector) pair.getTo(), field.getDictionary());
        adopted.put(field.getDictionary().getId(), dictionary);
        return dictionary;
    }

    @Override
    public void close() {
        adopted.values().forEach(dictionary -> dictionary.getVector().close());
        adopted.clear();
        if (stream != null) {
            stream.close();
        }
    }

    @Override
    public String toString() {
        return SafeText.escape(fields.toString());
    }
}
