package org.arrownpz.event.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.Memory;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Groups of runs in no order, by one 64-bit code each: equal and ordered as the keys are, once flipped. Runs of one code
 * keep their order. Works on private memory only: codes read twice must not change in between.
 */
public final class SortGroups {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    private static final int BITS = 11;
    private static final int BUCKETS = 1 << BITS;
    /** Places of this many codes stay in the second cache, more or less. */
    private static final long MOST_COUNTED = 1 << 20;

    private SortGroups() {}

    /**
     * The codes that occur.
     *
     * @param runs how many runs count
     * @param least the least code, flipped
     * @param span the greatest less the least, unsigned
     */
    public record Codes(int runs, long least, long span) {
        /** Whether counting how often each code occurs costs less than sorting. */
        public boolean areDense() {
            return span >= 0 && span < Math.min(MOST_COUNTED, Math.max(BUCKETS, 2L * runs));
        }

        /** Bits of the differences to the least. */
        int bits() {
            return Long.SIZE - Long.numberOfLeadingZeros(span);
        }
    }

    /**
     * Looks at the codes of runs whose start is not complemented.
     *
     * @param flip what codes are XORed with to be ordered as signed
     */
    public static Codes codes(ArrowBuf codes, long flip, ArrowBuf starts, int runs) {
        long code = Memory.address(codes, 0, 8L * runs);
        long at = Memory.address(starts, 0, 4L * runs);
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        int counted = 0;
        for (int run = 0; run < runs; run++) {
            if (UNSAFE.getInt(at + 4L * run) >= 0) {
                long value = UNSAFE.getLong(code + 8L * run) ^ flip;
                least = Math.min(least, value);
                most = Math.max(most, value);
                counted++;
            }
        }
        return counted == 0 ? new Codes(0, 0, 0) : new Codes(counted, least, most - least);
    }

    /**
     * Groups by counting, for {@linkplain Codes#areDense dense} codes.
     *
     * @param starts the runs' first rows and the row count; complemented ones are passed over
     * @param places 32 bits for each code from the least to the greatest
     * @param rows receives the rows, group by group
     * @param offsets receives the groups' beginnings and the number of rows
     * @param keys receives the groups' codes as they were given, or null
     * @return the number of groups
     */
    public static int counted(
            ArrowBuf codes,
            long flip,
            Codes seen,
            ArrowBuf starts,
            int runs,
            ArrowBuf places,
            ArrowBuf rows,
            ArrowBuf offsets,
            @Nullable ArrowBuf keys) {
        int span = (int) seen.span() + 1;
        long code = Memory.address(codes, 0, 8L * runs);
        long at = Memory.address(starts, 0, 4L * (runs + 1L));
        long place = Memory.address(places, 0, 4L * span);
        Memory.zero(place, 4L * span);
        for (int run = 0; run < runs; run++) {
            int first = UNSAFE.getInt(at + 4L * run);
            if (first >= 0) {
                long mine = place + 4 * ((UNSAFE.getLong(code + 8L * run) ^ flip) - seen.least());
                UNSAFE.putInt(mine, UNSAFE.getInt(mine) + end(at, run) - first);
            }
        }
        int groups = 0;
        int total = 0;
        for (int i = 0; i < span; i++) {
            int own = UNSAFE.getInt(place + 4L * i);
            if (own > 0) {
                KeyGroups.set(offsets, groups, total);
                if (keys != null) {
                    UNSAFE.putLong(Memory.address(keys, 8L * groups, 8), seen.least() + i ^ flip);
                }
                groups++;
                UNSAFE.putInt(place + 4L * i, total);
                total += own;
            }
        }
        KeyGroups.set(offsets, groups, total);
        long to = Memory.address(rows, 0, 4L * total);
        for (int run = 0; run < runs; run++) {
            int first = UNSAFE.getInt(at + 4L * run);
            if (first >= 0) {
                long mine = place + 4 * ((UNSAFE.getLong(code + 8L * run) ^ flip) - seen.least());
                int next = UNSAFE.getInt(mine);
                int end = end(at, run);
                for (int row = first; row < end; row++) {
                    UNSAFE.putInt(to + 4L * next++, row);
                }
                UNSAFE.putInt(mine, next);
            }
        }
        return groups;
    }

    private static int end(long starts, int run) {
        int next = UNSAFE.getInt(starts + 4L * (run + 1));
        return next ^ next >> 31;
    }

    /** Two lists of codes and of items, which change places with every pass of sorting. */
    public record Lists(ArrowBuf codes, ArrowBuf items, ArrowBuf otherCodes, ArrowBuf otherItems) {
        Lists swapped() {
            return new Lists(otherCodes, otherItems, codes, items);
        }
    }

    /**
     * Sorts runs by their codes, stably: a radix sort of the differences to the least.
     *
     * @param lists of {@code seen.runs()} entries each
     * @return with the result first: differences and runs
     */
    public static Lists sort(ArrowBuf codes, long flip, Codes seen, ArrowBuf starts, int runs, Lists lists) {
        int count = seen.runs();
        int passes = (seen.bits() + BITS - 1) / BITS;
        int[][] counts = new int[passes][BUCKETS];
        long code = Memory.address(codes, 0, 8L * runs);
        long at = Memory.address(starts, 0, 4L * runs);
        long to = Memory.address(lists.codes(), 0, 8L * count);
        long toItem = Memory.address(lists.items(), 0, 4L * count);
        int kept = 0;
        for (int run = 0; run < runs; run++) {
            if (UNSAFE.getInt(at + 4L * run) >= 0) {
                long difference = (UNSAFE.getLong(code + 8L * run) ^ flip) - seen.least();
                UNSAFE.putLong(to + 8L * kept, difference);
                UNSAFE.putInt(toItem + 4L * kept++, run);
                for (int pass = 0; pass < passes; pass++) {
                    counts[pass][(int) (difference >>> BITS * pass) & BUCKETS - 1]++;
                }
            }
        }
        Lists now = lists;
        for (int pass = 0; pass < passes; pass++) {
            if (place(counts[pass], count)) {
                pass(now, BITS * pass, counts[pass], count);
                now = now.swapped();
            }
        }
        return now;
    }

    /** Counts into places; false where all have one digit. */
    private static boolean place(int[] counts, int all) {
        int sum = 0;
        for (int b = 0; b < BUCKETS; b++) {
            int own = counts[b];
            if (own == all) {
                return false;
            }
            counts[b] = sum;
            sum += own;
        }
        return true;
    }

    private static void pass(Lists lists, int shift, int[] places, int count) {
        long code = Memory.address(lists.codes(), 0, 8L * count);
        long item = Memory.address(lists.items(), 0, 4L * count);
        long toCode = Memory.address(lists.otherCodes(), 0, 8L * count);
        long toItem = Memory.address(lists.otherItems(), 0, 4L * count);
        for (int i = 0; i < count; i++) {
            long value = UNSAFE.getLong(code + 8L * i);
            long place = places[(int) (value >>> shift) & BUCKETS - 1]++;
            UNSAFE.putLong(toCode + 8 * place, value);
            UNSAFE.putInt(toItem + 4 * place, UNSAFE.getInt(item + 4L * i));
        }
    }

    /**
     * Groups sorted runs of one code.
     *
     * @param sorted what {@link #sort} returned; its codes become the groups' codes as they were given
     * @param rows receives the rows, group by group
     * @param offsets receives the groups' beginnings and the number of rows
     * @return the number of groups
     */
    public static int collect(Lists sorted, long flip, Codes seen, ArrowBuf starts, ArrowBuf rows, ArrowBuf offsets) {
        int count = seen.runs();
        long code = Memory.address(sorted.codes(), 0, 8L * count);
        long item = Memory.address(sorted.items(), 0, 4L * count);
        long at = starts.memoryAddress();
        long to = rows.memoryAddress();
        long before = 0;
        int written = 0;
        int groups = 0;
        for (int i = 0; i < count; i++) {
            long difference = UNSAFE.getLong(code + 8L * i);
            if (i == 0 || difference != before) {
                UNSAFE.putLong(code + 8L * groups, difference + seen.least() ^ flip);
                KeyGroups.set(offsets, groups++, written);
                before = difference;
            }
            int run = UNSAFE.getInt(item + 4L * i);
            int end = end(at, run);
            int first = UNSAFE.getInt(at + 4L * run);
            Memory.address(rows, 4L * written, 4L * (end - first));
            for (int row = first; row < end; row++) {
                UNSAFE.putInt(to + 4L * written++, row);
            }
        }
        KeyGroups.set(offsets, groups, written);
        return groups;
    }
}
