package org.arrownpz.event.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/** Stable sorting of 32-bit items by keys. Items and codes lie off the heap; no object per item. */
public final class SortRows {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    private static final int BITS = 11;
    private static final int BUCKETS = 1 << BITS;
    private static final int PASSES = 6;
    private static final int INSERTION = 16;

    private SortRows() {}

    /**
     * Sorts items by the signed 64-bit code of each, stably (radix sort; digits that are alike everywhere are passed
     * over).
     *
     * @param codes by item: items are below {@code count}
     * @param scratch as large as {@code items}
     */
    public static void byCode(ArrowBuf codes, ArrowBuf items, ArrowBuf scratch, int count) {
        long code = Memory.address(codes, 0, 8L * count);
        long from = Memory.address(items, 0, 4L * count);
        long to = Memory.address(scratch, 0, 4L * count);
        int[][] counts = new int[PASSES][BUCKETS];
        for (int i = 0; i < count; i++) {
            long value = UNSAFE.getLong(code + 8L * i) ^ Long.MIN_VALUE;
            for (int pass = 0; pass < PASSES; pass++) {
                counts[pass][(int) (value >>> BITS * pass) & BUCKETS - 1]++;
            }
        }
        for (int pass = 0; pass < PASSES; pass++) {
            int[] places = counts[pass];
            if (count == 0 || places[digit(UNSAFE.getLong(code), pass)] == count) {
                continue;
            }
            int sum = 0;
            for (int b = 0; b < BUCKETS; b++) {
                int own = places[b];
                places[b] = sum;
                sum += own;
            }
            for (int i = 0; i < count; i++) {
                int item = UNSAFE.getInt(from + 4L * i);
                int place = places[digit(UNSAFE.getLong(code + 8L * item), pass)]++;
                UNSAFE.putInt(to + 4L * place, item);
            }
            long swapped = from;
            from = to;
            to = swapped;
        }
        long wanted = items.memoryAddress();
        if (from != wanted) {
            Memory.copy(from, wanted, 4L * count);
        }
    }

    private static int digit(long code, int pass) {
        return (int) ((code ^ Long.MIN_VALUE) >>> BITS * pass) & BUCKETS - 1;
    }

    /** A code for each row: exact for word kinds, else the first bytes; 0 for null rows. */
    public static void codes(KeyColumn key, ArrowBuf starts, int count, ArrowBuf codes) {
        long row = Memory.address(starts, 0, 4L * count);
        long to = Memory.address(codes, 0, 8L * count);
        for (int i = 0; i < count; i++) {
            int at = UNSAFE.getInt(row + 4L * i);
            UNSAFE.putLong(to + 8L * i, key.isNull(at) ? 0 : key.prefix(at));
        }
    }

    /** Codes 1 for null rows, 0 for others; false where no row is null. */
    public static boolean nullCodes(KeyColumn key, ArrowBuf starts, int count, ArrowBuf codes) {
        long row = Memory.address(starts, 0, 4L * count);
        long to = Memory.address(codes, 0, 8L * count);
        boolean any = false;
        for (int i = 0; i < count; i++) {
            boolean isNull = key.isNull(UNSAFE.getInt(row + 4L * i));
            UNSAFE.putLong(to + 8L * i, isNull ? 1 : 0);
            any |= isNull;
        }
        return any;
    }

    /**
     * Replaces codes that order items only up to ties by ranks.
     *
     * @param codes prefixes, by item; ranks afterwards
     * @param items sorted by the prefixes; sorted by the whole key afterwards
     */
    public static void ranks(
            KeyColumn key, ArrowBuf starts, ArrowBuf codes, ArrowBuf items, ArrowBuf scratch, int count) {
        long code = Memory.address(codes, 0, 8L * count);
        long item = Memory.address(items, 0, 4L * count);
        long row = Memory.address(starts, 0, 4L * count);
        long spare = Memory.address(scratch, 0, 4L * count);
        for (int first = 0; first < count; ) {
            long prefix = UNSAFE.getLong(code + 8L * UNSAFE.getInt(item + 4L * first));
            int end = first + 1;
            while (end < count && UNSAFE.getLong(code + 8L * UNSAFE.getInt(item + 4L * end)) == prefix) {
                end++;
            }
            merge(key, row, item, spare, first, end);
            first = end;
        }
        long rank = 0;
        int previous = -1;
        for (int i = 0; i < count; i++) {
            int now = UNSAFE.getInt(item + 4L * i);
            if (previous >= 0 && !key.equal(UNSAFE.getInt(row + 4L * previous), UNSAFE.getInt(row + 4L * now))) {
                rank++;
            }
            UNSAFE.putLong(code + 8L * now, rank);
            previous = now;
        }
    }

    private static void merge(KeyColumn key, long row, long item, long spare, int first, int end) {
        if (end - first <= INSERTION) {
            for (int i = first + 1; i < end; i++) {
                int moved = UNSAFE.getInt(item + 4L * i);
                int place = i;
                for (; place > first; place--) {
                    int before = UNSAFE.getInt(item + 4L * (place - 1));
                    if (compare(key, row, before, moved) <= 0) {
                        break;
                    }
                    UNSAFE.putInt(item + 4L * place, before);
                }
                UNSAFE.putInt(item + 4L * place, moved);
            }
            return;
        }
        int middle = (first + end) >>> 1;
        merge(key, row, item, spare, first, middle);
        merge(key, row, item, spare, middle, end);
        if (compare(key, row, UNSAFE.getInt(item + 4L * (middle - 1)), UNSAFE.getInt(item + 4L * middle)) <= 0) {
            return;
        }
        Memory.copy(item + 4L * first, spare + 4L * first, 4L * (middle - first));
        int left = first;
        int right = middle;
        int out = first;
        while (left < middle && right < end) {
            int a = UNSAFE.getInt(spare + 4L * left);
            int b = UNSAFE.getInt(item + 4L * right);
            boolean takesRight = compare(key, row, a, b) > 0;
            UNSAFE.putInt(item + 4L * out++, takesRight ? b : a);
            if (takesRight) {
                right++;
            } else {
                left++;
            }
        }
        Memory.copy(spare + 4L * left, item + 4L * out, 4L * (middle - left));
    }

    private static int compare(KeyColumn key, long row, int left, int right) {
        return key.compare(UNSAFE.getInt(row + 4L * left), UNSAFE.getInt(row + 4L * right));
    }
}
