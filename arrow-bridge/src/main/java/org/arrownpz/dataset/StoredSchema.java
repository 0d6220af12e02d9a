package org.arrownpz.dataset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.jspecify.annotations.Nullable;

/**
 * The schema of what was written, as key-value metadata {@code arrow_npz_schema}: base64 of an Arrow IPC stream, that is
 * the schema message, and the dictionaries where they are small. Fields are found by name, so that columns that others
 * removed or added do no harm.
 */
final class StoredSchema implements AutoCloseable {
    static final String KEY = "arrow_npz_schema";

    /** Larger dictionaries are not repeated in the metadata; their columns come back as plain values. */
    private static final long MAX_DICTIONARY_BYTES = 16L << 20;

    private static final StoredSchema NONE = new StoredSchema(null, Map.of(), new MapDictionaryProvider());

    private final @Nullable IpcFile stream;
    private final Map<String, Field> fields;
    private final DictionaryProvider dictionaries;

    private StoredSchema(@Nullable IpcFile stream, Map<String, Field> fields, DictionaryProvider dictionaries) {
        this.stream = stream;
        this.fields = fields;
        this.dictionaries = dictionaries;
    }

    /** The key's value for a schema, whose dictionaries must be loaded. */
    static String encode(Schema schema, DictionaryProvider dictionaries, BufferAllocator allocator) throws IOException {
        Map<Long, FieldVector> emptied = new TreeMap<>();
        MapDictionaryProvider kept = new MapDictionaryProvider();
        Schema plain =
                new Schema(schema.getFields().stream().map(ParquetTypes::plain).toList());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = VectorSchemaRoot.create(plain, allocator)) {
            long total = 0;
            for (Long id : dictionaries.getDictionaryIds()) {
                Dictionary dictionary = dictionaries.lookup(id);
                total += dictionary.getVector().getBufferSize();
                if (total > MAX_DICTIONARY_BYTES) {
                    FieldVector none = dictionary.getVector().getField().createVector(allocator);
                    emptied.put(id, none);
                    dictionary = new Dictionary(none, dictionary.getEncoding());
                }
                kept.put(dictionary);
            }
            try (ArrowStreamWriter writer = new ArrowStreamWriter(root, kept, Channels.newChannel(bytes))) {
                writer.start();
                if (!kept.getDictionaryIds().isEmpty()) {
                    writer.writeBatch();
                }
                writer.end();
            }
        } finally {
            emptied.values().forEach(FieldVector::close);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** The schema of a file; close it after the last column was restored. */
    static StoredSchema decode(@Nullable String value, BufferAllocator allocator, Location location)
            throws NpzException {
        if (value == null) {
            return NONE;
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
        boolean done = false;
        try {
            Map<String, Field> fields = new HashMap<>();
            boolean encoded = false;
            for (Field field : stream.schema().getFields()) {
                Field plain = ParquetTypes.plain(field);
                fields.put(field.getName(), plain);
                encoded |= plain.getDictionary() != null;
            }
            ArrowReader reader = stream.reader();
            if (encoded) {
                reader.loadNextBatch();
            }
            StoredSchema schema = new StoredSchema(stream, fields, reader);
            done = true;
            return schema;
        } catch (IOException | RuntimeException e) {
            throw ParquetFaults.reading(place, e);
        } finally {
            if (!done) {
                stream.close();
            }
        }
    }

    /** The field that a column was written from, or null when it is not known. */
    @Nullable
    Field field(String name) {
        return fields.get(name);
    }

    /** The dictionary of a field. */
    @Nullable
    Dictionary dictionary(Field field) {
        return field.getDictionary() == null
                ? null
                : dictionaries.lookup(field.getDictionary().getId());
    }

    DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }

    @Override
    public String toString() {
        return SafeText.escape(fields.keySet().toString());
    }
}
