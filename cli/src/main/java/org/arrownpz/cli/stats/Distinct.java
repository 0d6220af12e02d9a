package org.arrownpz.cli.stats;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts distinct values and finds the most frequent, by 64-bit keys of values. Exact up to {@link #MOST} of them;
 * beyond, the number is estimated (HyperLogLog, 0.8 % standard error), and only values that came before are counted.
 */
final class Distinct {
    /** The most values that are counted one by one. */
    static final int MOST = 1 << 15;

    private static final int REGISTER_BITS = 14;
    private static final int REGISTERS = 1 << REGISTER_BITS;
    private static final int FIRST = 64;
    /** Differs from run to run, so that no file is written whose values meet in a slot. */
    private static final long FACTOR = ThreadLocalRandom.current().nextLong() | 1;

    private long[] keys = new long[FIRST];
    private long[] counts = new long[FIRST];
    private int[] rows = new int[FIRST];
    private int size;
    private byte[] registers = {};

    /** Takes a value. @param row where it lies in the batch */
    void add(long key, int row) {
        long mixed = mix(key);
        if (registers.length > 0) {
            register(mixed);
        }
        int mask = keys.length - 1;
        int slot = slot(mixed, FACTOR, mask);
        while (counts[slot] != 0) {
            if (keys[slot] == key) {
                counts[slot]++;
                rows[slot] = row;
                return;
            }
            slot = (slot + 1) & mask;
        }
        if (size == MOST) {
            if (registers.length == 0) {
                overflow(mixed);
            }
            return;
        }
        keys[slot] = key;
        counts[slot] = 1;
        rows[slot] = row;
        size++;
        if (size * 2 > keys.length) {
            grow();
        }
    }

    /** The uppermost bits of a product: two values share them by chance alone, whichever they are. */
    static int slot(long mixed, long factor, int mask) {
        return (int) (mixed * factor >>> Long.numberOfLeadingZeros(mask));
    }

    private void overflow(long mixed) {
        registers = new byte[REGISTERS];
        for (int slot = 0; slot < keys.length; slot++) {
            if (counts[slot] != 0) {
                register(mix(keys[slot]));
            }
        }
        register(mixed);
    }

    private void register(long mixed) {
        int register = (int) (mixed >>> (Long.SIZE - REGISTER_BITS));
        int rank = Long.numberOfLeadingZeros(mixed << REGISTER_BITS | 1L << (REGISTER_BITS - 1)) + 1;
        if (registers[register] < rank) {
            registers[register] = (byte) rank;
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldCounts = counts;
        int[] oldRows = rows;
        int mask = oldKeys.length * 2 - 1;
        keys = new long[mask + 1];
        counts = new long[mask + 1];
        rows = new int[mask + 1];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldCounts[i] != 0) {
                int slot = slot(mix(oldKeys[i]), FACTOR, mask);
                while (counts[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                keys[slot] = oldKeys[i];
                counts[slot] = oldCounts[i];
                rows[slot] = oldRows[i];
            }
        }
    }

    /** Before the first row of another batch. */
    void beginBatch() {
        Arrays.fill(rows, -1);
    }

    boolean isExact() {
        return registers.length == 0;
    }

    long count() {
        if (isExact()) {
            return size;
        }
        double sum = 0;
        int empty = 0;
        for (byte register : registers) {
            sum += 1.0 / (1L << register);
            empty += register == 0 ? 1 : 0;
        }
        double estimate = 0.7213 / (1 + 1.079 / REGISTERS) * REGISTERS * REGISTERS / sum;
        if (estimate <= 2.5 * REGISTERS && empty > 0) {
            estimate = REGISTERS * Math.log((double) REGISTERS / empty);
        }
        return Math.max(size + 1L, Math.round(estimate));
    }

    /** The slots of the most frequent values, the most frequent first. */
    int[] top(int most) {
        int[] top = new int[Math.min(most, size)];
        int found = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            if (counts[slot] != 0 && (found < top.length || before(slot, top[found - 1]))) {
                int at = found < top.length ? found++ : found - 1;
                while (at > 0 && before(slot, top[at - 1])) {
                    top[at] = top[at - 1];
                    at--;
                }
                top[at] = slot;
            }
        }
        return top;
    }

    private boolean before(int slot, int other) {
        return counts[slot] != counts[other] ? counts[slot] > counts[other] : keys[slot] < keys[other];
    }

    long key(int slot) {
        return keys[slot];
    }

    long count(int slot) {
        return counts[slot];
    }

    /** The place of a slot's value in this batch, or -1. */
    int row(int slot) {
        return rows[slot];
    }

    /** Every bit of the key changes half of the bits; different keys stay different. */
    static long mix(long key) {
        long mixed = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
