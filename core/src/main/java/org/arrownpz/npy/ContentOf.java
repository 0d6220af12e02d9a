package org.arrownpz.npy;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.io.ByteSink;
import org.jspecify.annotations.Nullable;

/** Elements that lie in a buffer, to be written. Borrowed: it must stay open and unchanged until it is written. */
record ContentOf(DType dtype, Shape shape, StorageOrder order, Emission emission) implements ArrayContent {
    private static final int STRIP = 1 << 16;

    /** Emits all elements. */
    interface Emission {
        void writeTo(ByteSink sink) throws NpzException;
    }

    ContentOf {
        // Overflows here rather than in the writer.
        Math.multiplyExact(shape.elements(), dtype.itemSize());
    }

    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        emission.writeTo(sink);
    }

    static ContentOf bytes(ByteBuffer buffer, DType dtype, Shape shape, StorageOrder order) {
        ByteBuffer held = buffer.slice();
        ContentOf content = new ContentOf(dtype, shape, order, sink -> sink.write(held.duplicate()));
        if (content.byteLength() != held.remaining()) {
            throw wrongLength(content, held.remaining());
        }
        return content;
    }

    static ContentOf bytes(ArrowBuf buffer, DType dtype, Shape shape, StorageOrder order) {
        long length = Math.multiplyExact(shape.elements(), dtype.itemSize());
        ContentOf content = new ContentOf(dtype, shape, order, sink -> sink.write(buffer, 0, length));
        if (length > buffer.capacity()) {
            throw wrongLength(content, buffer.capacity());
        }
        return content;
    }

    private static IllegalArgumentException wrongLength(ContentOf content, long found) {
        return new IllegalArgumentException(content.dtype + " of shape " + content.shape + " takes "
                + content.byteLength() + " bytes, and the buffer holds " + found);
    }

    /** The remaining values of a buffer as one dimension, or null where it is no buffer. */
    static @Nullable ContentOf values(Object value) {
        JavaType type = value instanceof DoubleBuffer
                ? JavaType.DOUBLE
                : value instanceof FloatBuffer
                        ? JavaType.FLOAT
                        : value instanceof LongBuffer
                                ? JavaType.LONG
                                : value instanceof IntBuffer
                                        ? JavaType.INT
                                        : value instanceof ShortBuffer
                                                ? JavaType.SHORT
                                                : value instanceof CharBuffer ? JavaType.CHAR : JavaType.BYTE;
        if (!(value instanceof Buffer buffer)) {
            return null;
        }
        DType dtype = type.dtype(0);
        Shape shape = Shape.of(buffer.remaining());
        if (value instanceof ByteBuffer bytes) {
            return bytes(bytes, dtype, shape, StorageOrder.C);
        }
        int width = (int) dtype.itemSize();
        Buffer held = buffer.slice();
        return new ContentOf(dtype, shape, StorageOrder.C, sink -> {
            int length = held.remaining();
            ByteBuffer strip = ByteBuffer.allocate(STRIP).order(ByteOrder.LITTLE_ENDIAN);
            for (int done = 0, count; done < length; done += count) {
                count = Math.min(STRIP / width, length - done);
                put(held, done, count, strip);
                sink.write(strip.clear().limit(count * width));
            }
        });
    }

    private static void put(Buffer from, int at, int count, ByteBuffer strip) {
        strip.clear();
        if (from instanceof DoubleBuffer values) {
            strip.asDoubleBuffer().put(values.slice(at, count));
        } else if (from instanceof FloatBuffer values) {
            strip.asFloatBuffer().put(values.slice(at, count));
        } else if (from instanceof LongBuffer values) {
            strip.asLongBuffer().put(values.slice(at, count));
        } else if (from instanceof IntBuffer values) {
            strip.asIntBuffer().put(values.slice(at, count));
        } else if (from instanceof ShortBuffer values) {
            strip.asShortBuffer().put(values.slice(at, count));
        } else {
            strip.asCharBuffer().put(((CharBuffer) from).slice(at, count));
        }
    }
}
