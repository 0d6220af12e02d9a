package org.arrownpz.vector.internal.gather;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table or an array: a range of them, or some by their numbers. Immutable while the numbers are.
 *
 * @param base the first row of a range; what is added to numbers
 * @param numbers the numbers, from one of them on; null for a range
 */
@SuppressWarnings("ArrayRecordComponent") // Only read.
public record Rows(long base, int count, long @Nullable [] numbers, int from) {

    /** Neighbours. */
    public static Rows range(long from, int count) {
        return new Rows(from, count, null, 0);
    }

    /** The rows of these numbers, in their order, each as often as it is named. */
    public static Rows picked(long[] numbers, int from, int count) {
        Objects.checkFromIndexSize(from, count, numbers.length);
        return new Rows(0, count, numbers, from);
    }

    /** The same rows of a table in which they begin so many rows later. */
    public Rows shifted(long by) {
        return new Rows(Math.addExact(base, by), count, numbers, from);
    }

    /** Whether the rows are neighbours, the first of them at {@link #first}. */
    public boolean isRange() {
        return numbers == null;
    }

    /** The first row; of none, where a range would begin. */
    public long first() {
        return numbers == null || count == 0 ? base : at(0);
    }

    /** The number of the row at a position. */
    public long at(long position) {
        return base + (numbers == null ? position : numbers[Math.toIntExact(from + position)]);
    }

    /** @throws IndexOutOfBoundsException when a row is not among so many */
    public void check(long length) {
        if (numbers == null) {
            Objects.checkFromIndexSize(base, (long) count, length);
            return;
        }
        for (int i = 0; i < count; i++) {
            Objects.checkIndex(at(i), length);
        }
    }
}
