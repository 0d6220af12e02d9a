package org.arrownpz.array;

import java.util.Objects;
import org.arrownpz.NpzException;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of two arrays of one shape: where and by how much their values differ. Order and byte order of the elements do
 * not count, and numbers of different dtypes are compared as numbers.
 *
 * <pre>{@code
 * try (NumpyArray a = Npy.load(allocator, Path.of("a.npy"));
 *         NumpyArray b = Npy.load(allocator, Path.of("b.npy"))) {
 *     ArrayDiff.Result found = ArrayDiff.exact().of(a, b);             // as np.array_equal
 *     ArrayDiff.Result near = ArrayDiff.within(1e-8, 1e-5).of(a, b);   // as np.allclose(..., equal_nan=True)
 * }
 * }</pre>
 *
 * <p>Reads both in strips; bytes that are the same are not looked at as numbers. Arrays in different orders need
 * memory for a slab of rows. Immutable and safe for use by several threads.
 */
public final class ArrayDiff {
    final boolean exact;
    final double absolute;
    final double relative;
    final boolean equalNan;

    /**
     * Differences of two arrays.
     *
     * @param count how many elements
     * @param first the index of the first of them in C order; empty where none does, and of 0-d arrays
     * @param absolute the largest absolute difference; NaN where none is a number
     * @param relative the largest difference relative to the second array's element, likewise
     * @param a the first array's element there, as NumPy prints it; null where none differs
     * @param b the second array's
     */
    public record Result(
            long count,
            long[] first,
            double absolute,
            double relative,
            @Nullable String a,
            @Nullable String b) {}

    private ArrayDiff(boolean exact, double absolute, double relative, boolean equalNan) {
        this.exact = exact;
        this.absolute = absolute;
        this.relative = relative;
        this.equalNan = equalNan;
    }

    /** A comparison bit for bit: {@code -0.0} is not {@code 0.0}, and a NaN equals one of the same bits. */
    public static ArrayDiff exact() {
        return new ArrayDiff(true, 0, 0, true);
    }

    /**
     * A comparison by {@code np.allclose}: elements are equal where {@code |a - b| <= absolute + relative * |b|}, and so are
     * infinities of one sign, and NaN. What is no number is compared bit for bit.
     *
     * @throws IllegalArgumentException when a tolerance is negative or NaN
     */
    public static ArrayDiff within(double absolute, double relative) {
        if (!(absolute >= 0) || !(relative >= 0)) {
            throw new IllegalArgumentException("a tolerance is a number from 0, not " + absolute + ", " + relative);
        }
        return new ArrayDiff(false, absolute, relative, true);
    }

    /** The same where NaN equals nothing, as {@code np.allclose} has it by default. */
    public ArrayDiff withoutEqualNan() {
        return new ArrayDiff(exact, absolute, relative, false);
    }

    /** Whether values of both can be compared: of one dtype but for its byte order, or of numbers. */
    public static boolean isComparable(NumpyArray a, NumpyArray b) {
        ElementValues left = ElementValues.of(a);
        ElementValues right = ElementValues.of(b);
        if (a.dtype().equals(b.dtype()) && (a.smallFloat() == b.smallFloat())) {
            return true;
        }
        return left != null
                && right != null
                && left.parts() == right.parts()
                && left.longs() == right.longs()
                && (!left.longs() || left.unsigned() == right.unsigned() && sameUnit(left, right));
    }

    private static boolean sameUnit(ElementValues a, ElementValues b) {
        return a.kind() == b.kind()
                && Objects.equals(a.dtype().unit(), b.dtype().unit());
    }

    /**
     * Compares two arrays.
     *
     * @throws NpzException IO or FILE_CHANGED where a file does so, LIMIT where a deflated member needs too much memory
     * @throws IllegalArgumentException when their shapes differ, or their dtypes so that they are not comparable
     */
    public Result of(NumpyArray a, NumpyArray b) throws NpzException {
        if (!a.shape().equals(b.shape()) || !isComparable(a, b)) {
            throw new IllegalArgumentException("two arrays of one shape and type are compared, not " + a + " and " + b);
        }
        ArrayComparison run = new ArrayComparison(this, a, b);
        if (a.shape().elements() > 0 && a.dtype().itemSize() > 0) {
            if (run.isAligned()) {
                run.strips();
            } else {
                run.slabs();
            }
        }
        return run.result();
    }

    /** Whether every element equals itself, NaN too. */
    public boolean isReflexive() {
        return equalNan;
    }

    /** Whether there is no tolerance. */
    public boolean isExact() {
        return exact;
    }

    /** Whether two numbers are equal within the tolerances; without any, as {@code ==} has it, and NaN as asked for. */
    public boolean isClose(double a, double b) {
        return a == b
                || Math.abs(a - b) <= absolute + relative * Math.abs(b) && !Double.isInfinite(b)
                || equalNan && Double.isNaN(a) && Double.isNaN(b);
    }
}
