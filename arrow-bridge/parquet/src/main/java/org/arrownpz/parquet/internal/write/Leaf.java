package org.arrownpz.parquet.internal.write;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * A column as Parquet counts them: parts of nested columns are columns.
 *
 * @param path its name and those of what it lies in
 * @param route which child leads to it, at each struct and map on the way
 * @param type the values' Arrow type
 * @param coded whether they come by indices into a dictionary
 * @param physical how they are stored
 * @param width bytes of a value, or 0 where they differ
 * @param order how values compare, for statistics
 * @param maxDefinition the definition level of values that are there
 * @param maxRepetition how many lists it lies in
 */
record Leaf(
        List<String> path,
        List<Integer> route,
        ArrowType type,
        boolean coded,
        Physical physical,
        int width,
        Order order,
        int maxDefinition,
        int maxRepetition) {
    /** Parquet's types, by their numbers in files. */
    enum Physical {
        BOOLEAN(0),
        INT32(1),
        INT64(2),
        FLOAT(4),
        DOUBLE(5),
        BYTE_ARRAY(6),
        FIXED_LEN_BYTE_ARRAY(7);

        private final int code;

        Physical(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /** Whether values are strings of bytes, not numbers. */
        boolean isBytes() {
            return this == BYTE_ARRAY || this == FIXED_LEN_BYTE_ARRAY;
        }
    }

    /** The order of values. */
    enum Order {
        SIGNED,
        UNSIGNED,
        FLOAT,
        DOUBLE,
        /** Of values whose order readers do not agree on, or that have none. */
        NONE
    }

    static Leaf of(
            List<String> path,
            List<Integer> route,
            ArrowType type,
            boolean coded,
            int maxDefinition,
            int maxRepetition) {
        Physical physical = physical(type);
        return new Leaf(
                path, route, type, coded, physical, width(type, physical), order(type), maxDefinition, maxRepetition);
    }

    /** The path with points, as metadata of others have it. */
    String name() {
        return String.join(".", path);
    }

    /** The map's value for the leaf, under its name or its column's. */
    <T> T named(Map<String, T> map, T other) {
        return map.getOrDefault(name(), map.getOrDefault(path.get(0), other));
    }

    /** Tells whether its name or its column's is among these. */
    boolean isNamed(Set<String> names) {
        return names.contains(name()) || names.contains(path.get(0));
    }

    private static Physical physical(ArrowType type) {
        if (type instanceof ArrowType.Bool) {
            return Physical.BOOLEAN;
        }
        if (type instanceof ArrowType.FloatingPoint floating) {
            return switch (floating.getPrecision()) {
                case HALF -> Physical.FIXED_LEN_BYTE_ARRAY;
                case SINGLE -> Physical.FLOAT;
                case DOUBLE -> Physical.DOUBLE;
            };
        }
        if (type instanceof ArrowType.FixedSizeBinary || type instanceof ArrowType.Decimal) {
            return Physical.FIXED_LEN_BYTE_ARRAY;
        }
        if (type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Binary
                || type instanceof ArrowType.LargeBinary) {
            return Physical.BYTE_ARRAY;
        }
        boolean wide = (type instanceof ArrowType.Int number && number.getBitWidth() == Long.SIZE)
                || type instanceof ArrowType.Timestamp
                || (type instanceof ArrowType.Time time && time.getBitWidth() == Long.SIZE);
        if (wide
                || type instanceof ArrowType.Int
                || type instanceof ArrowType.Date
                || type instanceof ArrowType.Time
                || type instanceof ArrowType.Null) {
            return wide ? Physical.INT64 : Physical.INT32;
        }
        throw new IllegalArgumentException("Parquet has no " + type);
    }

    private static int width(ArrowType type, Physical physical) {
        return switch (physical) {
            case BOOLEAN -> 1;
            case INT32, FLOAT -> Integer.BYTES;
            case INT64, DOUBLE -> Long.BYTES;
            case BYTE_ARRAY -> 0;
            case FIXED_LEN_BYTE_ARRAY -> {
                if (type instanceof ArrowType.Decimal decimal) {
                    yield BigInteger.TEN.pow(decimal.getPrecision()).bitLength() / Byte.SIZE + 1;
                }
                yield type instanceof ArrowType.FixedSizeBinary binary ? binary.getByteWidth() : Short.BYTES;
            }
        };
    }

    private static Order order(ArrowType type) {
        if (type instanceof ArrowType.FloatingPoint floating) {
            return floating.getPrecision() == FloatingPointPrecision.HALF
                    ? Order.NONE
                    : floating.getPrecision() == FloatingPointPrecision.SINGLE ? Order.FLOAT : Order.DOUBLE;
        }
        if (type instanceof ArrowType.Null) {
            return Order.NONE;
        }
        boolean signed = !(type instanceof ArrowType.Int number) || number.getIsSigned();
        return signed && !physical(type).isBytes() || type instanceof ArrowType.Decimal ? Order.SIGNED : Order.UNSIGNED;
    }
}
