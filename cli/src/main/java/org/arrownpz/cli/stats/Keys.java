package org.arrownpz.cli.stats;

import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.arrownpz.internal.memory.ValueBytes;
import org.jspecify.annotations.Nullable;

/** 64-bit keys of texts and binaries, which tell them apart: equal ones have one key, different ones as good as never. */
final class Keys {
    private Keys() {}

    /** The keys of a vector's values that are not null, or null where they are neither texts nor binaries. */
    static @Nullable IntToLongFunction of(FieldVector vector) {
        ValueBytes bytes = vector instanceof VariableWidthFieldVector ? ValueBytes.of(vector) : null;
        return bytes == null ? null : row -> key(bytes.at(row));
    }

    private static long key(ValueBytes value) {
        ArrowBuf buffer = value.buffer();
        long key = Distinct.mix(value.length() + 0x9e3779b97f4a7c15L);
        long at = value.start();
        long end = at + value.length();
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
