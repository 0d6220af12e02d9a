package org.arrownpz.npz.internal.zip.write;

/**
 * The CRC-32 of bytes from those of their two halves, without the bytes: a checksum is a remainder of polynomials over
 * GF(2), which {@code n} bytes of zeros behind it multiply by x to the 8n. Stateless.
 */
final class ChecksumJoin {
    private static final int POLYNOMIAL = 0xEDB88320;
    /** The polynomials 1 and x; the highest coefficient stands in the lowest bit. */
    private static final int ONE = 1 << 31;

    private static final int X = 1 << 30;

    private ChecksumJoin() {}

    /** The factor of a checksum when {@code bytes} more follow. */
    static int shift(long bytes) {
        int result = ONE;
        // x to the power of 8, of 16, and so on: as many as the bits of the length ask for.
        int power = X;
        for (int i = 0; i < 3; i++) {
            power = multiply(power, power);
        }
        for (long left = bytes; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                result = multiply(power, result);
            }
            power = multiply(power, power);
        }
        return result;
    }

    /** The checksum of two ranges one after the other, by {@link #shift} of the second one's length. */
    static int join(int first, int second, int shift) {
        return multiply(shift, first) ^ second;
    }

    private static int multiply(int left, int right) {
        int product = 0;
        int factor = right;
        for (int bit = 31; bit >= 0; bit--) {
            if ((left >>> bit & 1) != 0) {
                product ^= factor;
            }
            factor = factor >>> 1 ^ ((factor & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
