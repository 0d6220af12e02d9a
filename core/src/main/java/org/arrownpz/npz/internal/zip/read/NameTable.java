package org.arrownpz.npz.internal.zip.read;

import org.arrownpz.internal.memory.KeyedHash;

/**
 * Finds members by the bytes of a name or key without a String per member: open addressing over member numbers, by a
 * hash for which no file can be built to collide.
 */
final class NameTable {
    /** Member number + 1 by slot, 0 for none. At most half full. */
    private final int[] slots;

    private final int mask;

    NameTable(int members) {
        int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, members)) * 4);
        slots = new int[capacity];
        mask = capacity - 1;
    }

    /** The first slot of a key; further ones follow by {@link #next}. */
    int first(byte[] bytes, int from, int length) {
        return (int) KeyedHash.of(bytes, from, length) & mask;
    }

    int next(int slot) {
        return slot + 1 & mask;
    }

    /** The member in a slot, or -1. */
    int at(int slot) {
        return slots[slot] - 1;
    }

    void put(int slot, int member) {
        slots[slot] = member + 1;
    }
}
