package org.arrownpz.parquet.internal.write;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The least and the greatest value of a page, or of a chunk (parquet-format, parquet.thrift, "Statistics" and "ColumnOrder"). */
final class Limits {
    /** Longer values are not worth their room in the footer. */
    private static final int MAX_BYTES = 4096;

    private final Leaf leaf;
    private boolean any;
    private boolean tooLong;
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;
    private byte[] first = {};
    private byte[] last = {};

    Limits(Leaf leaf) {
        this.leaf = leaf;
    }

    void add(long[] numbers, int count) {
        switch (leaf.order()) {
            case FLOAT, DOUBLE -> {
                boolean wide = leaf.order() == Leaf.Order.DOUBLE;
                double low = lowest;
                double high = highest;
                for (int i = 0; i < count; i++) {
                    double number = wide ? Double.longBitsToDouble(numbers[i]) : Float.intBitsToFloat((int) numbers[i]);
                    // NaN has no place in the order.
                    low = number < low ? number : low;
                    high = number > high ? number : high;
                }
                lowest = low;
                highest = high;
                any |= low <= high;
            }
            case SIGNED, UNSIGNED -> {
                long flip = flip();
                for (int i = 0; i < count; i++) {
                    least = Math.min(least, numbers[i] ^ flip);
                    greatest = Math.max(greatest, numbers[i] ^ flip);
                }
                any |= count > 0;
            }
            case NONE -> {
                // Nothing is kept.
            }
        }
    }

    /** Makes signed comparison that of the order. */
    private long flip() {
        return leaf.order() == Leaf.Order.UNSIGNED ? Long.MIN_VALUE : 0;
    }

    void add(byte[] array, int from, int to) {
        if (leaf.order() == Leaf.Order.NONE || tooLong) {
            return;
        }
        if (to - from > MAX_BYTES) {
            tooLong = true;
            return;
        }
        if (!any || compare(array, from, to, first) < 0) {
            first = Arrays.copyOfRange(array, from, to);
        }
        if (!any || compare(array, from, to, last) > 0) {
            last = Arrays.copyOfRange(array, from, to);
        }
        any = true;
    }

    private int compare(byte[] array, int from, int to, byte[] other) {
        if (leaf.order() == Leaf.Order.SIGNED && array[from] < 0 != other[0] < 0) {
            return array[from] < 0 ? -1 : 1;
        }
        return Arrays.compareUnsigned(array, from, to, other, 0, other.length);
    }

    /** Takes in those of a page. */
    void add(Limits page) {
        tooLong |= page.tooLong;
        if (!page.any) {
            return;
        }
        if (leaf.physical().isBytes()) {
            add(page.first, 0, page.first.length);
            add(page.last, 0, page.last.length);
        }
        any = true;
        least = Math.min(least, page.least);
        greatest = Math.max(greatest, page.greatest);
        lowest = Math.min(lowest, page.lowest);
        highest = Math.max(highest, page.highest);
    }

    /** Compares the least values of two pages, or the greatest. */
    int compare(Limits other, boolean most) {
        return switch (leaf.order()) {
            case FLOAT, DOUBLE -> Double.compare(most ? highest : lowest, most ? other.highest : other.lowest);
            case NONE -> 0;
            case SIGNED, UNSIGNED -> {
                if (leaf.physical().isBytes()) {
                    byte[] own = most ? last : first;
                    yield compare(own, 0, own.length, most ? other.last : other.first);
                }
                yield Long.compare(most ? greatest : least, most ? other.greatest : other.least);
            }
        };
    }

    /** The least value as Parquet stores it, or null where there is none. */
    byte @Nullable [] min() {
        return value(least ^ flip(), lowest == 0 ? -0.0 : lowest, first);
    }

    byte @Nullable [] max() {
        return value(greatest ^ flip(), highest == 0 ? 0.0 : highest, last);
    }

    private byte @Nullable [] value(long number, double floating, byte[] bytes) {
        if (!any || tooLong) {
            return null;
        }
        Bytes out = new Bytes();
        switch (leaf.physical()) {
            case BOOLEAN -> out.put((int) number);
            case INT32 -> out.putInt((int) number);
            case INT64 -> out.putLong(number);
            case FLOAT -> out.putInt(Float.floatToRawIntBits((float) floating));
            case DOUBLE -> out.putLong(Double.doubleToRawLongBits(floating));
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> {
                return bytes;
            }
        }
        return out.toArray();
    }
}
