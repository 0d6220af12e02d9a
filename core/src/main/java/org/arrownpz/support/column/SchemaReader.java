package org.arrownpz.support.column;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Feature;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.ExtensionTypeRegistry;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.jspecify.annotations.Nullable;

/**
 * Schemas from flatbuffers, as {@link Schema#convertSchema} makes them, with bounds on what a few hostile bytes can
 * demand: tables may refer to each other, so that fields in fields multiply without end.
 */
final class SchemaReader {
    /** The least that a field or a pair takes: a table of its own, and its place in a vector. */
    private static final int LEAST_BYTES = 12;

    /** No known writer lets fields share a table or a text; some slack is left for those that might. */
    private static final int SHARING = 4;

    private static final int ALLOWANCE = 1 << 16;

    private final Location location;
    private long budget;

    private SchemaReader(Location location, long bytes) {
        this.location = location;
        this.budget = ALLOWANCE + bytes * SHARING;
    }

    /** The schema of a footer or schema message, if it is one that this reader understands. */
    static Schema read(org.apache.arrow.flatbuf.Schema flat, short version, Location location) throws NpzException {
        try {
            short order = flat.endianness();
            if (order != Endianness.Little && order != Endianness.Big) {
                throw location.error(ErrorCode.VERSION, "Arrow data in a byte order that is not known")
                        .expected("0 or 1")
                        .found(order)
                        .build();
            }
            if (version < MetadataVersion.V4 || version > MetadataVersion.V5) {
                throw location.error(ErrorCode.VERSION, "an Arrow metadata version that is not supported")
                        .expected("V4 or V5")
                        .found("V" + (version + 1))
                        .build();
            }
            for (int i = 0; i < flat.featuresLength(); i++) {
                if (flat.features(i) < Feature.UNUSED || flat.features(i) > Feature.COMPRESSED_BODY) {
                    throw location.error(ErrorCode.VERSION, "an Arrow format feature that is not supported")
                            .found("feature " + flat.features(i))
                            .build();
                }
            }
            SchemaReader reader =
                    new SchemaReader(location, flat.getByteBuffer().limit());
            return reader.schema(flat);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw damaged(location, e).build();
        }
    }

    private Schema schema(org.apache.arrow.flatbuf.Schema flat) throws NpzException {
        int count = flat.fieldsLength();
        spend(count);
        List<Field> fields = new ArrayList<>(count);
        org.apache.arrow.flatbuf.Field field = new org.apache.arrow.flatbuf.Field();
        for (int i = 0; i < count; i++) {
            fields.add(field(flat.fields(field, i), 1));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        spend(flat.customMetadataLength());
        for (int i = 0; i < flat.customMetadataLength(); i++) {
            charge(put(metadata, flat.customMetadata(i)));
        }
        return new Schema(fields, metadata);
    }

    private void spend(long items) throws NpzException {
        charge(items * LEAST_BYTES);
    }

    private void charge(long bytes) throws NpzException {
        budget -= bytes;
        if (bytes < 0 || budget < 0) {
            throw location.error(ErrorCode.META_SCHEMA, "the schema has more fields than its bytes can hold")
                    .build();
        }
    }

    private Field field(org.apache.arrow.flatbuf.Field flat, int depth) throws NpzException {
        if (depth > ArrowColumnTypes.MAX_DEPTH) {
            throw location.error(ErrorCode.LIMIT, "types are nested more than " + ArrowColumnTypes.MAX_DEPTH + " deep")
                    .build();
        }
        // Other readers, too, take a missing name for an empty one.
        String name = flat.name() == null ? "" : flat.name();
        charge(name.length());
        FieldType type = type(flat, name);
        int count = flat.childrenLength();
        if (count == 0) {
            return new Field(name, type, null);
        }
        spend(count);
        boolean list = flat.typeType() == Type.List || flat.typeType() == Type.FixedSizeList;
        List<Field> children = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Field child = field(flat.children(i), depth + 1);
            // What Arrow Java wrote before version 0.8.
            children.add(
                    list && "[DEFAULT]".equals(child.getName())
                            ? new Field(
                                    BaseRepeatedValueVector.DATA_VECTOR_NAME, child.getFieldType(), child.getChildren())
                            : child);
        }
        return new Field(name, type, children);
    }

    private FieldType type(org.apache.arrow.flatbuf.Field flat, @Nullable String name) throws NpzException {
        Map<String, String> metadata = new HashMap<>();
        spend(flat.customMetadataLength());
        for (int i = 0; i < flat.customMetadataLength(); i++) {
            charge(put(metadata, flat.customMetadata(i)));
        }
        if (flat.typeType() == Type.Union
                && flat.type(new org.apache.arrow.flatbuf.Union()) instanceof org.apache.arrow.flatbuf.Union union) {
            // An array of that many is made at once.
            spend(union.typeIdsLength());
        }
        requireSupported(flat, name);
        ArrowType type = ArrowType.getTypeForField(flat);
        String problem = ArrowColumnTypes.parameterProblem(type);
        if (problem != null) {
            throw location.error(
                            ErrorCode.META_SCHEMA, "field " + SafeText.quote(String.valueOf(name)) + " is " + problem)
                    .build();
        }
        String extension = metadata.get(ExtensionType.EXTENSION_METADATA_KEY_NAME);
        if (extension != null) {
            ExtensionType registered = ExtensionTypeRegistry.lookup(extension);
            if (registered != null) {
                type = registered.deserialize(
                        type, metadata.getOrDefault(ExtensionType.EXTENSION_METADATA_KEY_METADATA, ""));
            }
        }
        return new FieldType(flat.nullable(), type, dictionary(flat), metadata);
    }

    /** Types of the format that Arrow Java has no vector for, and those that came after it. */
    private void requireSupported(org.apache.arrow.flatbuf.Field flat, @Nullable String name) throws NpzException {
        String kind = null;
        if (flat.typeType() > Type.LargeListView) {
            kind = "number " + flat.typeType();
        } else if (flat.typeType() == Type.Decimal
                && flat.type(new org.apache.arrow.flatbuf.Decimal()) instanceof org.apache.arrow.flatbuf.Decimal decimal
                && (decimal.bitWidth() == 32 || decimal.bitWidth() == 64)) {
            kind = "decimal" + decimal.bitWidth();
        }
        if (kind != null) {
            throw location.error(
                            ErrorCode.DTYPE,
                            "field " + SafeText.quote(String.valueOf(name)) + " is of the Arrow type " + kind
                                    + ", which is not supported")
                    .remedy("Write the column as another type, decimals as decimal128")
                    .build();
        }
    }

    private @Nullable DictionaryEncoding dictionary(org.apache.arrow.flatbuf.Field flat) throws NpzException {
        org.apache.arrow.flatbuf.DictionaryEncoding encoding = flat.dictionary();
        if (encoding == null) {
            return null;
        }
        org.apache.arrow.flatbuf.Int index = encoding.indexType();
        ArrowType.Int type = index == null ? null : new ArrowType.Int(index.bitWidth(), index.isSigned());
        String problem = type == null ? null : ArrowColumnTypes.parameterProblem(type);
        if (problem != null) {
            throw location.error(ErrorCode.META_SCHEMA, "a dictionary's index is " + problem)
                    .build();
        }
        return new DictionaryEncoding(encoding.id(), encoding.isOrdered(), type);
    }

    /** The length of both texts. */
    private static long put(Map<String, String> metadata, KeyValue pair) {
        String key = pair.key() == null ? "" : pair.key();
        String value = pair.value() == null ? "" : pair.value();
        metadata.put(key, value);
        return (long) key.length() + value.length();
    }

    /**
     * Key-value pairs of a footer or message.
     *
     * @param bytes of the flatbuffer that they are in
     * @param offset of the flatbuffer in the file, for messages
     */
    static Map<String, String> pairs(
            IntSupplier count, IntFunction<KeyValue> pairs, int bytes, Location location, long offset)
            throws NpzException {
        try {
            int length = count.getAsInt();
            if (length == 0) {
                return Map.of();
            }
            SchemaReader reader = new SchemaReader(location, bytes);
            reader.spend(length);
            Map<String, String> metadata = new LinkedHashMap<>();
            for (int i = 0; i < length; i++) {
                reader.charge(put(metadata, pairs.apply(i)));
            }
            return Collections.unmodifiableMap(metadata);
        } catch (RuntimeException e) {
            throw damaged(location, e).at(offset).build();
        }
    }

    private static NpzException.Builder damaged(Location location, Throwable cause) {
        return location.error(ErrorCode.META_SCHEMA, "the Arrow metadata are damaged")
                .cause(cause);
    }
}
