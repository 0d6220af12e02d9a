package org.arrownpz.support.column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.DictionaryUtility;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.buffers.ExactFieldType;

/**
 * An Arrow schema as the bytes of an encapsulated IPC message (Arrow's columnar format, "Encapsulated message format"):
 * continuation marker, length, flatbuffer, padding.
 *
 * <p>In a message, a dictionary-encoded field has the type of its values (message format); in Arrow Java's vectors it
 * has the type of its indices (memory format).
 *
 * <p>All methods are safe for use by several threads.
 */
public final class SchemaMember {
    private static final int CONTINUATION = -1;
    private static final int PREFIX_BYTES = 8;

    private SchemaMember() {}

    /**
     * The bytes of a schema.
     *
     * @param schema in memory format
     * @param provider where the dictionaries of its fields are
     * @throws IllegalArgumentException when a dictionary is missing
     */
    public static byte[] write(Schema schema, DictionaryProvider provider) {
        List<Field> fields = new ArrayList<>(schema.getFields().size());
        for (Field field : schema.getFields()) {
            fields.add(messageField(field, provider));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            MessageSerializer.serialize(
                    new WriteChannel(Channels.newChannel(bytes)), new Schema(fields, schema.getCustomMetadata()));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * A field of a vector as messages have it: the type of the values in place of that of indices.
     *
     * @throws IllegalArgumentException when a dictionary is missing
     */
    public static Field messageField(Field field, DictionaryProvider provider) {
        if (field.getDictionary() == null && field.getChildren().isEmpty()) {
            return field;
        }
        try {
            return DictionaryUtility.toMessageFormat(field, provider, new HashSet<>());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the column " + SafeText.quote(String.valueOf(field.getName()))
                            + " refers to a dictionary that is not among those given",
                    e);
        }
    }

    /** The schema of a footer or schema message, if it is one that the reader understands; in message form. */
    public static Schema read(org.apache.arrow.flatbuf.Schema flat, short version, Location location)
            throws NpzException {
        return SchemaReader.read(flat, version, location);
    }

    /**
     * Key-value pairs of a footer or message.
     *
     * @param bytes of the flatbuffer that they are in
     * @param offset of the flatbuffer in the file, for messages
     */
    public static Map<String, String> pairs(
            IntSupplier count, IntFunction<KeyValue> pairs, int bytes, Location location, long offset)
            throws NpzException {
        return SchemaReader.pairs(count, pairs, bytes, location, offset);
    }

    /**
     * The schema of a message, in message format, with every field's parameters checked.
     *
     * @param bytes the whole member; the caller has bounded its size
     * @throws NpzException META_SCHEMA when the bytes are not exactly one schema message, or a field is of a type that
     *     does not exist
     */
    public static Schema read(byte[] bytes, Location location) throws NpzException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < PREFIX_BYTES || buffer.getInt() != CONTINUATION) {
            throw error(location, "is no encapsulated message").build();
        }
        int length = buffer.getInt();
        if (length != buffer.remaining()) {
            throw error(location, "has another length than it states")
                    .expected(length)
                    .found(buffer.remaining())
                    .build();
        }
        Schema schema;
        try {
            Message message = Message.getRootAsMessage(buffer.slice().order(ByteOrder.LITTLE_ENDIAN));
            if (!(message.headerType() == MessageHeader.Schema
                    && message.bodyLength() == 0
                    && message.header(new org.apache.arrow.flatbuf.Schema())
                            instanceof org.apache.arrow.flatbuf.Schema flat
                    && flat.endianness() == Endianness.Little)) {
                throw new IllegalArgumentException("no schema of little-endian buffers");
            }
            schema = SchemaReader.read(flat, message.version(), location);
        } catch (NpzException | RuntimeException e) {
            // Flatbuffers accessors follow offsets without a verifier, so that malformed bytes surface as exceptions of
            // any class.
            throw error(location, "is malformed").cause(e).build();
        }
        for (Field field : schema.getFields()) {
            checkMessageField(field, location, 0);
        }
        return schema;
    }

    private static void checkMessageField(Field field, Location location, int depth) throws NpzException {
        ArrowColumnTypes.check(memoryField(field), location, depth);
        if (field.getDictionary() != null) {
            ArrowColumnTypes.check(dictionaryField(field), location, depth);
        }
        for (Field child : field.getChildren()) {
            if (depth > ArrowColumnTypes.MAX_DEPTH) {
                return;
            }
            checkMessageField(child, location, depth + 1);
        }
    }

    /**
     * A field of a message as Arrow Java's vectors have it: indices in place of dictionary-encoded values. Its vectors tell
     * it as it is.
     */
    public static Field memoryField(Field messageField) {
        return ExactFieldType.of(indexed(messageField));
    }

    private static Field indexed(Field messageField) {
        DictionaryEncoding encoding = messageField.getDictionary();
        if (encoding != null) {
            ArrowType.Int index = encoding.getIndexType();
            FieldType type = new FieldType(
                    messageField.isNullable(),
                    index == null ? new ArrowType.Int(32, true) : index,
                    encoding,
                    messageField.getMetadata());
            return new Field(messageField.getName(), type, List.of());
        }
        if (messageField.getChildren().isEmpty()) {
            return messageField;
        }
        return new Field(messageField.getName(), messageField.getFieldType(), indexed(messageField.getChildren()));
    }

    /** The field of a dictionary's values in memory format, named as Arrow Java names them. */
    public static Field dictionaryField(Field messageField) {
        DictionaryEncoding encoding = messageField.getDictionary();
        if (encoding == null) {
            throw new IllegalArgumentException("the field has no dictionary");
        }
        FieldType type = new FieldType(messageField.isNullable(), messageField.getType(), null, null);
        return ExactFieldType.of(new Field("DICT" + encoding.getId(), type, indexed(messageField.getChildren())));
    }

    /** The schema in memory format. */
    public static Schema memorySchema(Schema messageSchema) {
        return new Schema(ExactFieldType.of(indexed(messageSchema.getFields())), messageSchema.getCustomMetadata());
    }

    private static List<Field> indexed(List<Field> fields) {
        List<Field> converted = new ArrayList<>(fields.size());
        for (Field field : fields) {
            converted.add(indexed(field));
        }
        return converted;
    }

    private static NpzException.Builder error(Location location, String problem) {
        return location.error(ErrorCode.META_SCHEMA, "the stored Arrow schema " + problem);
    }
}
