package org.arrownpz.vector.internal.gather;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of a table or an array: a range of them, or some by their numbers. Immutable while the numbers are. */
public final class Rows {
    private final long from;
    private final int count;
    /** The numbers, the first of them at {@link #from}; null for a range. */
    private final long @Nullable [] numbers;

    private Rows(long from, int count, long @Nullable [] numbers) {
        this.from = from;
        this.count = count;
        this.numbers = numbers;
    }

    /** Neighbours. */
    public static Rows range(long from, int count) {
        return new Rows(from, count, null);
    }

    /** The rows of these numbers, in their order, each as often as it is named. */
    public static Rows picked(long[] numbers, int from, int count) {
        Objects.checkFromIndexSize(from, count, numbers.length);
        return new Rows(from, count, numbers);
    }

    public int count() {
        return count;
    }

    /** Whether the rows are neighbours, the first of them at {@link #first}. */
    public boolean isRange() {
        return numbers == null;
    }

    /** The first row; 0 where there is none. */
    public long first() {
        return numbers == null ? from : count == 0 ? 0 : numbers[(int) from];
    }

    /** The number of the row at a position. */
    public long at(long position) {
        return numbers == null ? from + position : numbers[Math.toIntExact(from + position)];
    }

    /** @throws IndexOutOfBoundsException when a row is not among so many */
    public void check(long length) {
        if (numbers == null) {
            Objects.checkFromIndexSize(from, (long) count, length);
            return;
        }
        for (int i = 0; i < count; i++) {
            Objects.checkIndex(numbers[(int) from + i], length);
        }
    }
}
