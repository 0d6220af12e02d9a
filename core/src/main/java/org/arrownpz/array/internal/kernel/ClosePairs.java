package org.arrownpz.array.internal.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/** Compares float32 or float64 with others, little-endian in direct memory that is no mapped file's. */
public final class ClosePairs {
    private static final Unsafe U = Memory.UNSAFE;

    private ClosePairs() {}

    /**
     * The first pair from a place on that is not within the tolerances, or the count: NaN never is, nor infinities.
     *
     * @param single whether the numbers are float32
     */
    public static int firstFar(
            ByteBuffer a, ByteBuffer b, boolean single, int from, int count, double absolute, double relative) {
        long bytes = (long) count * (single ? Float.BYTES : Double.BYTES);
        Objects.checkFromIndexSize(0, bytes, Math.min(a.capacity(), b.capacity()));
        Objects.checkFromToIndex(from, count, count);
        long left = MemoryUtil.getByteBufferAddress(a);
        long right = MemoryUtil.getByteBufferAddress(b);
        int first = single
                ? firstFarSingle(left, right, from, count, absolute, relative)
                : firstFar(left, right, from, count, absolute, relative);
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        return first;
    }

    private static int firstFarSingle(long a, long b, int from, int count, double absolute, double relative) {
        // What roundings of floats cannot reach: those that are less are near.
        float surely = (float) (absolute * 0.999999);
        float factor = (float) (relative * 0.999999);
        for (int i = from; i < count; i++) {
            float x = U.getFloat(a + 4L * i);
            float y = U.getFloat(b + 4L * i);
            if (Math.abs(x - y) < surely + factor * Math.abs(y)) {
                continue;
            }
            double p = x;
            double q = y;
            double distance = Math.abs(p - q);
            if (!(distance <= absolute + relative * Math.abs(q) && distance <= Double.MAX_VALUE)) {
                return i;
            }
        }
        return count;
    }

    private static int firstFar(long a, long b, int from, int count, double absolute, double relative) {
        for (int i = from; i < count; i++) {
            double p = U.getDouble(a + 8L * i);
            double q = U.getDouble(b + 8L * i);
            double distance = Math.abs(p - q);
            if (!(distance <= absolute + relative * Math.abs(q) && distance <= Double.MAX_VALUE)) {
                return i;
            }
        }
        return count;
    }
}
