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
    private long least;
    private long greatest;
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;
    private byte[] first = {};
    private byte[] last = {};

    Limits(Leaf leaf) {
        this.leaf = leaf;
    }

    void add(long number) {
        switch (leaf.order()) {
            case FLOAT -> add((double) Float.intBitsToFloat((int) number));
            case DOUBLE -> add(Double.longBitsToDouble(number));
            case UNSIGNED -> {
                least = !any || Long.compareUnsigned(number, least) < 0 ? number : least;
                greatest = !any || Long.compareUnsigned(number, greatest) > 0 ? number : greatest;
                any = true;
            }
            case SIGNED -> {
                least = !any || number < least ? number : least;
                greatest = !any || number > greatest ? number : greatest;
                any = true;
            }
            case NONE -> {
                // Nothing is kept.
            }
        }
    }

    /** NaN has no place in the order. */
    private void add(double number) {
        if (!Double.isNaN(number)) {
            lowest = Math.min(lowest, number);
            highest = Math.max(highest, number);
            any = true;
        }
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
        } else if (leaf.order() == Leaf.Order.FLOAT || leaf.order() == Leaf.Order.DOUBLE) {
            add(page.lowest);
            add(page.highest);
        } else {
            add(page.least);
            add(page.greatest);
        }
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
                long flip = leaf.order() == Leaf.Order.UNSIGNED ? Long.MIN_VALUE : 0;
                yield Long.compare((most ? greatest : least) ^ flip, (most ? other.greatest : other.least) ^ flip);
            }
        };
    }

    /** The least value as Parquet stores it, or null where there is none. */
    byte @Nullable [] min() {
        return value(least, lowest == 0 ? -0.0 : lowest, first);
    }

    byte @Nullable [] max() {
        return value(greatest, highest == 0 ? 0.0 : highest, last);
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
