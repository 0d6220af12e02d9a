package org.arrownpz.array;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.array.internal.kernel.ClosePairs;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.support.Faults;
import org.arrownpz.vector.internal.kernel.SharedWork;
import org.jspecify.annotations.Nullable;

/** One comparison of two arrays of one shape, by the rule of an {@link ArrayDiff}. Used by one thread, and a helper. */
final class ArrayComparison {
    private static final int STRIP = 256 << 10;
    private static final long SLAB = 16 << 20;

    private final ArrayDiff rule;
    private final NumpyArray a;
    private final NumpyArray b;
    private final Shape shape;
    private final @Nullable ElementValues left;
    private final @Nullable ElementValues right;
    private final boolean fortran;
    /** Whether both lie in Fortran order. */
    private final boolean turned;

    private long count;
    private long first = Long.MAX_VALUE;
    private double most = Double.NaN;
    private double mostRelative = Double.NaN;
    private ByteBuffer bytesA = ByteBuffer.allocateDirect(0);
    private ByteBuffer bytesB = bytesA;
    private double[] x = new double[0];
    private double[] y = new double[0];
    private long[] m = new long[0];
    private long[] n = new long[0];

    ArrayComparison(ArrayDiff rule, NumpyArray a, NumpyArray b) {
        this.rule = rule;
        this.a = a;
        this.b = b;
        this.shape = a.shape();
        this.left = ElementValues.of(a);
        this.right = ElementValues.of(b);
        this.fortran = isFortran(a);
        this.turned = fortran && isFortran(b);
    }

    /** Whether elements of one index lie at one place. */
    boolean isAligned() {
        return fortran == isFortran(b);
    }

    private static boolean isFortran(NumpyArray array) {
        int wide = 0;
        for (long length : array.shape().lengths()) {
            wide += length > 1 ? 1 : 0;
        }
        return wide > 1 && array.order() == StorageOrder.FORTRAN;
    }

    /** All elements, in strips that two threads share. */
    void strips() throws NpzException {
        if (a.dtype().itemSize() > STRIP) {
            longItems(a.dtype().itemSize());
            return;
        }
        ArrayComparison helper = new ArrayComparison(rule, a, b);
        try {
            int pieces = Math.toIntExact((shape.elements() - 1) / atOnce() + 1);
            SharedWork.run(pieces, this::strip, helper::strip);
        } catch (UncheckedIOException e) {
            throw Faults.typed(e);
        }
        count += helper.count;
        first = Math.min(first, helper.first);
        far(helper.most, helper.mostRelative);
    }

    private int atOnce() {
        return Math.max(
                1, STRIP / (int) Math.max(a.dtype().itemSize(), b.dtype().itemSize()));
    }

    private boolean strip(int piece) {
        long at = (long) piece * atOnce();
        int part = (int) Math.min(atOnce(), shape.elements() - at);
        try {
            strip(at, part);
        } catch (NpzException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    private void strip(long at, int part) throws NpzException {
        int widthA = (int) a.dtype().itemSize();
        int widthB = (int) b.dtype().itemSize();
        bytesA = bytesA.capacity() < part * widthA ? ByteBuffer.allocateDirect(part * widthA) : bytesA;
        bytesB = bytesB.capacity() < part * widthB ? ByteBuffer.allocateDirect(part * widthB) : bytesB;
        a.data().read(at * widthA, bytesA.clear().limit(part * widthA));
        b.data().read(at * widthB, bytesB.clear().limit(part * widthB));
        int from = 0;
        if (a.dtype().equals(b.dtype()) && !(left != null && left.isReal() && !rule.equalNan)) {
            int mismatch = bytesA.flip().mismatch(bytesB.flip());
            from = mismatch < 0 ? part : mismatch / widthA;
        }
        if (left == null || right == null) {
            bytes(bytesA, bytesB, widthA, from, part, at);
            return;
        }
        if (!rule.exact && widthA == widthB && left.isPlainFloat() && right.isPlainFloat()) {
            from = ClosePairs.firstFar(bytesA, bytesB, widthA == Float.BYTES, from, part, rule.absolute, rule.relative);
        }
        if (from < part) {
            decode(left, bytesA, from * widthA, part - from, true);
            decode(right, bytesB, from * widthB, part - from, false);
            compare(0, 1, 0, 1, part - from, at + from, 1);
        }
    }

    /** Elements that are longer than a strip. */
    private void longItems(long width) throws NpzException {
        ByteBuffer bytesA = ByteBuffer.allocateDirect(STRIP);
        ByteBuffer bytesB = ByteBuffer.allocateDirect(STRIP);
        for (long element = 0; element < shape.elements(); element++) {
            boolean equal = true;
            for (long at = 0; at < width && equal; at += STRIP) {
                int part = (int) Math.min(STRIP, width - at);
                a.data().read(element * width + at, bytesA.clear().limit(part));
                b.data().read(element * width + at, bytesB.clear().limit(part));
                equal = bytesA.flip().mismatch(bytesB.flip()) < 0;
            }
            if (!equal) {
                count++;
                first = Math.min(first, index(element));
            }
        }
    }

    /** Elements that are no numbers, of one dtype. */
    private void bytes(ByteBuffer bytesA, ByteBuffer bytesB, int width, int from, int to, long at) {
        for (int i = from; i < to; i++) {
            if (bytesA.slice(i * width, width).mismatch(bytesB.slice(i * width, width)) >= 0) {
                count++;
                first = Math.min(first, index(at + i));
            }
        }
    }

    private void decode(ElementValues values, ByteBuffer bytes, int at, int items, boolean isLeft) {
        int numbers = items * values.parts();
        if (values.longs()) {
            m = isLeft ? values.longs(bytes, at, m, numbers) : m;
            n = isLeft ? n : values.longs(bytes, at, n, numbers);
        } else {
            x = isLeft ? values.doubles(bytes, at, x, numbers) : x;
            y = isLeft ? y : values.doubles(bytes, at, y, numbers);
        }
    }

    /**
     * Compares decoded elements.
     *
     * @param startA the first of the left ones, of which every {@code stepA}th is taken; likewise of the right ones
     * @param place where the first one lies among all, and {@code placeStep} from there the next
     */
    private void compare(int startA, int stepA, int startB, int stepB, int items, long place, long placeStep) {
        ElementValues values = Objects.requireNonNull(left);
        if (values.longs()) {
            for (int i = 0; i < items; i++) {
                long p = m[startA + i * stepA];
                long q = n[startB + i * stepB];
                if (p != q) {
                    whole(values, p, q, place + i * placeStep);
                }
            }
        } else if (values.parts() == 2) {
            for (int i = 0; i < items; i++) {
                int p = 2 * (startA + i * stepA);
                int q = 2 * (startB + i * stepB);
                complex(x[p], x[p + 1], y[q], y[q + 1], place + i * placeStep);
            }
        } else {
            for (int i = 0; i < items; i++) {
                double p = x[startA + i * stepA];
                double q = y[startB + i * stepB];
                double distance = Math.abs(p - q);
                boolean equal = rule.exact
                        ? Double.doubleToRawLongBits(p) == Double.doubleToRawLongBits(q)
                                && (rule.equalNan || !Double.isNaN(p))
                        : distance <= Math.min(rule.absolute + rule.relative * Math.abs(q), Double.MAX_VALUE)
                                || rule.isClose(p, q);
                if (!equal) {
                    differ(distance, Math.abs(q), place + i * placeStep);
                }
            }
        }
    }

    private void whole(ElementValues values, long p, long q, long place) {
        boolean nat = values.isTime() && (p == Long.MIN_VALUE || q == Long.MIN_VALUE);
        boolean less = values.unsigned() ? Long.compareUnsigned(p, q) < 0 : p < q;
        // The difference of two longs has 64 bits without a sign.
        long bits = less ? q - p : p - q;
        double distance = nat ? Double.NaN : bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
        double size = Math.abs(values.real(q));
        if (rule.exact || values.isTime() || !(distance <= rule.absolute + rule.relative * size)) {
            differ(distance, size, place);
        }
    }

    private void complex(double re, double im, double re2, double im2, long place) {
        double distance = Math.hypot(re - re2, im - im2);
        double size = Math.hypot(re2, im2);
        boolean nan = isNan(re, im) && isNan(re2, im2);
        boolean bits = Double.doubleToRawLongBits(re) == Double.doubleToRawLongBits(re2)
                && Double.doubleToRawLongBits(im) == Double.doubleToRawLongBits(im2);
        boolean equal = rule.exact
                ? bits && (rule.equalNan || !nan)
                : re == re2 && im == im2
                        || distance <= rule.absolute + rule.relative * size && !Double.isInfinite(size)
                        || rule.equalNan && nan;
        if (!equal) {
            differ(distance, size, place);
        }
    }

    private static boolean isNan(double re, double im) {
        return Double.isNaN(re) || Double.isNaN(im);
    }

    private void differ(double distance, double size, long place) {
        count++;
        far(distance, distance == 0 ? 0 : distance / size);
        first = Math.min(first, index(place));
    }

    private void far(double distance, double share) {
        if (!(distance <= most) && !Double.isNaN(distance)) {
            most = distance;
        }
        if (!(share <= mostRelative) && !Double.isNaN(share)) {
            mostRelative = share;
        }
    }

    /** The place in C order of an element that lies somewhere in the files. */
    private long index(long place) {
        return turned ? turned(shape, place) : place;
    }

    /** The place in C order of an element whose place in Fortran order is known. */
    private static long turned(Shape shape, long place) {
        long index = 0;
        long left = place;
        long scale = shape.elements();
        for (long length : shape.lengths()) {
            scale /= length;
            index += left % length * scale;
            left /= length;
        }
        return index;
    }

    /** Arrays of which one lies in C order and the other in Fortran order: slabs of rows of the one in C order. */
    void slabs() throws NpzException {
        NumpyArray inC = fortran ? b : a;
        NumpyArray inFortran = fortran ? a : b;
        long rows = shape.length(0);
        long within = shape.elements() / rows;
        long width = inC.dtype().itemSize();
        long other = inFortran.dtype().itemSize();
        long atOnce = Math.max(1, Math.min(rows, SLAB / Math.max(1, within * Math.max(width, other))));
        if (Math.multiplyExact(atOnce * within, Math.max(width, other)) > Integer.MAX_VALUE - 64) {
            throw a.location()
                    .error(ErrorCode.LIMIT, "a row of an array in another order is too long to be turned")
                    .found(within + " elements")
                    .remedy("Rewrite one of them with align")
                    .build();
        }
        ByteBuffer slab = ByteBuffer.allocate((int) (atOnce * within * width));
        ByteBuffer run = ByteBuffer.allocate((int) (atOnce * other));
        Shape rest = Shape.of(Arrays.copyOfRange(shape.lengths(), 1, shape.dimensions()));
        for (long row = 0; row < rows; row += atOnce) {
            int part = (int) Math.min(atOnce, rows - row);
            inC.data().read(row * within * width, slab.clear().limit((int) (part * within * width)));
            slab.flip();
            if (left != null && right != null) {
                decode(fortran ? right : left, slab, 0, (int) (part * within), !fortran);
            }
            for (long j = 0; j < within; j++) {
                inFortran.data().read((j * rows + row) * other, run.clear().limit((int) (part * other)));
                run.flip();
                turnedRun(slab, run, part, (int) within, (int) turned(rest, j), row);
            }
        }
    }

    private void turnedRun(ByteBuffer slab, ByteBuffer run, int part, int within, int column, long row) {
        if (left == null || right == null) {
            int width = (int) a.dtype().itemSize();
            for (int i = 0; i < part; i++) {
                if (slab.slice((i * within + column) * width, width).mismatch(run.slice(i * width, width)) >= 0) {
                    count++;
                    first = Math.min(first, (row + i) * within + column);
                }
            }
            return;
        }
        decode(fortran ? left : right, run, 0, part, fortran);
        if (fortran) {
            compare(0, 1, column, within, part, row * within + column, within);
        } else {
            compare(column, within, 0, 1, part, row * within + column, within);
        }
    }

    ArrayDiff.Result result() throws NpzException {
        long[] lengths = shape.lengths();
        long[] index = new long[count == 0 ? 0 : lengths.length];
        long left = first;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = left % lengths[i];
            left /= lengths[i];
        }
        return count == 0
                ? new ArrayDiff.Result(0, index, most, mostRelative, null, null)
                : new ArrayDiff.Result(count, index, most, mostRelative, text(a, index), text(b, index));
    }

    private static String text(NumpyArray array, long[] index) throws NpzException {
        long[] strides = array.strides();
        long at = 0;
        for (int i = 0; i < index.length; i++) {
            at += index[i] * strides[i];
        }
        ByteBuffer element = ByteBuffer.allocate(ElementText.readable(array.dtype()));
        array.data().read(at, element);
        return ElementText.of(array, element.flip(), ArrayText.defaults(), true).text(0);
    }
}
