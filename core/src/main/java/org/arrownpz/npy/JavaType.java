package org.arrownpz.npy;

import java.lang.reflect.Array;
import java.time.Instant;
import java.time.LocalDate;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.jspecify.annotations.Nullable;

/** The Java types that elements of NumPy arrays become, and which dtypes fit into each without loss. */
enum JavaType {
    DOUBLE(double.class, Double.class, DTypeKind.FLOAT, 8),
    FLOAT(float.class, Float.class, DTypeKind.FLOAT, 4),
    LONG(long.class, Long.class, DTypeKind.INT, 8),
    INT(int.class, Integer.class, DTypeKind.INT, 4),
    SHORT(short.class, Short.class, DTypeKind.INT, 2),
    BYTE(byte.class, Byte.class, DTypeKind.INT, 1),
    CHAR(char.class, Character.class, DTypeKind.UINT, 2),
    BOOLEAN(boolean.class, Boolean.class, DTypeKind.BOOL, 1),
    /** As wide as the longest one. */
    TEXT(String.class, String.class, DTypeKind.UNICODE, 0),
    /** As wide as the longest one. */
    BYTES(byte[].class, byte[].class, DTypeKind.BYTES, 0),
    DATE(LocalDate.class, LocalDate.class, DTypeKind.DATETIME, 8),
    INSTANT(Instant.class, Instant.class, DTypeKind.DATETIME, 8);

    private final Class<?> element;
    private final Class<?> boxed;
    private final DTypeKind kind;
    private final int width;

    JavaType(Class<?> element, Class<?> boxed, DTypeKind kind, int width) {
        this.element = element;
        this.boxed = boxed;
        this.kind = kind;
        this.width = width;
    }

    /** The type of an array's components, or null. */
    static @Nullable JavaType ofElement(Class<?> element) {
        for (JavaType type : values()) {
            if (type.element == element) {
                return type;
            }
        }
        return null;
    }

    /** The type of a value of its own, or null. A {@code byte[]} is none: it is an array of numbers. */
    static @Nullable JavaType ofBoxed(Class<?> boxed) {
        for (JavaType type : values()) {
            if (type.boxed == boxed && type != BYTES) {
                return type;
            }
        }
        return null;
    }

    /** The dtype that such values are written as. */
    ScalarDType dtype(long longest) {
        return switch (this) {
            // As numpy.array does, which makes no dtype of no width.
            case TEXT -> ScalarDType.unicode(Math.max(1, longest));
            case BYTES -> ScalarDType.of(kind, Math.max(1, longest));
            case DATE -> ScalarDType.datetime(TimeUnit64.of(TimeUnit64.Base.DAY));
            case INSTANT -> ScalarDType.datetime(TimeUnit64.of(TimeUnit64.Base.NANOSECOND));
            default -> ScalarDType.of(kind, width);
        };
    }

    /** Whether every value of the dtype is one of this type. */
    boolean holds(DType dtype) {
        if (!(dtype instanceof ScalarDType scalar)) {
            return false;
        }
        long size = scalar.itemSize();
        TimeUnit64 unit = scalar.unit();
        return switch (scalar.kind()) {
            case FLOAT -> kind == DTypeKind.FLOAT && size <= width;
            case INT ->
                switch (this) {
                    case DOUBLE, FLOAT -> size <= width / 2;
                    case LONG, INT, SHORT, BYTE -> size <= width;
                    default -> false;
                };
            case UINT ->
                switch (this) {
                    case DOUBLE, FLOAT, LONG, INT, SHORT -> size <= width / 2;
                    case CHAR -> size <= width;
                    default -> false;
                };
            case BOOL -> this == BOOLEAN;
            case UNICODE -> this == TEXT;
            case BYTES, VOID -> this == BYTES;
            case DATETIME ->
                this == LONG
                        || unit != null
                                && (this == DATE && unit.equals(TimeUnit64.of(TimeUnit64.Base.DAY))
                                        || this == INSTANT && isInstant(unit.base()));
            case TIMEDELTA -> this == LONG;
            case COMPLEX -> false;
        };
    }

    private static boolean isInstant(TimeUnit64.Base base) {
        return base.compareTo(TimeUnit64.Base.DAY) >= 0 && base.compareTo(TimeUnit64.Base.NANOSECOND) <= 0;
    }

    /** The dtypes that {@link #holds}, in words. */
    String dtypes() {
        return switch (this) {
            case DOUBLE -> "float16 to float64, or integers of at most 32 bits";
            case FLOAT -> "float16, float32, or integers of at most 16 bits";
            case LONG -> "signed integers, unsigned ones of at most 32 bits, datetime64 or timedelta64";
            case INT -> "signed integers of at most 32 bits, or unsigned ones of at most 16";
            case SHORT -> "int8, int16 or uint8";
            case BYTE -> "int8";
            case CHAR -> "uint8 or uint16";
            case BOOLEAN -> "bool";
            case TEXT -> "unicode (U)";
            case BYTES -> "bytes (S) or void (V)";
            case DATE -> "datetime64[D]";
            case INSTANT -> "datetime64 in days to nanoseconds";
        };
    }

    /** {@code double[]}, {@code String[]} and so on, of that many elements. */
    Object array(int length) {
        return Array.newInstance(element, length);
    }

    /** The class of an array of that many dimensions. */
    String arrayName(int dimensions) {
        return element.getSimpleName() + "[]".repeat(dimensions);
    }
}
