package org.arrownpz.vector.internal.buffers;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.encode.ColumnEncoderTimeRules;
import org.jspecify.annotations.Nullable;

/** The form of Arrow types in memory, and the combinations of parameters that exist (Arrow's Schema.fbs). */
public final class ArrowColumnTypes {
    public static final ScalarDType BYTES = ScalarDType.of(DTypeKind.UINT, 1);
    public static final ScalarDType INT32 = ScalarDType.of(DTypeKind.INT, 4);
    public static final ScalarDType INT64 = ScalarDType.of(DTypeKind.INT, 8);
    public static final ScalarDType VIEW = ScalarDType.of(DTypeKind.VOID, 16);

    /** Fields nested deeper are refused. */
    public static final int MAX_DEPTH = 64;

    private ArrowColumnTypes() {}

    /** The number of buffers of a type that is no extension type, without the data buffers of views. */
    public static int buffers(ArrowType type) {
        int validity = hasValidity(type) ? 1 : 0;
        return validity
                + switch (type.getTypeID()) {
                    case Null, Struct, FixedSizeList, RunEndEncoded -> 0;
                    case Utf8, Binary, LargeUtf8, LargeBinary, ListView, LargeListView -> 2;
                    case Union -> ((ArrowType.Union) type).getMode() == UnionMode.Dense ? 2 : 1;
                    default -> 1;
                };
    }

    public static boolean hasValidity(ArrowType type) {
        return !(type instanceof ArrowType.Null
                || type instanceof ArrowType.Union
                || type instanceof ArrowType.RunEndEncoded);
    }

    /** The dtype that NumPy reads the values of a fixed-width type with, or null for other types. */
    public static @Nullable ScalarDType fixed(ArrowType type) {
        return switch (type.getTypeID()) {
            case Int -> {
                ArrowType.Int number = (ArrowType.Int) type;
                yield ScalarDType.of(number.getIsSigned() ? DTypeKind.INT : DTypeKind.UINT, number.getBitWidth() / 8);
            }
            case FloatingPoint ->
                ScalarDType.of(
                        DTypeKind.FLOAT,
                        switch (((ArrowType.FloatingPoint) type).getPrecision()) {
                            case HALF -> 2;
                            case SINGLE -> 4;
                            case DOUBLE -> 8;
                        });
            case Decimal -> ScalarDType.of(DTypeKind.VOID, ((ArrowType.Decimal) type).getBitWidth() / 8);
            case Date ->
                switch (((ArrowType.Date) type).getUnit()) {
                    case DAY -> INT32;
                    case MILLISECOND -> ScalarDType.datetime(TimeUnit64.of(TimeUnit64.Base.MILLISECOND));
                };
            case Time -> ((ArrowType.Time) type).getBitWidth() == 32 ? INT32 : INT64;
            case Timestamp -> ScalarDType.datetime(ColumnEncoderTimeRules.unit(((ArrowType.Timestamp) type).getUnit()));
            case Duration -> ScalarDType.timedelta(ColumnEncoderTimeRules.unit(((ArrowType.Duration) type).getUnit()));
            case Interval ->
                switch (((ArrowType.Interval) type).getUnit()) {
                    case YEAR_MONTH -> INT32;
                    case DAY_TIME -> ScalarDType.of(DTypeKind.VOID, 8);
                    case MONTH_DAY_NANO -> VIEW;
                };
            case FixedSizeBinary -> ScalarDType.of(DTypeKind.VOID, ((ArrowType.FixedSizeBinary) type).getByteWidth());
            default -> null;
        };
    }

    /** Bytes of an offset of that type. */
    public static int offsetWidth(ArrowType type) {
        return type instanceof ArrowType.LargeUtf8
                        || type instanceof ArrowType.LargeBinary
                        || type instanceof ArrowType.LargeList
                        || type instanceof ArrowType.LargeListView
                ? 8
                : 4;
    }

    /**
     * Checks a field from a file and its children: parameters, number of children, depth.
     *
     * @throws NpzException META_SCHEMA, naming the field
     */
    public static void check(Field field, Location location, int depth) throws NpzException {
        String problem = depth > MAX_DEPTH ? "nested more than " + MAX_DEPTH + " deep" : problem(field);
        if (problem != null) {
            throw location.error(
                            ErrorCode.META_SCHEMA,
                            "the Arrow field " + SafeText.quote(String.valueOf(field.getName())) + " is " + problem)
                    .build();
        }
        for (Field child : field.getChildren()) {
            check(child, location, depth + 1);
        }
    }

    private static @Nullable String problem(Field field) {
        ArrowType type = Storage.of(field.getType());
        List<Field> children = field.getChildren();
        int count = children.size();
        if (field.getDictionary() != null && !(type instanceof ArrowType.Int)) {
            return "dictionary-encoded without integer indices";
        }
        String invalid = switch (type.getTypeID()) {
            case Union -> union((ArrowType.Union) type, count);
            case Map ->
                count == 1
                                && children.get(0).getType() instanceof ArrowType.Struct
                                && children.get(0).getChildren().size() == 2
                        ? null
                        : "a map without entries of key and value";
            case RunEndEncoded ->
                count == 2
                                && children.get(0).getType() instanceof ArrowType.Int ends
                                && ends.getIsSigned()
                                && ends.getBitWidth() >= 16
                        ? null
                        : "run-end encoded without run ends";
            case NONE -> "of an unknown type";
            default -> parameterProblem(type);
        };
        if (invalid != null) {
            return invalid;
        }
        int wanted = switch (type.getTypeID()) {
            case List, LargeList, ListView, LargeListView, FixedSizeList, Map -> 1;
            case RunEndEncoded -> 2;
            case Struct, Union -> count;
            default -> 0;
        };
        if (count != wanted) {
            return "of a type with " + wanted + " children but has " + count;
        }
        return null;
    }

    /** The fault in a type's own parameters, or null; Arrow Java would choose a vector of another width for some. */
    public static @Nullable String parameterProblem(ArrowType type) {
        return switch (type.getTypeID()) {
            case Int -> oneOf(((ArrowType.Int) type).getBitWidth(), 8, 16, 32, 64);
            case Decimal -> decimal((ArrowType.Decimal) type);
            case Time -> time((ArrowType.Time) type);
            case FixedSizeBinary ->
                ((ArrowType.FixedSizeBinary) type).getByteWidth() > 0 ? null : "fixed-size binary of no width";
            case FixedSizeList ->
                ((ArrowType.FixedSizeList) type).getListSize() >= 0 ? null : "a list of negative size";
            default -> null;
        };
    }

    private static @Nullable String decimal(ArrowType.Decimal type) {
        int most = type.getBitWidth() == 128 ? 38 : type.getBitWidth() == 256 ? 76 : 0;
        boolean known = type.getPrecision() >= 1 && type.getPrecision() <= most;
        return known ? null : "a decimal of unknown width or precision";
    }

    private static @Nullable String time(ArrowType.Time type) {
        boolean narrow = switch (type.getUnit()) {
            case SECOND, MILLISECOND -> true;
            case MICROSECOND, NANOSECOND -> false;
        };
        return type.getBitWidth() == (narrow ? 32 : 64) ? null : "a time whose width is not that of its unit";
    }

    private static @Nullable String union(ArrowType.Union type, int children) {
        int[] ids = type.getTypeIds();
        boolean known = type.getMode() == UnionMode.Dense || type.getMode() == UnionMode.Sparse;
        if (ids == null || ids.length != children || !known) {
            return "a union without a type id for each child";
        }
        Set<Integer> seen = new HashSet<>();
        for (int id : ids) {
            if (id < 0 || id > Byte.MAX_VALUE || !seen.add(id)) {
                return "a union whose type ids are not distinct bytes";
            }
        }
        return null;
    }

    private static @Nullable String oneOf(int width, int... widths) {
        for (int allowed : widths) {
            if (width == allowed) {
                return null;
            }
        }
        return "an integer of " + width + " bits";
    }
}
