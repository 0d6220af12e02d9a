package org.arrownpz.parquet.internal.write;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A file's schema: its elements for the footer (parquet-format, LogicalTypes.md), and its leaves. Lists have three
 * levels, and their elements the name that the format gives them.
 */
final class FileSchema {
    private static final String UUID = "arrow.uuid";
    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;
    private static final int REPEATED = 2;

    private final Function<Field, Field> values;
    private final List<ThriftStruct> elements = new ArrayList<>();
    private final List<List<Leaf>> columns = new ArrayList<>();

    /**
     * @param fields of the columns as they are stored
     * @param declared fields of the same columns that may have extension types as metadata
     * @param values gives the values' field of an encoded field
     */
    FileSchema(List<Field> fields, List<Field> declared, Function<Field, Field> values) {
        this.values = values;
        elements.add(new ThriftStruct().i32(3, REQUIRED).text(4, "schema").i32(5, fields.size()));
        for (int i = 0; i < fields.size(); i++) {
            List<Leaf> leaves = new ArrayList<>();
            Place place = new Place(OPTIONAL, fields.get(i).getName(), List.of(), List.of(), 0, 0);
            add(fields.get(i), declared.get(i), place, leaves);
            columns.add(leaves);
        }
    }

    List<ThriftStruct> elements() {
        return elements;
    }

    /** The leaves of each column. */
    List<List<Leaf>> columns() {
        return columns;
    }

    /** The place of a field. */
    private record Place(
            int kind, String name, List<String> outer, List<Integer> route, int definition, int repetition) {
        Place within(String group, int child, int childKind, String childName, int lists) {
            List<String> path = append(outer, name);
            return new Place(
                    childKind,
                    childName,
                    group.isEmpty() ? path : append(path, group),
                    child < 0 ? route : append(route, child),
                    definition + kind + lists,
                    repetition + lists);
        }
    }

    private void add(Field encoded, Field declared, Place place, List<Leaf> leaves) {
        Field plain = encoded.getType() instanceof ArrowType.RunEndEncoded
                ? encoded.getChildren().get(1)
                : encoded;
        Field field = plain.getDictionary() == null ? plain : values.apply(plain);
        ArrowType type = field.getType();
        List<Field> children = field.getChildren();
        List<Field> hints = declared.getChildren().size() == children.size() ? declared.getChildren() : children;
        if (type instanceof ArrowType.List || type instanceof ArrowType.LargeList) {
            elements.add(group(place.kind, place.name, 1, 3, 3));
            elements.add(group(REPEATED, "list", 1, -1, 0));
            add(children.get(0), hints.get(0), place.within("list", -1, OPTIONAL, "element", 1), leaves);
        } else if (type instanceof ArrowType.Map) {
            elements.add(group(place.kind, place.name, 1, 1, 2));
            elements.add(group(REPEATED, "key_value", 2, -1, 0));
            List<Field> pair = children.get(0).getChildren();
            List<Field> known =
                    hints.get(0).getChildren().size() == 2 ? hints.get(0).getChildren() : pair;
            add(pair.get(0), known.get(0), place.within("key_value", 0, REQUIRED, "key", 1), leaves);
            add(pair.get(1), known.get(1), place.within("key_value", 1, OPTIONAL, "value", 1), leaves);
        } else if (type instanceof ArrowType.Struct) {
            elements.add(group(place.kind, place.name, children.size(), -1, 0));
            for (int i = 0; i < children.size(); i++) {
                String name = children.get(i).getName();
                add(children.get(i), hints.get(i), place.within("", i, OPTIONAL, name, 0), leaves);
            }
        } else {
            List<String> path = append(place.outer, place.name);
            Leaf leaf =
                    Leaf.of(path, place.route, type, field != plain, place.definition + place.kind, place.repetition);
            leaves.add(leaf);
            elements.add(element(leaf, declared, place.kind, place.name));
        }
    }

    private static <T> List<T> append(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }

    /** @param logical the member of the union LogicalType, or 0 */
    private static ThriftStruct group(int kind, String name, int children, int converted, int logical) {
        ThriftStruct element = new ThriftStruct().i32(3, kind).text(4, name).i32(5, children);
        return logical == 0 ? element : element.i32(6, converted).struct(10, member(logical, new ThriftStruct()));
    }

    private static ThriftStruct member(int id, ThriftStruct value) {
        return new ThriftStruct().struct(id, value);
    }

    private static ThriftStruct element(Leaf leaf, Field declared, int kind, String name) {
        ThriftStruct element = new ThriftStruct().i32(1, leaf.physical().code());
        if (leaf.physical() == Leaf.Physical.FIXED_LEN_BYTE_ARRAY) {
            element.i32(2, leaf.width());
        }
        element.i32(3, kind).text(4, name);
        ArrowType type = leaf.type();
        if (type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8) {
            return element.i32(6, 0).struct(10, member(1, new ThriftStruct()));
        }
        if (type instanceof ArrowType.Decimal decimal) {
            ThriftStruct logical = new ThriftStruct().i32(1, decimal.getScale()).i32(2, decimal.getPrecision());
            return element.i32(6, 5)
                    .i32(7, decimal.getScale())
                    .i32(8, decimal.getPrecision())
                    .struct(10, member(5, logical));
        }
        if (type instanceof ArrowType.Date) {
            return element.i32(6, 6).struct(10, member(6, new ThriftStruct()));
        }
        if (type instanceof ArrowType.Time time) {
            // The older way to say it, the converted type, knows no other times than those in UTC.
            return element.struct(10, member(7, time(false, time.getUnit())));
        }
        if (type instanceof ArrowType.Timestamp stamp) {
            boolean zoned = stamp.getTimezone() != null;
            if (zoned && stamp.getUnit() != TimeUnit.NANOSECOND) {
                element.i32(6, stamp.getUnit() == TimeUnit.MILLISECOND ? 9 : 10);
            }
            return element.struct(10, member(8, time(zoned, stamp.getUnit())));
        }
        if (type instanceof ArrowType.Int number) {
            return integer(element, number);
        }
        if (type instanceof ArrowType.Null) {
            return element.struct(10, member(11, new ThriftStruct()));
        }
        if (type instanceof ArrowType.FixedSizeBinary && isUuid(leaf, declared)) {
            return element.struct(10, member(14, new ThriftStruct()));
        }
        boolean half = type instanceof ArrowType.FloatingPoint floating
                && floating.getPrecision() == FloatingPointPrecision.HALF;
        return half ? element.struct(10, member(15, new ThriftStruct())) : element;
    }

    private static boolean isUuid(Leaf leaf, Field declared) {
        String name = declared.getMetadata().get(ExtensionType.EXTENSION_METADATA_KEY_NAME);
        return leaf.width() == 16 && UUID.equals(name);
    }

    private static ThriftStruct time(boolean adjustedToUtc, TimeUnit unit) {
        int member = switch (unit) {
            case MILLISECOND -> 1;
            case MICROSECOND -> 2;
            case NANOSECOND -> 3;
            case SECOND -> throw new IllegalArgumentException("Parquet has no seconds");
        };
        return new ThriftStruct().bool(1, adjustedToUtc).struct(2, member(member, new ThriftStruct()));
    }

    /** Signed ones as wide as the physical type need no annotation. */
    private static ThriftStruct integer(ThriftStruct element, ArrowType.Int type) {
        int bits = type.getBitWidth();
        if (type.getIsSigned() && bits >= Integer.SIZE) {
            return element;
        }
        int converted = (type.getIsSigned() ? 15 : 11) + Integer.numberOfTrailingZeros(bits) - 3;
        return element.i32(6, converted)
                .struct(10, member(10, new ThriftStruct().i8(1, bits).bool(2, type.getIsSigned())));
    }
}
