package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Indices of a dictionary as those of another that has the same entries, and more, in other places. */
public final class RebaseIndices {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private RebaseIndices() {}

    /**
     * Refuses indices that are too short for a dictionary.
     *
     * @throws ArithmeticException when the last entry has no index
     */
    public static void requireRoom(int entries, int width, boolean signed) {
        long last = width == Long.BYTES ? Long.MAX_VALUE : (1L << (width * Byte.SIZE - (signed ? 1 : 0))) - 1;
        if (entries - 1L > last) {
            throw new ArithmeticException("its dictionaries together have " + entries + " entries, more than its "
                    + (signed ? "" : "unsigned ") + width * Byte.SIZE + "-bit indices count");
        }
    }

    /**
     * Copies indices, each as what a map has in its place; those of nulls become 0.
     *
     * @param width bytes of an index
     * @param map 32-bit integers, one for each entry of the dictionary that the indices go into
     * @throws IndexOutOfBoundsException when an index is not one of the map
     */
    public static void map(
            ArrowBuf source,
            @Nullable ArrowBuf validity,
            long first,
            int count,
            int width,
            boolean signed,
            ArrowBuf map,
            ArrowBuf target) {
        try {
            long from = Memory.address(source, first * width, (long) count * width);
            long to = Memory.address(target, 0, (long) count * width);
            long entries = map.capacity() / Integer.BYTES;
            long places = Memory.address(map, 0, entries * Integer.BYTES);
            for (int i = 0; i < count; i++) {
                long value = 0;
                if (validity == null || EncodeBits.isSet(validity, first + i)) {
                    long index = index(from + (long) i * width, width, signed);
                    if (index < 0 || index >= entries) {
                        throw new IndexOutOfBoundsException("an index leads out of its dictionary");
                    }
                    value = UNSAFE.getInt(places + index * Integer.BYTES);
                }
                EncodeOffsets.store(to + (long) i * width, width, value);
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    // Without sign extension of what may be mapped, see Memory.int32; negative ones come out too large.
    private static long index(long address, int width, boolean signed) {
        long index = switch (width) {
            case 1 -> UNSAFE.getByte(address) & 0xFFL;
            case 2 -> UNSAFE.getShort(address) & 0xFFFFL;
            case 4 -> UNSAFE.getInt(address) & 0xFFFFFFFFL;
            default -> UNSAFE.getLong(address);
        };
        boolean negative = signed && width < Long.BYTES && index >>> (width * Byte.SIZE - 1) != 0;
        return negative ? -1 : index;
    }
}
