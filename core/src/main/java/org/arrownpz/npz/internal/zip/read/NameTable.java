package org.arrownpz.npz.internal.zip.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds members by the bytes of a name or key without a String per member: open addressing over member numbers. The
 * hash is seeded by process, so that a file cannot be built to collide.
 */
final class NameTable {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = ThreadLocalRandom.current().nextLong();
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

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
        long hash = SEED ^ length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = mix(hash ^ (long) WORDS.get(bytes, from + i));
        }
        long rest = 0;
        for (; i < length; i++) {
            rest = rest << 8 | bytes[from + i] & 0xff;
        }
        return (int) (mix(hash ^ rest) >>> 32) & mask;
    }

    private static long mix(long value) {
        long product = value * MULTIPLIER;
        return product ^ product >>> 29;
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
