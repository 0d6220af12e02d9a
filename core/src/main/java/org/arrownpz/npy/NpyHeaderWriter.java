package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.SubarrayDType;

/**
 * Writes NPY headers: magic, version, length and text, padded so that the data begin at a multiple of 64 bytes.
 *
 * <p>The order passed is the one that is written. What NumPy and StaticFrame state for arrays whose elements lie alike
 * in both orders differs: see {@link #numpyOrder} and {@link #staticFrameOrder}.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class NpyHeaderWriter {
    private static final int ALIGNMENT = 64;
    /** NumPy leaves room for the growing dimension to take this many digits. */
    private static final int GROWTH_DIGITS = 21;

    private static final int LONGEST_VERSION_1 = 0xffff;

    private NpyHeaderWriter() {}

    /**
     * The header that {@code numpy.save} writes, byte for byte: version 1.0 where length and characters allow it, else
     * 2.0 (long), else 3.0 (field names beyond Latin-1).
     *
     * @param order written as it is; {@link #numpyOrder} is what NumPy would pass
     * @throws IllegalArgumentException for a sub-array type, which only exists inside records
     */
    public static byte[] numpy(DType dtype, Shape shape, StorageOrder order) {
        if (dtype instanceof SubarrayDType) {
            throw new IllegalArgumentException("a sub-array type has no header of its own: " + dtype);
        }
        String text = "{'descr': " + dtype.descr() + ", 'fortran_order': " + python(order) + ", 'shape': " + shape
                + ", }" + " ".repeat(growth(shape, order));
        if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            boolean fits = paddedLength(10, text.length()) - 10 <= LONGEST_VERSION_1;
            return wrap(text, fits ? 1 : 2, StandardCharsets.ISO_8859_1);
        }
        return wrap(text, 3, StandardCharsets.UTF_8);
    }

    /**
     * The header that StaticFrame writes, byte for byte: version 1.0, compact, double quotes.
     *
     * @param order written as it is; {@link #staticFrameOrder} is what StaticFrame would pass
     * @throws IllegalArgumentException for dimensions other than 1 and 2, which StaticFrame does not read
     */
    public static byte[] staticFrame(ScalarDType dtype, Shape shape, StorageOrder order) {
        if (shape.dimensions() < 1 || shape.dimensions() > 2) {
            throw new IllegalArgumentException("StaticFrame arrays have 1 or 2 dimensions, not " + shape.dimensions());
        }
        String text =
                "{\"descr\":\"" + dtype.str() + "\",\"fortran_order\":" + python(order) + ",\"shape\":" + shape + "}";
        return wrap(text, 1, StandardCharsets.ISO_8859_1);
    }

    /** NumPy's choice: C wherever the elements lie alike in both orders, among them all 0-d and 1-d arrays. */
    public static StorageOrder numpyOrder(Shape shape, StorageOrder order) {
        return ordersCoincide(shape) ? StorageOrder.C : order;
    }

    /**
     * StaticFrame's choice: Fortran wherever the elements lie alike in both orders, that is for 1-d arrays, single
     * rows, single columns and empty arrays.
     */
    public static StorageOrder staticFrameOrder(Shape shape, StorageOrder order) {
        return ordersCoincide(shape) ? StorageOrder.FORTRAN : order;
    }

    private static boolean ordersCoincide(Shape shape) {
        int longer = 0;
        for (int i = 0; i < shape.dimensions(); i++) {
            longer += shape.length(i) == 1 ? 0 : 1;
        }
        return longer <= 1 || shape.elements() == 0;
    }

    private static int growth(Shape shape, StorageOrder order) {
        int dimensions = shape.dimensions();
        if (dimensions == 0) {
            return 0;
        }
        long growing = shape.length(order == StorageOrder.FORTRAN ? dimensions - 1 : 0);
        return GROWTH_DIGITS - Long.toString(growing).length();
    }

    /** Text of that many bytes with prefix, padding and newline; a text that fits exactly gets a whole block more. */
    private static int paddedLength(int prefix, int textBytes) {
        int used = Math.addExact(prefix + 1, textBytes);
        return Math.addExact(used, ALIGNMENT - used % ALIGNMENT);
    }

    private static byte[] wrap(String text, int major, Charset charset) {
        byte[] encoded = text.getBytes(charset);
        int prefix = major == 1 ? 10 : 12;
        byte[] header = new byte[paddedLength(prefix, encoded.length)];
        ByteBuffer out = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) major)
                .put((byte) 0);
        if (major == 1) {
            out.putShort((short) (header.length - prefix));
        } else {
            out.putInt(header.length - prefix);
        }
        out.put(encoded);
        Arrays.fill(header, out.position(), header.length - 1, (byte) ' ');
        header[header.length - 1] = '\n';
        return header;
    }

    private static String python(StorageOrder order) {
        return order == StorageOrder.FORTRAN ? "True" : "False";
    }
}
