package org.arrownpz.spark.internal.column;

import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

/** Text and bytes. A value is copied to the heap when it is asked for; text is the same as UTF-8. */
final class ByteColumns extends NpzColumn {
    private final IntFunction<byte[]> values;

    /** @param values the value of a row of the vector */
    ByteColumns(DataType type, FieldVector vector, IntFunction<byte[]> values, int base) {
        super(type, vector, base);
        this.values = values;
    }

    /** Values between offsets of 4 bytes. */
    static ByteColumns offsets32(DataType type, FieldVector vector, int base) {
        ArrowBuf offsets = vector.getOffsetBuffer();
        ArrowBuf values = vector.getDataBuffer();
        return new ByteColumns(
                type, vector, row -> copy(values, offsets.getInt(4L * row), offsets.getInt(4L * row + 4)), base);
    }

    /** Values between offsets of 8 bytes. */
    static ByteColumns offsets64(DataType type, FieldVector vector, int base) {
        ArrowBuf offsets = vector.getOffsetBuffer();
        ArrowBuf values = vector.getDataBuffer();
        return new ByteColumns(
                type, vector, row -> copy(values, offsets.getLong(8L * row), offsets.getLong(8L * row + 8)), base);
    }

    /** Values of one width. */
    static ByteColumns fixed(DataType type, FieldVector vector, int width, int base) {
        ArrowBuf values = vector.getDataBuffer();
        return new ByteColumns(type, vector, row -> copy(values, (long) width * row, (long) width * row + width), base);
    }

    private static byte[] copy(ArrowBuf values, long start, long end) {
        byte[] bytes = new byte[Math.toIntExact(end - start)];
        values.getBytes(start, bytes);
        return bytes;
    }

    @Override
    public byte[] getBinary(int row) {
        return values.apply(base + row);
    }

    @Override
    public UTF8String getUTF8String(int row) {
        return UTF8String.fromBytes(getBinary(row));
    }
}
