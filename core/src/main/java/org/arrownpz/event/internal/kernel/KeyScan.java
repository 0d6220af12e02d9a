package org.arrownpz.event.internal.kernel;

import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.Memory;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Finds the rows at which a key differs from that of the row before. Goes through the rows once, front to back; used by
 * one thread.
 */
public final class KeyScan {
    /**
     * Rows that one call best looks at: so few that memory for all is taken by what they hold, and their offsets fill,
     * with some to spare, a power of two, as allocators round up.
     */
    public static final int STEP = (1 << 12) - 64;

    private static final Unsafe UNSAFE = Memory.UNSAFE;
    private static final int BLOCK = 2048;

    private final KeyColumn[] keys;
    private final boolean plain;
    private final long[] values;
    private final long[] changes;
    private final long[] own;
    private final long[] anyNull;
    private final boolean[] lastNull;

    public KeyScan(KeyColumn... keys) {
        this.keys = keys;
        this.plain = keys.length == 1 && keys[0].isPlain64();
        this.lastNull = new boolean[keys.length];
        int room = plain ? 0 : BLOCK;
        this.values = new long[room + 1];
        this.changes = new long[room / 64];
        this.own = new long[room / 64];
        this.anyNull = new long[room / 64];
    }

    /**
     * Appends the first rows of the runs that begin in a range: the row itself, or its complement where a part of the
     * key is null. NaT in 64-bit keys without a bitmap is not marked: see {@link #markNaT}.
     *
     * @param first the first row; ranges follow each other
     * @param count the number of rows
     * @param starts receives 32-bit rows from index {@code runs} on; must have room for {@code count + 1} more
     * @return the number of runs so far
     */
    public int scan(long first, int count, ArrowBuf starts, int runs) {
        if (count == 0) {
            return runs;
        }
        long to = Memory.address(starts, 0, 4L * (runs + (long) count + 1));
        if (plain) {
            return runs + plain(keys[0].plain64(), (int) first, count, to + 4L * runs);
        }
        int found = runs;
        for (int done = 0; done < count; done += BLOCK) {
            found = block(first + done, Math.min(BLOCK, count - done), to, found);
        }
        return found;
    }

    // Every row number is stored, but the place moves on only where the key changes: no branch to mispredict.
    private static int plain(long base, int first, int count, long to) {
        long from = base + 8L * first;
        int i = 0;
        long previous;
        int found = 0;
        if (first == 0) {
            previous = UNSAFE.getLong(from);
            UNSAFE.putInt(to, 0);
            found = 1;
            i = 1;
        } else {
            previous = UNSAFE.getLong(from - 8);
        }
        for (; i < count; i++) {
            long value = UNSAFE.getLong(from + 8L * i);
            UNSAFE.putInt(to + 4L * found, first + i);
            long difference = value ^ previous;
            found += (int) ((difference | -difference) >>> 63);
            previous = value;
        }
        return found;
    }

    /**
     * The finder of runs together with their keys, or null where the key is anything but one column of 64-bit integers
     * in which nothing is null.
     */
    public @Nullable LongRuns longRuns() {
        return plain && !keys[0].isNat() ? new LongRuns(keys[0]) : null;
    }

    private int block(long first, int count, long to, int runs) {
        int words = (count + 63) >>> 6;
        Arrays.fill(changes, 0, words, 0);
        Arrays.fill(anyNull, 0, words, 0);
        for (int k = 0; k < keys.length; k++) {
            compare(keys[k], k, first, count, words);
        }
        if (first == 0) {
            changes[0] |= 1;
        }
        int found = runs;
        for (int w = 0; w < words; w++) {
            int row = (int) first + (w << 6);
            long nulls = anyNull[w];
            for (long bits = changes[w]; bits != 0; bits &= bits - 1) {
                int bit = Long.numberOfTrailingZeros(bits);
                int mark = -(int) (nulls >>> bit & 1);
                UNSAFE.putInt(to + 4L * found++, (row + bit) ^ mark);
            }
        }
        return found;
    }

    private void compare(KeyColumn key, int k, long first, int count, int words) {
        boolean word = key.isWord();
        if (word) {
            int before = first == 0 ? 0 : 1;
            key.words(first - before, count + before, values, 1 - before);
            if (before == 0) {
                values[0] = values[1];
            }
        }
        boolean carried = lastNull[k];
        boolean nulls = key.nulls(first, count, values, 1, own);
        lastNull[k] = nulls && (own[(count - 1) >>> 6] >>> ((count - 1) & 63) & 1) != 0;
        if (!nulls) {
            Arrays.fill(own, 0, words, 0);
        }
        long carry = carried ? 1 : 0;
        for (int w = 0; w < words; w++) {
            int now = Math.min(64, count - (w << 6));
            long isNull = own[w];
            long wasNull = isNull << 1 | carry;
            carry = isNull >>> 63;
            long either = isNull | wasNull;
            long different = word ? words(w << 6, now) : bytes(key, first + (w << 6), now, either);
            long full = -1L >>> (64 - now);
            changes[w] |= ((different & ~either) | (isNull ^ wasNull)) & full;
            anyNull[w] |= isNull;
        }
    }

    private long words(int at, int count) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
            long difference = values[at + i + 1] ^ values[at + i];
            bits |= ((difference | -difference) >>> 63) << i;
        }
        return bits;
    }

    private static long bytes(KeyColumn key, long first, int count, long skipped) {
        long bits = 0;
        for (int i = first == 0 ? 1 : 0; i < count; i++) {
            if ((skipped >>> i & 1) == 0 && !key.equalValues(first + i - 1, first + i)) {
                bits |= 1L << i;
            }
        }
        return bits;
    }

    /** Complements the starts of runs of NaT, which {@link #scan} does not know of. */
    public void markNaT(ArrowBuf starts, int runs) {
        if (!plain || !keys[0].isNat()) {
            return;
        }
        long at = Memory.address(starts, 0, 4L * runs);
        for (int i = 0; i < runs; i++) {
            int row = UNSAFE.getInt(at + 4L * i);
            if (UNSAFE.getLong(keys[0].plain64() + 8L * row) == Long.MIN_VALUE) {
                UNSAFE.putInt(at + 4L * i, ~row);
            }
        }
    }
}
