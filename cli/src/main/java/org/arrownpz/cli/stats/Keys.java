package org.arrownpz.cli.stats;

import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.jspecify.annotations.Nullable;

/** 64-bit keys of texts and binaries, which tell them apart: equal ones have one key, different ones as good as never. */
final class Keys {
    private Keys() {}

    /** The keys of a vector's values, or null where they are neither texts nor binaries. */
    static @Nullable IntToLongFunction of(FieldVector vector) {
        if (!(vector instanceof VariableWidthFieldVector bytes)) {
            return null;
        }
        ArrowBufPointer pointer = new ArrowBufPointer();
        return row -> {
            bytes.getDataPointer(row, pointer);
            ArrowBuf buffer = pointer.getBuf();
            return buffer == null ? 0 : key(buffer, pointer.getOffset(), pointer.getLength());
        };
    }

    private static long key(ArrowBuf buffer, long start, long length) {
        long key = Distinct.mix(length + 0x9e3779b97f4a7c15L);
        long at = start;
        long end = start + length;
        for (; at + 8 <= end; at += 8) {
            key = Distinct.mix(key ^ buffer.getLong(at)) + 0x9e3779b97f4a7c15L;
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | (buffer.getByte(at) & 0xff);
        }
        return Distinct.mix(key ^ rest);
    }
}
