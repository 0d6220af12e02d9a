package org.arrownpz.spark.internal.column;

import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** Text and bytes. A value is copied to the heap when it is asked for. */
final class ByteColumns {
    private ByteColumns() {}

    /** Values of which {@link #getBinary} is the content; text is the same as UTF-8. */
    abstract static class Values extends NpzColumn {
        Values(DataType type, FieldVector vector, int base) {
            super(type, vector, base);
        }

        @Override
        public UTF8String getUTF8String(int row) {
            return UTF8String.fromBytes(getBinary(row));
        }

        static byte[] copy(ArrowBuf values, long start, long length) {
            byte[] bytes = new byte[Math.toIntExact(length)];
            values.getBytes(start, bytes);
            return bytes;
        }
    }

    static final class Offsets32 extends Values {
        private final ArrowBuf offsets;
        private final ArrowBuf values;

        Offsets32(DataType type, FieldVector vector, int base) {
            super(type, vector, base);
            this.offsets = vector.getOffsetBuffer();
            this.values = vector.getDataBuffer();
        }

        @Override
        public byte[] getBinary(int row) {
            long at = 4L * (base + row);
            int start = offsets.getInt(at);
            return copy(values, start, (long) offsets.getInt(at + 4) - start);
        }
    }

    static final class Offsets64 extends Values {
        private final ArrowBuf offsets;
        private final ArrowBuf values;

        Offsets64(DataType type, FieldVector vector, int base) {
            super(type, vector, base);
            this.offsets = vector.getOffsetBuffer();
            this.values = vector.getDataBuffer();
        }

        @Override
        public byte[] getBinary(int row) {
            long at = 8L * (base + row);
            long start = offsets.getLong(at);
            return copy(values, start, offsets.getLong(at + 8) - start);
        }
    }

    /** Text and binary views, whose short values lie within the view. */
    static final class Views extends Values {
        private final IntFunction<byte[]> values;

        Views(DataType type, FieldVector vector, IntFunction<byte[]> values, int base) {
            super(type, vector, base);
            this.values = values;
        }

        @Override
        public byte[] getBinary(int row) {
            return values.apply(base + row);
        }
    }

    static final class Fixed extends Values {
        private final ArrowBuf values;
        private final int width;

        Fixed(int width, FieldVector vector, int base) {
            super(DataTypes.BinaryType, vector, base);
            this.width = width;
            this.values = vector.getDataBuffer();
        }

        @Override
        public byte[] getBinary(int row) {
            return copy(values, (long) width * (base + row), width);
        }
    }
}
