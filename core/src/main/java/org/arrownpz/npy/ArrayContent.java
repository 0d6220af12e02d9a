package org.arrownpz.npy;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.io.ByteSink;

/**
 * An array to be written: its type and shape, and its elements on demand.
 *
 * <p>Used by one thread, that of the writer, unless an implementation says more.
 */
public interface ArrayContent {
    /**
     * A Java value as an array, borrowed: it must not change until it is written. What it becomes is what
     * {@code numpy.array} makes of the same values in Python, in little-endian and C order:
     *
     * <table>
     * <caption>dtypes of Java values</caption>
     * <tr><th>Java</th><th>NumPy</th></tr>
     * <tr><td>{@code double[]}, {@code float[]}</td><td>{@code <f8}, {@code <f4}</td></tr>
     * <tr><td>{@code long[]}, {@code int[]}, {@code short[]}, {@code byte[]}</td><td>{@code <i8}, {@code <i4},
     * {@code <i2}, {@code |i1}</td></tr>
     * <tr><td>{@code char[]}, {@code boolean[]}</td><td>{@code <u2}, {@code |b1}</td></tr>
     * <tr><td>{@code String[]}</td><td>{@code <U} of the longest, in code points</td></tr>
     * <tr><td>{@code byte[][]}</td><td>{@code |S} of the longest: each row is one value</td></tr>
     * <tr><td>{@code LocalDate[]}, {@code Instant[]}</td><td>{@code <M8[D]}, {@code <M8[ns]}; null is NaT</td></tr>
     * <tr><td>nested arrays of these</td><td>as many dimensions</td></tr>
     * <tr><td>one value (a {@code Double}, a {@code String} …)</td><td>no dimensions</td></tr>
     * <tr><td>{@link java.nio.DoubleBuffer} and its kin</td><td>one dimension of what remains</td></tr>
     * <tr><td>an {@code ArrayContent}, such as a {@link NumpyArray}</td><td>itself</td></tr>
     * </table>
     *
     * @throws IllegalArgumentException for any other value, for nested arrays that are not rectangular, for null text or
     *     bytes, for text and bytes that end in NUL, which NumPy takes away, for half a surrogate pair, and when an
     *     Instant is beyond 1677 to 2262 (found when it is written)
     */
    static ArrayContent of(Object value) {
        if (value instanceof ArrayContent content) {
            return content;
        }
        ArrayContent content = ContentOf.values(value);
        if (content == null) {
            content = JavaContent.of(value);
        }
        if (content == null) {
            throw new IllegalArgumentException("no NumPy array is made of a "
                    + value.getClass().getSimpleName()
                    + "; of arrays of numbers, booleans, String, byte[], LocalDate and Instant, of buffers and of "
                    + "Arrow vectors");
        }
        return content;
    }

    /**
     * The remaining bytes of a buffer as elements in C order: of any dtype, big-endian and records among them. Borrowed:
     * the buffer must not change until it is written; its position does not matter afterwards. Direct buffers are not
     * copied to the heap.
     *
     * @throws IllegalArgumentException when shape and dtype take more bytes or fewer
     */
    static ArrayContent of(ByteBuffer elements, DType dtype, Shape shape) {
        return ContentOf.bytes(elements, dtype, shape, StorageOrder.C);
    }

    /**
     * The first bytes of a buffer as elements. Borrowed, not retained: the buffer must stay open and unchanged until it
     * is written.
     *
     * @throws IllegalArgumentException when the buffer holds fewer bytes than shape and dtype take
     */
    static ArrayContent of(ArrowBuf elements, DType dtype, Shape shape, StorageOrder order) {
        return ContentOf.bytes(elements, dtype, shape, order);
    }

    DType dtype();

    Shape shape();

    StorageOrder order();

    /** The number of bytes that {@link #writeTo} emits: elements times item size. */
    default long byteLength() {
        return Math.multiplyExact(shape().elements(), dtype().itemSize());
    }

    /** Emits exactly {@link #byteLength()} bytes, the elements in {@link #order()}. May be called more than once. */
    void writeTo(ByteSink sink) throws NpzException;
}
