package org.arrownpz.parquet.internal.type;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The Arrow schema in a Parquet file, as key-value metadata {@code ARROW:schema}: base64 of the IPC schema message. */
public final class ArrowSchema {
    public static final String KEY = "ARROW:schema";

    private static final ArrowType INT64 = new ArrowType.Int(64, true);

    private final DictionaryProvider dictionaries;
    private boolean exact = true;
    private long nextId;

    private ArrowSchema(DictionaryProvider dictionaries) {
        this.dictionaries = dictionaries;
    }

    /**
     * The schema's words on columns, chosen so that all clients read them right: what is declared is what stands in the
     * file, but for the types that readers restore. pyarrow, for one, fails at a fixed-size list that is null, Polars
     * at list views, and takes milliseconds for seconds where the schema speaks of these.
     *
     * @param fields with extension types as metadata
     * @param gaps by column: whether a fixed-size list is missing
     */
    public static List<Field> declare(List<Field> fields, DictionaryProvider dictionaries, boolean[] gaps) {
        ArrowSchema schema = new ArrowSchema(dictionaries);
        List<Field> declared = new ArrayList<>();
        for (int i = 0; i < gaps.length; i++) {
            declared.add(schema.declared(fields.get(i), fields.get(i).getName(), gaps[i]));
        }
        return declared;
    }

    /**
     * The key's value.
     *
     * @param declared fields in the form of IPC messages
     * @param metadata of the table: readers of the dataset library, and pandas with it, look for them here alone
     */
    public static String encode(List<Field> declared, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), new Schema(declared, metadata));
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * A column with the types that pyarrow restores from its field in the schema. The native reader does not restore
     * those inside maps, views, and extension types. Units of time and names are those of the file.
     */
    public static Field hinted(Field read, Field hint) {
        List<Field> parts = read.getChildren();
        List<Field> hints = hint.getChildren();
        boolean matched = parts.size() == hints.size();
        List<Field> children = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            children.add(matched ? hinted(parts.get(i), hints.get(i)) : parts.get(i));
        }
        DictionaryEncoding encoding = read.getDictionary();
        ArrowType type = read.getType();
        if (encoding == null && hint.getDictionary() != null && ParquetTypes.isTextual(type)) {
            encoding = hint.getDictionary();
        } else if (encoding == null && hint.getDictionary() == null) {
            type = hinted(type, hint.getType());
        }
        boolean same = type.equals(hint.getType());
        Map<String, String> metadata =
                same ? new LinkedHashMap<>(hint.getMetadata()) : withoutExtension(hint.getMetadata());
        metadata.putAll(read.getMetadata());
        return new Field(read.getName(), new FieldType(read.isNullable(), type, encoding, metadata), children);
    }

    private static ArrowType hinted(ArrowType read, ArrowType hint) {
        boolean known = read.equals(ParquetTypes.returned(hint));
        if (ParquetTypes.isList(hint)) {
            known = read instanceof ArrowType.List
                    && !(hint instanceof ArrowType.FixedSizeList list && list.getListSize() < 0);
        } else if (hint instanceof ArrowType.Timestamp stamp && read instanceof ArrowType.Timestamp given) {
            boolean zoned = given.getTimezone() != null && stamp.getTimezone() != null;
            return zoned ? new ArrowType.Timestamp(given.getUnit(), stamp.getTimezone()) : read;
        } else if (hint instanceof ArrowType.Time
                || hint instanceof ArrowType.Date
                || hint instanceof ArrowType.Interval) {
            known = false;
        } else if (hint instanceof ArrowType.Decimal && !(read instanceof ArrowType.Decimal)) {
            known = false;
        }
        return known ? hint : read;
    }

    /**
     * The field with lists of any length instead of those of a fixed one, whatever it has inside, and without extension
     * types: over other lists than theirs some are an error to native code.
     */
    public static Field withPlainLists(Field field) {
        ArrowType type = field.getType() instanceof ArrowType.FixedSizeList ? new ArrowType.List() : field.getType();
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), type, field.getDictionary(), withoutExtension(field.getMetadata())),
                field.getChildren().stream().map(ArrowSchema::withPlainLists).toList());
    }

    private static Map<String, String> withoutExtension(Map<String, String> metadata) {
        Map<String, String> others = new LinkedHashMap<>(metadata);
        others.remove(ExtensionType.EXTENSION_METADATA_KEY_NAME);
        others.remove(ExtensionType.EXTENSION_METADATA_KEY_METADATA);
        return others;
    }

    /** In the form of IPC messages, where the type of an encoded field is that of its values. */
    private Field declared(Field field, String name, boolean gap) {
        boolean outside = exact;
        exact = true;
        DictionaryEncoding encoding = field.getDictionary();
        Field declared;
        if (encoding != null) {
            declared = encoded(dictionaries.lookup(encoding.getId()).getVector().getField(), encoding, name, gap);
        } else if (field.getType() instanceof ArrowType.RunEndEncoded) {
            declared = declared(field.getChildren().get(1), name, gap);
            exact = false;
        } else {
            declared = plain(field, name, gap);
        }
        Map<String, String> metadata = field.getMetadata();
        if (!exact || !ExtensionRules.hold(metadata, declared.getType())) {
            // An extension type over another storage, or whose own metadata are wrong, is an error to those who know
            // it.
            metadata = withoutExtension(metadata);
        }
        exact &= outside;
        FieldType type = new FieldType(true, declared.getType(), declared.getDictionary(), metadata);
        return new Field(name, type, declared.getChildren());
    }

    private Field encoded(Field values, DictionaryEncoding encoding, String name, boolean gap) {
        Field declared = declared(ParquetTypes.plain(values), name, gap);
        if (!ParquetTypes.hasDictionaries(values.getType())) {
            exact = false;
            return declared;
        }
        ArrowType.Int index = encoding.getIndexType();
        // pandas has no such indices.
        boolean widest = index.getBitWidth() == Long.SIZE && !index.getIsSigned();
        DictionaryEncoding own =
                new DictionaryEncoding(nextId++, encoding.isOrdered(), widest ? (ArrowType.Int) INT64 : index);
        return new Field(name, new FieldType(true, declared.getType(), own), null);
    }

    private Field plain(Field field, String name, boolean gap) {
        ArrowType type = declared(field.getType(), gap);
        exact &= type.equals(field.getType());
        if (type instanceof ArrowType.Struct && field.getType() instanceof ArrowType.Interval interval) {
            return Rebuild.nullable(name, type, ParquetTypes.parts(interval));
        }
        if (type instanceof ArrowType.Struct && field.getChildren().isEmpty()) {
            exact = false;
            return Rebuild.nullable(name, ParquetTypes.INT8, List.of());
        }
        List<Field> children = new ArrayList<>();
        for (Field child : field.getChildren()) {
            boolean list = ParquetTypes.isList(field.getType());
            children.add(declared(child, list ? "element" : child.getName(), gap));
        }
        if (type instanceof ArrowType.Map) {
            Field entries = children.get(0);
            Field key = entries.getChildren().get(0);
            FieldType required = new FieldType(false, key.getType(), key.getDictionary(), key.getMetadata());
            List<Field> pair = List.of(
                    new Field("key", required, key.getChildren()),
                    new Field(
                            "value",
                            entries.getChildren().get(1).getFieldType(),
                            entries.getChildren().get(1).getChildren()));
            children.set(0, new Field("entries", FieldType.notNullable(entries.getType()), pair));
        }
        return Rebuild.nullable(name, type, children);
    }

    private static ArrowType declared(ArrowType type, boolean gap) {
        if (ParquetTypes.isList(type)) {
            boolean known = type instanceof ArrowType.LargeList || (type instanceof ArrowType.FixedSizeList && !gap);
            return known ? type : new ArrowType.List();
        }
        // The one type that stands in the file as another and is restored by all.
        return type instanceof ArrowType.Duration ? type : ParquetTypes.stored(type);
    }

    /** The fields of a file's schema, none where it cannot be understood: the file's own types stand then. */
    public static List<Field> decode(@Nullable String value) {
        if (value == null) {
            return List.of();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(value);
            return MessageSerializer.deserializeSchema(
                            new ReadChannel(Channels.newChannel(new ByteArrayInputStream(bytes))))
                    .getFields();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }
}
