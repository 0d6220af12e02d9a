package org.arrownpz.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;

/** Arrays of floats that are larger than memory should be, and take no room on the disk. */
public final class SparseArrays {
    private SparseArrays() {}

    /**
     * Writes an array of zeros, but for these elements, which hold their own numbers.
     *
     * @param width 4 or 8 bytes
     * @param elements counted in the array's order
     */
    public static Path write(Path file, int width, Shape shape, StorageOrder order, long... elements)
            throws IOException {
        byte[] header = NpyHeaderWriter.numpy(ScalarDType.of(DTypeKind.FLOAT, width), shape, order);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.write(header);
            bytes.setLength(header.length + shape.elements() * width);
            FileChannel channel = bytes.getChannel();
            for (long element : elements) {
                ByteBuffer value = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
                if (width == Float.BYTES) {
                    value.putFloat(0, element);
                } else {
                    value.putDouble(0, element);
                }
                channel.write(value, header.length + element * width);
            }
        }
        return file;
    }
}
