package org.arrownpz.parquet.internal.write;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.arrownpz.support.ValueBytes;

/** Values, each once, in the order of their first appearance: the dictionary of a chunk, for one. */
public final class Entries {
    private static final int FIRST_SLOTS = 64;
    private static final int SMALL = 1 << 9;
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    // The data decide which numbers meet in a slot: the hash differs from run to run.
    private final long seed = ThreadLocalRandom.current().nextLong() | 1;
    private final Bytes data = new Bytes();
    /** Of numbers that are small: their entries' numbers, plus one. */
    private final int[] small = new int[SMALL];

    private long[] numbers = {};
    private int[] ends = {};
    private int[] hashes = {};
    private int[] slots = new int[FIRST_SLOTS];
    private int count;
    /** The entry of the bytes before. */
    private int last;

    public int count() {
        return count;
    }

    /** Puts the numbers of the entries of numbers, which are made where there are none, from a place on. */
    void add(long[] values, int length, int[] target, int at) {
        for (int i = 0; i < length; i++) {
            long number = values[i];
            int entry;
            // Codes, counts and ids of few things need no hash.
            if ((number & -SMALL) == 0) {
                if (small[(int) number] == 0) {
                    small[(int) number] = find(number) + 1;
                }
                entry = small[(int) number] - 1;
            } else {
                entry = i > 0 && number == values[i - 1] ? target[at + i - 1] : find(number);
            }
            target[at + i] = entry;
        }
    }

    private int find(long number) {
        int hash = hash(number);
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            if (numbers[entry - 1] == number) {
                return entry - 1;
            }
            slot = slot + 1 & mask;
        }
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(FIRST_SLOTS, Math.multiplyExact(2, count)));
        }
        numbers[count] = number;
        return made(slot, hash);
    }

    /** The same for bytes. An object takes numbers or bytes, not both. */
    public int add(byte[] array, int from, int to) {
        if (count > 0 && isSame(last, array, from, to - from)) {
            return last;
        }
        int hash = (int) ValueBytes.hash(array, from, to - from);
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            if (hashes[entry - 1] == hash && isSame(entry - 1, array, from, to - from)) {
                last = entry - 1;
                return last;
            }
            slot = slot + 1 & mask;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, Math.max(FIRST_SLOTS, Math.multiplyExact(2, count)));
        }
        data.put(array, from, to - from);
        ends[count] = data.size();
        last = count;
        return made(slot, hash);
    }

    private int made(int slot, int hash) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.max(FIRST_SLOTS, Math.multiplyExact(2, count)));
        }
        hashes[count] = hash;
        slots[slot] = ++count;
        if (count > slots.length / 2) {
            grow();
        }
        return count - 1;
    }

    private void grow() {
        slots = new int[Math.multiplyExact(2, slots.length)];
        int mask = slots.length - 1;
        for (int entry = 0; entry < count; entry++) {
            int slot = hashes[entry] & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = entry + 1;
        }
    }

    private int hash(long number) {
        long hash = (number ^ seed) * PRIME;
        return (int) ((hash ^ hash >>> 29) * seed >>> 32);
    }

    private boolean isSame(int entry, byte[] array, int from, int length) {
        byte[] known = data.array();
        int start = start(entry);
        if (ends[entry] - start != length) {
            return false;
        }
        if (length >= Long.BYTES) {
            int last = length - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                if ((long) Bytes.LONG.get(known, start + i) != (long) Bytes.LONG.get(array, from + i)) {
                    return false;
                }
            }
            return (long) Bytes.LONG.get(known, start + last) == (long) Bytes.LONG.get(array, from + last);
        }
        if (length >= Integer.BYTES) {
            int last = length - Integer.BYTES;
            return (int) Bytes.INT.get(known, start) == (int) Bytes.INT.get(array, from)
                    && (int) Bytes.INT.get(known, start + last) == (int) Bytes.INT.get(array, from + last);
        }
        return Arrays.equals(known, start, start + length, array, from, from + length);
    }

    long number(int entry) {
        return numbers[entry];
    }

    byte[] data() {
        return data.array();
    }

    int start(int entry) {
        return entry == 0 ? 0 : ends[entry - 1];
    }

    int end(int entry) {
        return ends[entry];
    }

    /** Bytes of all entries that are no numbers. */
    int dataBytes() {
        return data.size();
    }
}
