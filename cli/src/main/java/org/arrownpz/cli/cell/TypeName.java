package org.arrownpz.cli.cell;

import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Types of fields in the words that data frames have for them. Not escaped. */
public final class TypeName {
    private TypeName() {}

    /** For instance {@code int64}, {@code text dict} or {@code list<float64>}. */
    public static String of(Field field) {
        String name = plain(field);
        return field.getDictionary() == null ? name : name + " dict";
    }

    /** Whether values of the field are numbers, which stand at the right. */
    public static boolean isNumber(Field field) {
        ArrowType type = field.getType();
        return field.getDictionary() == null
                && (type instanceof ArrowType.Int
                        || type instanceof ArrowType.FloatingPoint
                        || type instanceof ArrowType.Decimal);
    }

    private static String plain(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Int number) {
            return (number.getIsSigned() ? "int" : "uint") + number.getBitWidth();
        } else if (type instanceof ArrowType.FloatingPoint number) {
            FloatingPointPrecision precision = number.getPrecision();
            return precision == FloatingPointPrecision.HALF
                    ? "float16"
                    : precision == FloatingPointPrecision.SINGLE ? "float32" : "float64";
        } else if (type instanceof ArrowType.Decimal number) {
            return "decimal(" + number.getPrecision() + "," + number.getScale() + ")";
        } else if (type instanceof ArrowType.Timestamp time) {
            return "timestamp[" + unit(time.getUnit()) + zone(time.getTimezone()) + "]";
        } else if (type instanceof ArrowType.Duration time) {
            return "duration[" + unit(time.getUnit()) + "]";
        } else if (type instanceof ArrowType.Time time) {
            return "time[" + unit(time.getUnit()) + "]";
        } else if (type instanceof ArrowType.FixedSizeBinary bytes) {
            return "binary[" + bytes.getByteWidth() + "]";
        } else if (type instanceof ArrowType.FixedSizeList list) {
            return "list" + children(field) + "[" + list.getListSize() + "]";
        }
        return switch (type.getTypeID()) {
            case Utf8, LargeUtf8, Utf8View -> "text";
            case Binary, LargeBinary, BinaryView -> "binary";
            case List, LargeList, ListView, LargeListView -> "list" + children(field);
            case Struct -> "struct" + children(field);
            case Map ->
                "map"
                        + (field.getChildren().isEmpty()
                                ? ""
                                : children(field.getChildren().get(0)));
            case RunEndEncoded ->
                field.getChildren().size() == 2 ? of(field.getChildren().get(1)) + " runs" : "runs";
            default -> type.getTypeID().name().toLowerCase(Locale.ROOT);
        };
    }

    // Values are shown in UTC, whatever zone they are meant for.
    private static String zone(@Nullable String zone) {
        return zone == null || zone.isEmpty() ? "" : zone.equals("UTC") ? ", UTC" : ", UTC for " + zone;
    }

    private static String children(Field field) {
        return field.getChildren().stream().map(TypeName::of).collect(Collectors.joining(", ", "<", ">"));
    }

    private static String unit(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> "s";
            case MILLISECOND -> "ms";
            case MICROSECOND -> "us";
            case NANOSECOND -> "ns";
        };
    }

    /** Types of fields as text, without what has no meaning beyond a file (dictionary ids). Not escaped. */
    public static final class TypeText {
        private TypeText() {}

        /** For instance {@code Int(64, true)}, {@code Utf8 dictionary by Int(8, true)} or {@code List<item: Utf8>}. */
        public static String of(Field field, DictionaryProvider dictionaries) {
            Field values = values(field, dictionaries);
            String children = values.getChildren().isEmpty()
                    ? ""
                    : values.getChildren().stream()
                            .map(child -> child.getName() + ": " + of(child, dictionaries))
                            .collect(Collectors.joining(", ", "<", ">"));
            return values.getType() + children + suffix(field);
        }

        /** The field of the values: that of the dictionary, if there is one. */
        public static Field values(Field field, DictionaryProvider dictionaries) {
            DictionaryEncoding encoding = field.getDictionary();
            Dictionary dictionary = encoding == null ? null : dictionaries.lookup(encoding.getId());
            return dictionary == null ? field : values(dictionary.getVector().getField(), dictionaries);
        }

        /** The words behind the type of the values: their encoding, and that there are no nulls. */
        public static String suffix(Field field) {
            DictionaryEncoding encoding = field.getDictionary();
            String encoded = encoding == null
                    ? ""
                    : (encoding.isOrdered() ? " ordered dictionary by " : " dictionary by ") + field.getType();
            return field.isNullable() ? encoded : encoded + " not null";
        }
    }
}
