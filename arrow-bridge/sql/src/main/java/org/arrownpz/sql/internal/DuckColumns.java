package org.arrownpz.sql.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.cdata.ExportScope;

/** Columns as DuckDB takes them: half floats as floats, list views as lists, without metadata that it does not know, aligned. */
public final class DuckColumns {
    private static final Set<String> KNOWN_EXTENSIONS = Set.of("arrow.bool8", "arrow.uuid");
    private static final ArrowType FLOAT = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final ArrowType MONTH_DAY_NANO = new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
    private static final int MONTH_DAY_NANO_BYTES = 16;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private DuckColumns() {}

    /** A column that costs little to read, for statements that only count rows. */
    static Field cheapest(List<Field> fields) {
        for (Field field : fields) {
            ArrowType type = field.getType();
            boolean number = type instanceof ArrowType.Int
                    || (type instanceof ArrowType.FloatingPoint floating
                            && floating.getPrecision() != FloatingPointPrecision.HALF);
            if (number && field.getDictionary() == null && !hasNul(field)) {
                return field;
            }
        }
        for (Field field : fields) {
            if (unsupported(List.of(field)).isEmpty()) {
                return field;
            }
        }
        return fields.get(0);
    }

    /**
     * The fields with the types of their values where they are dictionary-encoded, as DuckDB sees them. One whose
     * dictionary is not known yet stays as it is.
     */
    public static List<Field> decoded(List<Field> fields, DictionaryProvider dictionaries) {
        return fields.stream().map(field -> decoded(field, dictionaries)).toList();
    }

    private static Field decoded(Field field, DictionaryProvider dictionaries) {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding == null) {
            return new Field(field.getName(), field.getFieldType(), decoded(field.getChildren(), dictionaries));
        }
        Dictionary dictionary = dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            return field;
        }
        Field values = decoded(dictionary.getVector().getField(), dictionaries);
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), values.getType(), null, values.getMetadata()),
                values.getChildren());
    }

    /** Whether the types of all values are known. */
    static boolean isDecoded(List<Field> fields) {
        return fields.stream().allMatch(field -> field.getDictionary() == null && isDecoded(field.getChildren()));
    }

    /** Whether DuckDB sees the same types, whatever the names. */
    static boolean sameTypes(List<Field> some, List<Field> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            Field one = field(some.get(i));
            Field other = field(others.get(i));
            same = one.getType().equals(other.getType())
                    && one.getMetadata().equals(other.getMetadata())
                    && sameTypes(one.getChildren(), other.getChildren());
        }
        return same;
    }

    /** Names are C strings on their way to DuckDB and back, which end at a NUL. */
    private static boolean hasNul(Field field) {
        return field.getName().indexOf('\0') >= 0;
    }

    /** The name of a column in a database that need not hold its values: without NUL. */
    static String name(Field field) {
        return field.getName().replace("\0", "\\u0000");
    }

    /** Paths of the columns that DuckDB has no type for, or cannot name, with the reason. */
    public static List<String> unsupported(List<Field> fields) {
        List<String> names = new ArrayList<>();
        fields.forEach(field -> collect(field, SafeText.escape(field.getName()), false, names));
        return names;
    }

    private static void collect(Field field, String path, boolean inArray, List<String> names) {
        ArrowType type = field.getType();
        boolean runs = type instanceof ArrowType.RunEndEncoded;
        if (hasNul(field)) {
            names.add(path + " (a NUL in its name)");
        } else if (runs && (inArray || !isLeaf(field.getChildren().get(1)))) {
            names.add(path + (inArray ? " (runs within lists of fixed size)" : " (runs of nested values)"));
        } else if ((type instanceof ArrowType.Decimal decimal && !isKnown(decimal))
                || (type instanceof ArrowType.FixedSizeList list && list.getListSize() == 0)
                // DuckDB takes type codes for positions, and no dense ones.
                || type instanceof ArrowType.Union
                || (type instanceof ArrowType.Struct && field.getChildren().isEmpty())) {
            names.add(path + " (" + type + ")");
        } else if (type instanceof ArrowType.Struct && isRepeated(field.getChildren())) {
            names.add(path + " (a struct with children of one name)");
        }
        boolean array = inArray || type instanceof ArrowType.FixedSizeList;
        field.getChildren()
                .forEach(child -> collect(child, path + "." + SafeText.escape(child.getName()), array, names));
    }

    private static boolean isRepeated(List<Field> fields) {
        return fields.stream().map(Field::getName).distinct().count() < fields.size();
    }

    /**
     * Paths of the columns that hold dictionaries where DuckDB gives indices for values, or ends the process, with the
     * reason.
     */
    static List<String> misread(List<Field> fields, DictionaryProvider dictionaries) {
        List<String> names = new ArrayList<>();
        fields.forEach(field -> collect(field, SafeText.escape(field.getName()), "", dictionaries, names));
        return names;
    }

    private static void collect(
            Field field, String path, String place, DictionaryProvider dictionaries, List<String> names) {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null) {
            Dictionary dictionary = dictionaries.lookup(encoding.getId());
            if (!place.isEmpty()) {
                names.add(path + " (categories within " + place + ")");
            } else if (dictionary != null && !isCategory(dictionary.getVector().getField())) {
                names.add(path + " (categories of type " + dictionary.getVectorType() + ")");
            }
            return;
        }
        String within = place;
        if (field.getType() instanceof ArrowType.FixedSizeList) {
            within = "lists of fixed size";
        } else if (field.getType() instanceof ArrowType.RunEndEncoded) {
            within = "runs";
        }
        for (Field child : field.getChildren()) {
            collect(child, path + "." + SafeText.escape(child.getName()), within, dictionaries, names);
        }
    }

    private static boolean isLeaf(Field field) {
        return field.getChildren().isEmpty() && field.getDictionary() == null;
    }

    /** Whether DuckDB reads a dictionary of such values right. Nobody converts them on the way. */
    private static boolean isCategory(Field field) {
        return !(field.getType() instanceof ArrowType.Struct) && isAsItIs(field);
    }

    private static boolean isAsItIs(Field field) {
        ArrowType type = field.getType();
        return field.getDictionary() == null
                && !(type instanceof ArrowType.FixedSizeList)
                && !(type instanceof ArrowType.RunEndEncoded)
                && field(field).getType().equals(type)
                && field.getChildren().stream().allMatch(DuckColumns::isAsItIs);
    }

    private static boolean isKnown(ArrowType.Decimal decimal) {
        return decimal.getBitWidth() <= 128 && decimal.getScale() >= 0 && decimal.getScale() <= decimal.getPrecision();
    }

    /** The field that {@link #convert} gives. */
    public static Field field(Field field) {
        ArrowType type = field.getType();
        Map<String, String> metadata = new LinkedHashMap<>();
        if (type instanceof ExtensionType extension) {
            metadata.put(ExtensionType.EXTENSION_METADATA_KEY_NAME, extension.extensionName());
            metadata.put(ExtensionType.EXTENSION_METADATA_KEY_METADATA, extension.serialize());
            type = extension.storageType();
        } else {
            metadata.putAll(field.getMetadata());
        }
        if (!KNOWN_EXTENSIONS.contains(metadata.getOrDefault(ExtensionType.EXTENSION_METADATA_KEY_NAME, ""))) {
            metadata.clear();
        }
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), given(type), field.getDictionary(), metadata),
                field.getChildren().stream().map(DuckColumns::field).toList());
    }

    private static ArrowType given(ArrowType type) {
        if (type instanceof ArrowType.FloatingPoint floating
                && floating.getPrecision() == FloatingPointPrecision.HALF) {
            return FLOAT;
        }
        if (ListViews.isView(type)) {
            return new ArrowType.List();
        }
        // DuckDB reads the two halves of a DAY_TIME interval as one number.
        return type instanceof ArrowType.Interval interval && interval.getUnit() == IntervalUnit.DAY_TIME
                ? MONTH_DAY_NANO
                : type;
    }

    /** A column that shares its buffers where it can. The caller closes it; the column stays the caller's. */
    static FieldVector convert(FieldVector vector, Field field, Location location) throws NpzException {
        try (FieldVector result = field.createVector(vector.getAllocator())) {
            load(vector, result, location);
            return ExportScope.realign(result, location);
        }
    }

    private static void load(FieldVector column, FieldVector target, Location location) throws NpzException {
        FieldVector source =
                column instanceof ExtensionTypeVector<?> extension ? extension.getUnderlyingVector() : column;
        List<FieldVector> from = source.getChildrenFromFields();
        List<FieldVector> to = target.getChildrenFromFields();
        for (int i = 0; i < from.size(); i++) {
            load(from.get(i), to.get(i), location);
        }
        if (ListViews.isView(source.getField().getType())) {
            ListViews.load(source, target, location);
            return;
        }
        // The bitmap is loaded, whatever the count of nulls says.
        ArrowFieldNode node = new ArrowFieldNode(source.getValueCount(), 0);
        List<ArrowBuf> buffers = source.getFieldBuffers();
        if (source instanceof Float2Vector halves) {
            try (ArrowBuf floats = widened(halves)) {
                target.loadFieldBuffers(node, List.of(buffers.get(0), floats));
            }
        } else if (source instanceof IntervalDayVector days) {
            try (ArrowBuf intervals = widened(days)) {
                target.loadFieldBuffers(node, List.of(buffers.get(0), intervals));
            }
        } else {
            if (target.getField().getType().equals(source.getField().getType())) {
                TakenValues.require(source, source.getName(), location);
            }
            target.loadFieldBuffers(node, buffers);
        }
    }

    private static ArrowBuf widened(IntervalDayVector days) {
        int count = days.getValueCount();
        long bytes = count * (long) MONTH_DAY_NANO_BYTES;
        ArrowBuf intervals = days.getAllocator().buffer(bytes);
        ArrowBuf values = days.getDataBuffer();
        for (int row = 0; row < count; row++) {
            long from = row * (long) Long.BYTES;
            long to = row * (long) MONTH_DAY_NANO_BYTES;
            intervals.setInt(to, 0);
            intervals.setInt(to + Integer.BYTES, values.getInt(from));
            intervals.setLong(to + Long.BYTES, values.getInt(from + Integer.BYTES) * NANOS_PER_MILLI);
        }
        return intervals.writerIndex(bytes);
    }

    private static ArrowBuf widened(Float2Vector halves) {
        int count = halves.getValueCount();
        long bytes = count * (long) Float.BYTES;
        ArrowBuf floats = halves.getAllocator().buffer(bytes);
        ArrowBuf values = halves.getDataBuffer();
        for (int row = 0; row < count; row++) {
            floats.setFloat(row * (long) Float.BYTES, Float16.toFloat(values.getShort(row * (long) Short.BYTES)));
        }
        return floats.writerIndex(bytes);
    }
}
