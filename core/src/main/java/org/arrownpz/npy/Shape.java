package org.arrownpz.npy;

import java.util.Arrays;

/** The lengths of an array's dimensions; none for a 0-d array, which holds one element. Immutable. */
public final class Shape {
    private static final Shape SCALAR = new Shape(new long[0], 1);

    private final long[] lengths;
    private final long elements;

    private Shape(long[] lengths, long elements) {
        this.lengths = lengths;
        this.elements = elements;
    }

    /**
     * A shape of the given lengths.
     *
     * @throws IllegalArgumentException when a length is negative
     * @throws ArithmeticException when the product of the non-zero lengths does not fit 63 bits
     */
    public static Shape of(long... lengths) {
        if (lengths.length == 0) {
            return SCALAR;
        }
        long nonZero = 1;
        boolean empty = false;
        for (long length : lengths) {
            if (length < 0) {
                throw new IllegalArgumentException("a dimension is not negative: " + length);
            }
            if (length == 0) {
                empty = true;
            } else {
                nonZero = Math.multiplyExact(nonZero, length);
            }
        }
        return new Shape(lengths.clone(), empty ? 0 : nonZero);
    }

    /** The number of dimensions. */
    public int dimensions() {
        return lengths.length;
    }

    /** The length of one dimension. */
    public long length(int dimension) {
        return lengths[dimension];
    }

    /** The number of elements: the product of all lengths, 1 for a 0-d array. */
    public long elements() {
        return elements;
    }

    /** The lengths as a new array. */
    public long[] lengths() {
        return lengths.clone();
    }

    /** Python's spelling: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < lengths.length; i++) {
            text.append(i == 0 ? "" : ", ").append(lengths[i]);
        }
        return text.append(lengths.length == 1 ? ",)" : ")").toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(lengths, shape.lengths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lengths);
    }
}
