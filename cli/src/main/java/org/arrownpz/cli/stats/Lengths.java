package org.arrownpz.cli.stats;

import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.arrownpz.parquet.internal.type.ListRows;
import org.jspecify.annotations.Nullable;

/** Lengths of texts in characters (code points), of binaries in bytes, and of lists in elements. */
final class Lengths {
    private Lengths() {}

    /** The lengths of a vector's values, or null where values have none. */
    static @Nullable IntToLongFunction of(FieldVector vector) {
        if (vector instanceof VarCharVector || vector instanceof LargeVarCharVector) {
            return characters((VariableWidthFieldVector) vector);
        } else if (vector instanceof ViewVarCharVector text) {
            return characters(text);
        } else if (vector instanceof BaseVariableWidthVector bytes) {
            return row -> bytes.getOffsetBuffer().getInt(row * 4L + 4)
                    - bytes.getOffsetBuffer().getInt(row * 4L);
        } else if (vector instanceof BaseLargeVariableWidthVector bytes) {
            return row -> bytes.getOffsetBuffer().getLong(row * 8L + 8)
                    - bytes.getOffsetBuffer().getLong(row * 8L);
        } else if (vector instanceof BaseVariableWidthViewVector bytes) {
            return row -> bytes.getDataBuffer().getInt(row * 16L);
        } else if (ListRows.isList(vector) && !(vector instanceof FixedSizeListVector)) {
            return ListRows.of(vector)::length;
        }
        return null;
    }

    private static IntToLongFunction characters(VariableWidthFieldVector vector) {
        ArrowBufPointer pointer = new ArrowBufPointer();
        return row -> {
            vector.getDataPointer(row, pointer);
            ArrowBuf buffer = pointer.getBuf();
            return buffer == null ? 0 : characters(buffer, pointer.getOffset(), pointer.getLength());
        };
    }

    /** Every byte of UTF-8 but continuation bytes, 10xxxxxx, begins a character. */
    private static long characters(ArrowBuf buffer, long start, long length) {
        long characters = length;
        long at = start;
        long end = start + length;
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
