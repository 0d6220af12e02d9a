package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Differences of arrays, over dtypes, orders and shapes, as a plain loop over the formula of {@code np.allclose} finds them. */
@ExtendWith(LeakCheck.class)
class ArrayDiffTest {
    private static final List<String> DTYPES = List.of(
            "|b1", "|i1", "|u1", "<i2", ">u2", "<i4", ">i4", "<u4", "<i8", "<u8", "<f2", "<f4", ">f4", "<f8", ">f8",
            "<c8", "<c16");
    private static final double ABSOLUTE = 0.25;
    private static final double RELATIVE = 0.01;

    @TempDir
    Path directory;

    private static Stream<String> cases() {
        return DTYPES.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsWhatTheFormulaOfAllcloseFinds(String dtype, BufferAllocator allocator) throws Exception {
        Random random = new Random(dtype.hashCode());
        for (long[] shape :
                new long[][] {{}, {1}, {40}, {3, 4}, {2, 3, 4}, {1, 5}, {5, 1}, {0}, {3, 0}, {70_000}, {100, 70}}) {
            int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            int parts = dtype.charAt(1) == 'c' ? 2 : 1;
            double[] a = new double[count * parts];
            double[] b = new double[count * parts];
            for (int i = 0; i < a.length; i++) {
                a[i] = value(random, dtype);
                b[i] = random.nextInt(4) == 0 ? value(random, dtype) : a[i];
            }
            for (boolean[] orders : new boolean[][] {{false, false}, {true, true}, {false, true}, {true, false}}) {
                try (NumpyArray left = write("a.npy", dtype, shape, orders[0], a, allocator);
                        NumpyArray right = write("b.npy", dtype, shape, orders[1], b, allocator)) {
                    for (boolean equalNan : new boolean[] {true, false}) {
                        ArrayDiff diff = ArrayDiff.within(ABSOLUTE, RELATIVE);
                        diff = equalNan ? diff : diff.withoutEqualNan();
                        check(diff.of(left, right), shape, a, b, parts, equalNan, false);
                    }
                    check(ArrayDiff.exact().of(left, right), shape, a, b, parts, true, true);
                }
            }
        }
    }

    /** Answers of {@code np.isclose}, which allclose.py wrote. */
    @Test
    void findsWhatNumpyFindsOfEveryDtypeOrderAndShape(BufferAllocator allocator) throws Exception {
        Path file =
                Path.of(ArrayDiffTest.class.getResource("/array/allclose.npz").toURI());
        try (NumpyArrays arrays = Npz.open(allocator, file)) {
            List<String> close = arrays.names().stream()
                    .filter(name -> name.endsWith(".close"))
                    .toList();
            assertThat(close).hasSize(DTYPES.size() * 6);
            for (String name : close) {
                String key = name.substring(0, name.length() - "close".length());
                for (String orders : List.of("CC", "FF", "CF", "FC")) {
                    String left = key + "a." + orders.charAt(0);
                    String right = key + "b." + orders.charAt(1);
                    if (arrays.names().containsAll(List.of(left, right))) {
                        try (NumpyArray a = arrays.get(left);
                                NumpyArray b = arrays.get(right)) {
                            ArrayDiff diff = ArrayDiff.within(ABSOLUTE, RELATIVE);
                            answers(arrays, key + "nan", diff.of(a, b));
                            answers(arrays, name, diff.withoutEqualNan().of(a, b));
                        }
                    }
                }
            }
        }
    }

    private static void answers(NumpyArrays arrays, String name, ArrayDiff.Result found) throws Exception {
        try (NumpyArray close = arrays.get(name)) {
            ByteBuffer answers = close.buffer();
            int count = 0;
            int first = -1;
            for (int i = 0; i < answers.capacity(); i++) {
                count += 1 - answers.get(i);
                first = first < 0 && answers.get(i) == 0 ? i : first;
            }
            assertThat(found.count()).as(name).isEqualTo(count);
            long[] lengths = close.shape().lengths();
            long[] index = new long[first < 0 ? 0 : lengths.length];
            for (int i = index.length - 1, left = first; i >= 0; i--) {
                index[i] = left % lengths[i];
                left /= (int) lengths[i];
            }
            assertThat(found.first()).as(name).containsExactly(index);
        }
    }

    private static void check(
            ArrayDiff.Result found, long[] shape, double[] a, double[] b, int parts, boolean equalNan, boolean exact) {
        long count = 0;
        int first = -1;
        double most = Double.NaN;
        for (int i = 0; i < a.length / parts; i++) {
            double[] p = Arrays.copyOfRange(a, i * parts, i * parts + parts);
            double[] q = Arrays.copyOfRange(b, i * parts, i * parts + parts);
            if (exact ? !Arrays.equals(p, q) : !isClose(p, q, equalNan)) {
                count++;
                first = first < 0 ? i : first;
                double distance = distance(p, q);
                most = Double.isNaN(distance) || distance <= most ? most : distance;
            }
        }
        assertThat(found.count()).isEqualTo(count);
        if (count == 0) {
            assertThat(found.first()).isEmpty();
            return;
        }
        long[] index = new long[shape.length];
        for (int i = shape.length - 1, left = first; i >= 0; i--) {
            index[i] = left % shape[i];
            left /= (int) shape[i];
        }
        assertThat(found.first()).containsExactly(index);
        if (Double.isNaN(most) || Double.isInfinite(most)) {
            assertThat(Double.valueOf(found.absolute())).isEqualTo(Double.valueOf(most));
        } else {
            assertThat(found.absolute()).isCloseTo(most, within(1e-9 * most));
        }
    }

    private static boolean isClose(double[] p, double[] q, boolean equalNan) {
        boolean nan = hasNan(p) && hasNan(q);
        double size = q.length == 1 ? Math.abs(q[0]) : Math.hypot(q[0], q[1]);
        boolean same = p[0] == q[0] && (p.length == 1 || p[1] == q[1]);
        return same || equalNan && nan || Double.isFinite(size) && distance(p, q) <= ABSOLUTE + RELATIVE * size;
    }

    private static boolean hasNan(double[] p) {
        return Arrays.stream(p).anyMatch(Double::isNaN);
    }

    private static double distance(double[] p, double[] q) {
        return p.length == 1 ? Math.abs(p[0] - q[0]) : Math.hypot(p[0] - q[0], p[1] - q[1]);
    }

    /** Numbers that a dtype holds exactly, NaN, infinities and negative zero of reals among them. */
    private static double value(Random random, String dtype) {
        char kind = dtype.charAt(1);
        if (kind == 'b') {
            return random.nextInt(2);
        } else if (kind == 'i' || kind == 'u') {
            return random.nextInt(100) - (kind == 'i' ? 50 : 0);
        }
        return switch (random.nextInt(20)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> -0.0;
            case 4 -> 0.0;
            default -> (random.nextInt(2000) - 1000) / 16.0;
        };
    }

    private NumpyArray write(
            String name, String dtype, long[] shape, boolean fortran, double[] values, BufferAllocator allocator)
            throws Exception {
        int parts = dtype.charAt(1) == 'c' ? 2 : 1;
        int width = Integer.parseInt(dtype.substring(2)) / parts;
        int count = values.length / parts;
        ByteBuffer data = ByteBuffer.allocate(values.length * width)
                .order(dtype.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (int place = 0; place < count; place++) {
            int element = fortran ? ofFortran(place, shape) : place;
            for (int part = 0; part < parts; part++) {
                put(data, dtype.charAt(1), width, values[element * parts + part]);
            }
        }
        String lengths =
                Arrays.toString(shape).replace('[', '(').replace(']', ',').replace("(,", "(") + ")";
        String header = "{'descr': '" + dtype + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': "
                + lengths + "}\n";
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        file.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(data.array());
        return Npy.load(allocator, Files.write(directory.resolve(name), file.toByteArray()));
    }

    /** The place in C order of the element at a place in Fortran order. */
    private static int ofFortran(int place, long[] shape) {
        int index = 0;
        int scale = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        for (long length : shape) {
            scale /= (int) length;
            index += (int) (place % length) * scale;
            place /= (int) length;
        }
        return index;
    }

    private static void put(ByteBuffer data, char kind, int width, double value) {
        if (kind == 'f' || kind == 'c') {
            switch (width) {
                case 2 -> data.putShort(half((float) value));
                case 4 -> data.putFloat((float) value);
                default -> data.putDouble(value);
            }
            return;
        }
        switch (width) {
            case 1 -> data.put((byte) (long) value);
            case 2 -> data.putShort((short) (long) value);
            case 4 -> data.putInt((int) (long) value);
            default -> data.putLong((long) value);
        }
    }

    private static short half(float value) {
        return org.apache.arrow.memory.util.Float16.toFloat16(value);
    }

    @Test
    void comparesWholeNumbersOf64BitsExactly(BufferAllocator allocator) throws Exception {
        Npy.save(directory.resolve("a.npy"), new long[] {Long.MIN_VALUE, 1L << 60, 5});
        Npy.save(directory.resolve("b.npy"), new long[] {Long.MAX_VALUE, (1L << 60) + 1, 5});
        try (NumpyArray a = Npy.load(allocator, directory.resolve("a.npy"));
                NumpyArray b = Npy.load(allocator, directory.resolve("b.npy"))) {
            ArrayDiff.Result found = ArrayDiff.exact().of(a, b);
            assertThat(found.count()).isEqualTo(2);
            assertThat(found.absolute()).isEqualTo(0x1p64);
            assertThat(ArrayDiff.within(1, 0).of(a, b).count()).isEqualTo(1);
            assertThat(found.a()).isEqualTo("-9223372036854775808");
        }
    }

    @Test
    void comparesNumbersOfTwoDtypesAndTextsByTheirBytes(BufferAllocator allocator) throws Exception {
        Npy.save(directory.resolve("a.npy"), new float[] {1, 2.5f});
        Npy.save(directory.resolve("b.npy"), new double[] {1, 2.75});
        Npy.save(directory.resolve("s.npy"), new String[] {"ab", "cd"});
        Npy.save(directory.resolve("t.npy"), new String[] {"ab", "ce"});
        try (NumpyArray a = Npy.load(allocator, directory.resolve("a.npy"));
                NumpyArray b = Npy.load(allocator, directory.resolve("b.npy"));
                NumpyArray s = Npy.load(allocator, directory.resolve("s.npy"));
                NumpyArray t = Npy.load(allocator, directory.resolve("t.npy"))) {
            ArrayDiff.Result found = ArrayDiff.exact().of(a, b);
            assertThat(found.first()).containsExactly(1);
            assertThat(found.absolute()).isEqualTo(0.25);
            assertThat(found.relative()).isEqualTo(0.25 / 2.75);
            ArrayDiff.Result texts = ArrayDiff.exact().of(s, t);
            assertThat(texts.a() + texts.b()).isEqualTo("'cd''ce'");
            assertThat(texts.absolute()).isNaN();
            assertThat(ArrayDiff.isComparable(a, s)).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ArrayDiff.exact().of(a, s));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ArrayDiff.within(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ArrayDiff.within(0, Double.NaN));
    }
}
