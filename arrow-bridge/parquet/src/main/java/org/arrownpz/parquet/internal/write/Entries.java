package org.arrownpz.parquet.internal.write;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Values of a chunk, each once, in the order of their first appearance: its dictionary. */
final class Entries {
    private static final int FIRST_SLOTS = 64;
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    // The data decide which values meet in a slot: the hash differs from run to run.
    private final long seed = ThreadLocalRandom.current().nextLong() | 1;
    private final Bytes data = new Bytes();
    private long[] numbers = {};
    private int[] ends = {};
    private int[] hashes = {};
    private int[] slots = new int[FIRST_SLOTS];
    private int count;

    int count() {
        return count;
    }

    /** The number of a number's entry, which is made where there is none. */
    int add(long number) {
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
    int add(byte[] array, int from, int to) {
        int hash = hash(array, from, to);
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            if (hashes[entry - 1] == hash
                    && Arrays.equals(data.array(), start(entry - 1), end(entry - 1), array, from, to)) {
                return entry - 1;
            }
            slot = slot + 1 & mask;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, Math.max(FIRST_SLOTS, Math.multiplyExact(2, count)));
        }
        data.put(array, from, to - from);
        ends[count] = data.size();
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

    private int hash(byte[] array, int from, int to) {
        long hash = seed + to - from;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            hash = (hash ^ (long) Bytes.LONG.get(array, at)) * PRIME;
            hash ^= hash >>> 32;
        }
        for (; at < to; at++) {
            hash = (hash ^ array[at]) * PRIME;
        }
        return (int) ((hash ^ hash >>> 29) * seed >>> 32);
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
