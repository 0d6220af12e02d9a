package org.arrownpz.cli.stats;

import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.arrownpz.internal.memory.ValueBytes;
import org.arrownpz.parquet.internal.type.ListRows;
import org.jspecify.annotations.Nullable;

/** Lengths of texts in characters (code points), of binaries in bytes, and of lists in elements. */
final class Lengths {
    private Lengths() {}

    /** The lengths of a vector's values that are not null, or null where values have none. */
    static @Nullable IntToLongFunction of(FieldVector vector) {
        ValueBytes bytes = vector instanceof VariableWidthFieldVector ? ValueBytes.of(vector) : null;
        if (bytes == null) {
            return ListRows.isList(vector) && !(vector instanceof FixedSizeListVector)
                    ? ListRows.of(vector)::length
                    : null;
        }
        return switch (vector.getMinorType()) {
            case VARCHAR, LARGEVARCHAR, VIEWVARCHAR -> row -> characters(bytes.at(row));
            default -> row -> bytes.at(row).length();
        };
    }

    /** Every byte of UTF-8 but continuation bytes, 10xxxxxx, begins a character. */
    private static long characters(ValueBytes value) {
        ArrowBuf buffer = value.buffer();
        long characters = value.length();
        long at = value.start();
        long end = at + value.length();
        for (; at + 8 <= end; at += 8) {
            long bytes = buffer.getLong(at);
            characters -= Long.bitCount(bytes & 0x8080808080808080L & ~(bytes << 1));
        }
        for (; at < end; at++) {
            characters -= (buffer.getByte(at) & 0xc0) == 0x80 ? 1 : 0;
        }
        return characters;
    }
}
