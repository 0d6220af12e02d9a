package org.arrownpz.event.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.Memory;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Runs of equal keys made into groups: null runs left out, runs put in order, sessions split off. */
public final class KeyGroups {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private KeyGroups() {}

    /** One 32-bit entry. */
    public static int get(ArrowBuf values, int index) {
        return UNSAFE.getInt(Memory.address(values, 4L * index, 4));
    }

    /** Stores one 32-bit entry. */
    public static void set(ArrowBuf values, int index, int value) {
        UNSAFE.putInt(Memory.address(values, 4L * index, 4), value);
    }

    /** Copies entries, of which {@code first} is the first, to the beginning of a target. */
    public static void copy(ArrowBuf source, int first, int count, ArrowBuf target) {
        long from = Memory.address(source, 4L * first, 4L * count);
        Memory.copy(from, Memory.address(target, 0, 4L * count), 4L * count);
    }

    /** Complemented starts as rows again; the target may be the source. */
    public static void unmark(ArrowBuf starts, int runs, ArrowBuf target) {
        long at = Memory.address(starts, 0, 4L * runs);
        long to = Memory.address(target, 0, 4L * runs);
        for (int i = 0; i < runs; i++) {
            int row = UNSAFE.getInt(at + 4L * i);
            UNSAFE.putInt(to + 4L * i, row ^ (row >> 31));
        }
    }

    /** Each row of the runs as a run of its own, marked as its run is. */
    public static void spread(ArrowBuf starts, int runs, ArrowBuf target) {
        for (int i = 0; i < runs; i++) {
            int mark = get(starts, i) >> 31;
            int next = get(starts, i + 1);
            int end = next ^ (next >> 31);
            for (int row = get(starts, i) ^ mark; row < end; row++) {
                set(target, row, row ^ mark);
            }
        }
    }

    /** The numbers of runs marked null and of their rows, and the place of both kinds. */
    public record Nulls(int runs, long rows, int firstRow, int firstKept, int endKept) {
        /** Whether the runs that are not null follow each other. */
        public boolean keptAreOneRange(int all) {
            return endKept - firstKept == all - runs;
        }
    }

    /** Looks for complemented starts; {@code starts} has {@code runs + 1} entries, the last being the row count. */
    public static Nulls nulls(ArrowBuf starts, int runs) {
        long at = Memory.address(starts, 0, 4L * (runs + 1L));
        int found = 0;
        long rows = 0;
        int firstNull = -1;
        int firstKept = -1;
        int endKept = -1;
        for (int i = 0; i < runs; i++) {
            int row = UNSAFE.getInt(at + 4L * i);
            if (row < 0) {
                int next = UNSAFE.getInt(at + 4L * (i + 1));
                rows += (next ^ (next >> 31)) - ~row;
                firstNull = found++ == 0 ? ~row : firstNull;
            } else {
                firstKept = firstKept < 0 ? i : firstKept;
                endKept = i + 1;
            }
        }
        return new Nulls(found, rows, firstNull, Math.max(0, firstKept), Math.max(0, endKept));
    }

    /**
     * Writes the rows of runs one after the other, and where groups begin among them.
     *
     * @param starts the runs' first rows, the row count last; complemented ones are passed over
     * @param order the runs in the order wanted, or null for that of {@code starts}
     * @param runs the number of entries of {@code order}, or of runs
     * @param keys neighbouring runs of equal keys become one group; none: each run is a group
     * @param rows receives the rows
     * @param offsets receives the groups' beginnings and the number of rows
     * @return the number of groups
     */
    public static int collect(
            ArrowBuf starts, @Nullable ArrowBuf order, int runs, KeyColumn[] keys, ArrowBuf rows, ArrowBuf offsets) {
        long at = starts.memoryAddress();
        int written = 0;
        int groups = 0;
        int before = -1;
        for (int i = 0; i < runs; i++) {
            int run = order == null ? i : get(order, i);
            int first = UNSAFE.getInt(at + 4L * run);
            if (first < 0) {
                continue;
            }
            int next = UNSAFE.getInt(at + 4L * (run + 1));
            int end = next ^ (next >> 31);
            if (before < 0 || keys.length == 0 || !equal(keys, before, first)) {
                set(offsets, groups++, written);
            }
            before = first;
            long to = Memory.address(rows, 4L * written, 4L * (end - first));
            for (int row = first; row < end; row++, to += 4) {
                UNSAFE.putInt(to, row);
            }
            written += end - first;
        }
        set(offsets, groups, written);
        return groups;
    }

    private static boolean equal(KeyColumn[] keys, int left, int right) {
        for (KeyColumn key : keys) {
            if (!key.equal(left, right)) {
                return false;
            }
        }
        return true;
    }

    /** The first rows of groups: {@code rows[offsets[g]]}. */
    public static void firstRows(ArrowBuf rows, ArrowBuf offsets, int groups, ArrowBuf target) {
        long at = Memory.address(offsets, 0, 4L * groups);
        long to = Memory.address(target, 0, 4L * groups);
        for (int g = 0; g < groups; g++) {
            UNSAFE.putInt(to + 4L * g, get(rows, UNSAFE.getInt(at + 4L * g)));
        }
    }

    /** The result of {@link #sessions}. */
    public record Split(int sessions, int badRow) {}

    /**
     * Splits groups where the time since the row before exceeds a gap.
     *
     * @param offsets the groups' beginnings and the end of the last
     * @param rows the rows that offsets count, or null for all rows in place
     * @param firstNumber the number of the first session of the first group
     * @param target receives the sessions' beginnings and the end of the last
     * @param numbers receives the 64-bit number of each session in its group
     * @return the number of sessions, and the first row at which time goes back, or −1
     */
    public static Split sessions(
            ArrowBuf offsets,
            int groups,
            @Nullable ArrowBuf rows,
            KeyColumn time,
            long gap,
            long firstNumber,
            ArrowBuf target,
            ArrowBuf numbers) {
        long at = Memory.address(offsets, 0, 4L * (groups + 1L));
        int found = 0;
        for (int g = 0; g < groups; g++) {
            int first = UNSAFE.getInt(at + 4L * g);
            int end = UNSAFE.getInt(at + 4L * (g + 1));
            long number = g == 0 ? firstNumber : 0;
            long before = 0;
            for (int i = first; i < end; i++) {
                int row = rows == null ? i : get(rows, i);
                long now = time.word(row);
                if (i > first && now < before) {
                    return new Split(found, row);
                }
                // The difference of rising times is right as an unsigned number even where it overflows.
                boolean breaks = i > first && Long.compareUnsigned(now - before, gap) > 0;
                if (i == first || breaks) {
                    number += breaks ? 1 : 0;
                    set(target, found, i);
                    UNSAFE.putLong(Memory.address(numbers, 8L * found++, 8), number);
                }
                before = now;
            }
        }
        set(target, found, UNSAFE.getInt(at + 4L * groups));
        return new Split(found, -1);
    }

    /** The rows at which groups end: {@code rows[offsets[g + 1] - 1]}. */
    public static void lastRows(@Nullable ArrowBuf rows, ArrowBuf offsets, int groups, ArrowBuf target) {
        for (int g = 0; g < groups; g++) {
            int last = get(offsets, g + 1) - 1;
            set(target, g, rows == null ? last : get(rows, last));
        }
    }

    /** The number of rows of each group, as 64-bit integers. */
    public static void counts(ArrowBuf offsets, int groups, ArrowBuf target) {
        long to = Memory.address(target, 0, 8L * groups);
        for (int g = 0; g < groups; g++) {
            UNSAFE.putLong(to + 8L * g, get(offsets, g + 1) - get(offsets, g));
        }
    }

    /** Offsets as 64-bit integers. */
    public static void widen(ArrowBuf offsets, int count, ArrowBuf target) {
        long from = Memory.address(offsets, 0, 4L * count);
        long to = Memory.address(target, 0, 8L * count);
        for (int i = 0; i < count; i++) {
            UNSAFE.putLong(to + 8L * i, Memory.int32(from + 4L * i));
        }
    }

    /**
     * The first run that begins inside a group rather than with it: where a carried column is not constant. Both
     * ascend and begin alike.
     *
     * @return the row, or −1
     */
    public static int strayRun(ArrowBuf starts, int runs, ArrowBuf offsets, int groups) {
        int g = 0;
        int end = get(offsets, groups);
        for (int i = 0; i < runs; i++) {
            int row = get(starts, i);
            row ^= row >> 31;
            while (g < groups && get(offsets, g) < row) {
                g++;
            }
            if (row >= get(offsets, 0) && row < end && (g == groups || get(offsets, g) != row)) {
                return row;
            }
        }
        return -1;
    }
}
