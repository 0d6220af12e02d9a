package org.arrownpz.dtype;

import java.nio.ByteOrder;
import java.util.Objects;
import org.arrownpz.SmallFloat;
import org.jspecify.annotations.Nullable;

/**
 * A NumPy scalar type such as {@code <i8}, {@code |S5} or {@code <M8[ns]}.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param kind the kind
 * @param order the byte order; {@link ByteOrdering#NONE} for BOOL, one-byte integers, BYTES and VOID
 * @param itemSize bytes of one element (for UNICODE four times the number of code units)
 * @param unit the unit of DATETIME and TIMEDELTA, null otherwise
 */
public record ScalarDType(
        DTypeKind kind,
        ByteOrdering order,
        long itemSize,
        @Nullable TimeUnit64 unit) implements DType {
    public ScalarDType {
        if ((unit != null) != kind.isTime()) {
            throw new IllegalArgumentException("exactly datetime64 and timedelta64 have a unit");
        }
    }

    /** A little-endian (or orderless) type without a unit. */
    public static ScalarDType of(DTypeKind kind, long itemSize) {
        boolean orderless = kind == DTypeKind.BOOL
                || kind == DTypeKind.BYTES
                || kind == DTypeKind.VOID
                || (itemSize == 1 && (kind == DTypeKind.INT || kind == DTypeKind.UINT));
        return new ScalarDType(kind, orderless ? ByteOrdering.NONE : ByteOrdering.LITTLE, itemSize, null);
    }

    /** The type under which NumPy holds the bits of a float of machine learning. */
    public static ScalarDType of(SmallFloat type) {
        return of(DTypeKind.VOID, type.bytes());
    }

    /** A little-endian unicode type of the given number of code units. */
    public static ScalarDType unicode(long codeUnits) {
        return of(DTypeKind.UNICODE, Math.multiplyExact(4L, codeUnits));
    }

    public static ScalarDType datetime(TimeUnit64 unit) {
        return new ScalarDType(DTypeKind.DATETIME, ByteOrdering.LITTLE, 8, unit);
    }

    public static ScalarDType timedelta(TimeUnit64 unit) {
        return new ScalarDType(DTypeKind.TIMEDELTA, ByteOrdering.LITTLE, 8, unit);
    }

    public boolean isBigEndian() {
        return order == ByteOrdering.BIG;
    }

    /** The order of bytes in a Java buffer. */
    public ByteOrder javaOrder() {
        return isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** Bytes that are swapped as one unit: the half of a complex number, a code unit of unicode, else the element. */
    public int swapUnit() {
        return switch (kind) {
            case COMPLEX -> (int) (itemSize / 2);
            case UNICODE -> 4;
            case BOOL, BYTES, VOID -> 1;
            default -> (int) itemSize;
        };
    }

    /** NumPy's {@code dtype.str}: {@code <i8}, {@code <U5}, {@code <M8[ns]}. */
    public String str() {
        return "" + order.symbol() + kind.letter() + (kind == DTypeKind.UNICODE ? itemSize / 4 : itemSize)
                + (unit == null ? "" : unit.suffix());
    }

    // By hand: a record's own methods are made when they first run, which costs a short command a twentieth of its
    // time.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ScalarDType that
                && kind == that.kind
                && order == that.order
                && itemSize == that.itemSize
                && Objects.equals(unit, that.unit);
    }

    @Override
    public int hashCode() {
        int hash = 31 * kind.ordinal() + order.ordinal();
        return 31 * (31 * hash + Long.hashCode(itemSize)) + Objects.hashCode(unit);
    }

    @Override
    public String descr() {
        return "'" + str() + "'";
    }

    @Override
    public String toString() {
        return str();
    }

    /** The byte order character of a {@code descr}. Immutable and safe for use by several threads. */
    public enum ByteOrdering {
        LITTLE('<'),
        BIG('>'),
        /** One-byte elements and raw bytes, for which order has no meaning. */
        NONE('|');

        private final char symbol;

        ByteOrdering(char symbol) {
            this.symbol = symbol;
        }

        public char symbol() {
            return symbol;
        }
    }
}
