package org.arrownpz.vector.internal.encode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSink;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.column.ArrowColumn;
import org.arrownpz.vector.internal.buffers.ArrowColumnBuffer;

/** Collects the bytes of arrays in the heap, and gives them back as arrays that were read. */
public final class EncodeSink implements ByteSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int writes;

    @Override
    public void write(ArrowBuf source, long offset, long length) {
        byte[] part = new byte[(int) length];
        source.getBytes(offset, part);
        bytes.writeBytes(part);
        writes++;
    }

    @Override
    public void write(ByteBuffer source) {
        while (source.hasRemaining()) {
            bytes.write(source.get());
        }
    }

    public static byte[] bytes(ArrayContent content) throws NpzException {
        EncodeSink sink = new EncodeSink();
        content.writeTo(sink);
        byte[] written = sink.bytes.toByteArray();
        if (written.length != content.byteLength()) {
            throw new AssertionError("promised " + content.byteLength() + " bytes but wrote " + written.length);
        }
        return written;
    }

    public static ByteBuffer buffer(ArrayContent content) throws NpzException {
        return ByteBuffer.wrap(bytes(content)).order(ByteOrder.LITTLE_ENDIAN);
    }

    static NumpyArray array(BufferAllocator allocator, ArrayContent content) throws NpzException {
        return array(allocator, content, bytes(content));
    }

    public static NumpyArray array(BufferAllocator allocator, ArrayContent like, byte[] bytes) throws NpzException {
        NpyHeader header = new NpyHeader(1, like.dtype(), like.shape(), like.order(), 64, bytes.length);
        return new NumpyArray(
                new Location("test.npz", "member.npy"), header, ByteSources.of(allocator, ByteBuffer.wrap(bytes)));
    }

    /** What was stored, as arrays that were read: null where there is no buffer. The caller closes them. */
    public static List<NumpyArray> arrays(BufferAllocator allocator, ArrowColumn.Stored stored) throws NpzException {
        List<NumpyArray> arrays = new ArrayList<>();
        for (ArrowColumnBuffer buffer : stored.buffers()) {
            arrays.add(buffer == null ? null : array(allocator, buffer));
        }
        return arrays;
    }

    public static void close(List<NumpyArray> arrays) {
        for (NumpyArray array : arrays) {
            if (array != null) {
                array.data().close();
            }
        }
    }
}
