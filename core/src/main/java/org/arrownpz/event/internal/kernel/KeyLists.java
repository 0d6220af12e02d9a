package org.arrownpz.event.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.arrownpz.vector.internal.kernel.Memory;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Rows of lists made into a row for each element: counts, parents and children. */
public final class KeyLists {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private KeyLists() {}

    /** The result of {@link #lengths} for rows that are exploded. */
    public record Lists(long rows, boolean allPlain) {}

    /**
     * The number of rows that each row of lists explodes to.
     *
     * @param offsets the lists' offsets of {@code width} bytes, or null for a scalar, which counts as one
     * @param validity the bitmap, or null where no list is null
     * @param limit the length of the lists' child
     * @param target receives 32-bit counts: 0 for empty and null lists
     */
    public static Lists lengths(
            @Nullable ArrowBuf offsets,
            int width,
            @Nullable ArrowBuf validity,
            long limit,
            int count,
            ArrowBuf target) {
        long to = Memory.address(target, 0, 4L * count);
        long from = offsets == null || count == 0 ? 0 : Memory.address(offsets, 0, (count + 1L) * width);
        long total = 0;
        boolean plain = true;
        for (int i = 0; i < count; i++) {
            int length = 1;
            if (offsets != null) {
                long start = EncodeOffsets.load(from + (long) i * width, width);
                long end = EncodeOffsets.load(from + (i + 1L) * width, width);
                if (start < 0 || end < start || end > limit) {
                    throw new IndexOutOfBoundsException("offsets " + start + " to " + end + " of " + limit);
                }
                boolean isNull = validity != null && !EncodeBits.isSet(validity, i);
                plain &= !isNull || end == start;
                length = isNull ? 0 : (int) (end - start);
            }
            UNSAFE.putInt(to + 4L * i, length);
            total += length;
        }
        return new Lists(total, plain);
    }

    /** The sum of counts. */
    public static long sum(ArrowBuf lengths, int count) {
        long at = Memory.address(lengths, 0, 4L * count);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += (int) Memory.int32(at + 4L * i);
        }
        return sum;
    }

    /** Replaces rows whose bit is 0 by −1. */
    public static void mask(ArrowBuf rows, int count, ArrowBuf validity) {
        for (int i = 0; i < count; i++) {
            int row = KeyGroups.get(rows, i);
            if (row >= 0 && !EncodeBits.isSet(validity, row)) {
                KeyGroups.set(rows, i, -1);
            }
        }
    }

    /** Multiples of a length: the offsets of fixed-size lists. */
    public static void multiples(int length, int count, ArrowBuf target) {
        for (int i = 0; i < count; i++) {
            KeyGroups.set(target, i, Math.multiplyExact(i, length));
        }
    }

    /** The first row in which two columns have different counts, or −1. */
    public static int firstDifference(ArrowBuf left, ArrowBuf right, int count) {
        long a = Memory.address(left, 0, 4L * count);
        long b = Memory.address(right, 0, 4L * count);
        for (int i = 0; i < count; i++) {
            if (UNSAFE.getInt(a + 4L * i) != UNSAFE.getInt(b + 4L * i)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Raises counts of 0 to 1, as a list without elements becomes one row.
     *
     * @return how many there were
     */
    public static int atLeastOne(ArrowBuf lengths, int count) {
        long at = Memory.address(lengths, 0, 4L * count);
        int raised = 0;
        for (int i = 0; i < count; i++) {
            if (UNSAFE.getInt(at + 4L * i) == 0) {
                UNSAFE.putInt(at + 4L * i, 1);
                raised++;
            }
        }
        return raised;
    }

    /** The number of counts that are 0. */
    public static int zeros(ArrowBuf lengths, int count) {
        long at = Memory.address(lengths, 0, 4L * count);
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += UNSAFE.getInt(at + 4L * i) == 0 ? 1 : 0;
        }
        return found;
    }

    /**
     * For each exploded row: the row it comes from, its place in the list, and the child's row.
     *
     * @param parents receives the rows; or null
     * @param ordinals receives 64-bit places from 0; or null
     */
    public static void explode(ArrowBuf lengths, int count, @Nullable ArrowBuf parents, @Nullable ArrowBuf ordinals) {
        long at = Memory.address(lengths, 0, 4L * count);
        int out = 0;
        for (int i = 0; i < count; i++) {
            int length = UNSAFE.getInt(at + 4L * i);
            if (parents != null) {
                long to = Memory.address(parents, 4L * out, 4L * length);
                for (int k = 0; k < length; k++) {
                    UNSAFE.putInt(to + 4L * k, i);
                }
            }
            if (ordinals != null) {
                long to = Memory.address(ordinals, 8L * out, 8L * length);
                for (int k = 0; k < length; k++) {
                    UNSAFE.putLong(to + 8L * k, k);
                }
            }
            out += length;
        }
    }

    /** The child rows of exploded lists; −1 for a row that an empty or null list became. */
    public static void childRows(
            @Nullable ArrowBuf offsets,
            int width,
            @Nullable ArrowBuf validity,
            ArrowBuf lengths,
            int count,
            ArrowBuf target) {
        int out = 0;
        for (int i = 0; i < count; i++) {
            int length = KeyGroups.get(lengths, i);
            long start = offsets == null ? i : EncodeOffsets.get(offsets, i, width);
            boolean empty = offsets != null
                    && (EncodeOffsets.get(offsets, i + 1, width) == start
                            || validity != null && !EncodeBits.isSet(validity, i));
            for (int k = 0; k < length; k++) {
                KeyGroups.set(target, out++, empty ? -1 : (int) start + k);
            }
        }
    }

    /** The running sums of counts: run ends of the rows that have any. Returns the number of runs. */
    public static int runEnds(ArrowBuf lengths, int count, ArrowBuf ends, ArrowBuf rows) {
        int sum = 0;
        int runs = 0;
        for (int i = 0; i < count; i++) {
            int length = KeyGroups.get(lengths, i);
            if (length > 0) {
                sum += length;
                KeyGroups.set(ends, runs, sum);
                KeyGroups.set(rows, runs++, i);
            }
        }
        return runs;
    }
}
