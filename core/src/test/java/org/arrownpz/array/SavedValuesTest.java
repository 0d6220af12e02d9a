package org.arrownpz.array;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What values of Java, of buffers and of Arrow become in a file, and what comes back. */
@ExtendWith(LeakCheck.class)
class SavedValuesTest {
    private static final ScalarDType BIG = new ScalarDType(DTypeKind.FLOAT, ByteOrdering.BIG, 8, null);

    @TempDir
    Path directory;

    private final Map<String, Object> values = new LinkedHashMap<>();

    @Test
    void javaArraysComeBackAsTheyWere(BufferAllocator allocator) throws Exception {
        values.put("<f8 (3,)", new double[] {1.5, Double.NaN, -0.0});
        values.put("<f4 (2,)", new float[] {1.5f, Float.MIN_VALUE});
        values.put("<i8 (2,)", new long[] {Long.MIN_VALUE, 7});
        values.put("<i4 (2,)", new int[] {Integer.MIN_VALUE, 7});
        values.put("<i2 (2,)", new short[] {Short.MIN_VALUE, 7});
        values.put("|i1 (2,)", new byte[] {Byte.MIN_VALUE, 7});
        values.put("<u2 (2,)", new char[] {'\uffff', 'a'});
        values.put("|b1 (3,)", new boolean[] {true, false, true});
        values.put("<U2 (4,)", new String[] {"", "a", "\uD83D\uDE00b", "Öl\u0000x".substring(0, 2)});
        values.put("|S3 (3,)", new byte[][] {{}, {0, 1}, "abc".getBytes(US_ASCII)});
        values.put("<M8[D] (3,)", new LocalDate[] {LocalDate.of(1969, 12, 31), null, LocalDate.of(2026, 2, 28)});
        values.put("<M8[ns] (4,)", new Instant[] {
            Instant.parse("1969-12-31T23:59:59.999999999Z"),
            null,
            Instant.parse("1677-09-21T00:12:43.145224193Z"),
            Instant.parse("2262-04-11T23:47:16.854775807Z")
        });
        values.put("<f8 (2, 3)", new double[][] {{1, 2, 3}, {4, 5, 6}});
        values.put("<i4 (2, 1, 3)", new int[][][] {{{1, 2, 3}}, {{4, 5, 6}}});
        values.put("<U2 (2, 2)", new String[][] {{"a", "b"}, {"cc", ""}});
        values.put("|S1 (1, 2)", new byte[][][] {{{1}, {2}}});
        values.put("<f8 (0,)", new double[0]);
        values.put("<f8 (2, 0)", new double[2][0]);
        values.put("<U1 (0,)", new String[0]);
        values.put("<U1 (1,)", new String[] {""});
        Path file = directory.resolve("a.npz");

        Npz.save(file, values);

        try (NumpyArrays arrays = Npz.load(allocator, file)) {
            assertThat(arrays.names()).containsExactlyElementsOf(values.keySet());
            for (Map.Entry<String, Object> entry : values.entrySet()) {
                NumpyArray array = arrays.get(entry.getKey());
                assertThat(array).hasToString(entry.getKey() + " C");
                assertThat(array.to(entry.getValue().getClass())).isEqualTo(entry.getValue());
            }
        }
    }

    @Test
    void singleValuesHaveNoDimensions(BufferAllocator allocator) throws Exception {
        values.put("<f8 ()", 0.5);
        values.put("<i4 ()", 7);
        values.put("|b1 ()", true);
        values.put("<U5 ()", "hello");
        values.put("<M8[D] ()", LocalDate.EPOCH);
        Path file = directory.resolve("a.npz");

        Npz.save(file, values);

        try (NumpyArrays arrays = Npz.load(allocator, file)) {
            assertThat(arrays.get("<f8 ()").getDouble()).isEqualTo(0.5);
            assertThat(arrays.get("<i4 ()").getInt()).isEqualTo(7);
            assertThat(arrays.get("|b1 ()").getBoolean()).isTrue();
            assertThat(arrays.get("<U5 ()").getString()).isEqualTo("hello");
            for (String name : arrays.names()) {
                assertThat(arrays.get(name)).hasToString(name + " C");
                Object value = values.get(name);
                assertThat(arrays.get(name).to(value.getClass())).isEqualTo(value);
            }
        }
    }

    @Test
    void buffersAreWrittenFromTheirPositionOn(BufferAllocator allocator) throws Exception {
        ByteBuffer direct = ByteBuffer.allocateDirect(64).order(ByteOrder.BIG_ENDIAN);
        direct.putDouble(8, 1.5).putDouble(16, 2.5).position(8).limit(24);
        values.put("<f8 (2,)", direct.slice().order(ByteOrder.BIG_ENDIAN).asDoubleBuffer());
        values.put(">f8 (2, 1)", ArrayContent.of(direct, BIG, Shape.of(2, 1)));
        values.put("<f4 (1,)", FloatBuffer.wrap(new float[] {1, 2}, 1, 1));
        values.put("<i8 (1,)", LongBuffer.wrap(new long[] {5}));
        values.put("<i4 (1,)", IntBuffer.wrap(new int[] {5}));
        values.put("<i2 (1,)", ShortBuffer.wrap(new short[] {5}));
        values.put("<u2 (2,)", CharBuffer.wrap("ab").asReadOnlyBuffer());
        values.put("|i1 (2,)", ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2));
        Path file = directory.resolve("a.npz");

        Npz.save(file, values);

        assertThat(direct.remaining()).isEqualTo(16);
        try (NumpyArrays arrays = Npz.load(allocator, file)) {
            for (String name : arrays.names()) {
                assertThat(arrays.get(name)).hasToString(name + " C");
            }
            assertThat(arrays.get("<f8 (2,)").doubles()).containsExactly(1.5, 2.5);
            assertThat(arrays.get(">f8 (2, 1)").to(double[][].class)).isEqualTo(new double[][] {{1.5}, {2.5}});
            assertThat(arrays.get("<f4 (1,)").doubles()).containsExactly(2);
            assertThat(arrays.get("<u2 (2,)").ints()).containsExactly('a', 'b');
            assertThat(arrays.get("|i1 (2,)").longs()).containsExactly(2, 3);
        }
    }

    @Test
    void longBuffersGoThroughInStrips(BufferAllocator allocator) throws Exception {
        double[] numbers = new double[100_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        double[][] rows = new double[7][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(numbers, i * 14_000, (i + 1) * 14_000);
        }
        Path file = directory.resolve("a.npz");
        Npz.save(file, Map.of("array", numbers, "buffer", DoubleBuffer.wrap(numbers), "rows", rows));
        try (NumpyArrays arrays = Npz.load(allocator, file)) {
            assertThat(arrays.get("array").doubles()).isEqualTo(numbers);
            assertThat(arrays.get("buffer").doubles()).isEqualTo(numbers);
            assertThat(arrays.get("rows").to(double[][].class)).isEqualTo(rows);
        }
    }

    @Test
    void arrowBuffersTakeAnyDtypeShapeAndOrder(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npy");
        try (ArrowBuf buffer = allocator.buffer(64)) {
            for (int i = 0; i < 6; i++) {
                buffer.setInt(4L * i, i);
            }
            ScalarDType dtype = ScalarDType.of(DTypeKind.INT, 4);
            Npy.save(file, ArrayContent.of(buffer, dtype, Shape.of(2, 3), StorageOrder.FORTRAN));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ArrayContent.of(buffer, dtype, Shape.of(17), StorageOrder.C))
                    .withMessageContaining("takes 68 bytes, and the buffer holds 64");
        }
        try (NumpyArray array = Npy.load(allocator, file)) {
            assertThat(array).hasToString("<i4 (2, 3) FORTRAN");
            assertThat(array.to(int[][].class)).isEqualTo(new int[][] {{0, 2, 4}, {1, 3, 5}});
        }
    }

    @Test
    void vectorsAreSavedAndLoaded(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npz");
        try (Float8Vector numbers = new Float8Vector("x", allocator);
                VarCharVector text = new VarCharVector("y", allocator);
                FixedSizeListVector lists = FixedSizeListVector.empty("z", 2, allocator)) {
            numbers.allocateNew(2);
            numbers.set(0, 1.5);
            numbers.set(1, 2.5);
            numbers.setValueCount(2);
            text.allocateNew();
            text.setSafe(0, "ab".getBytes(US_ASCII));
            text.setValueCount(1);
            IntVector inner = (IntVector) lists.addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true)))
                    .getVector();
            inner.allocateNew(4);
            for (int i = 0; i < 4; i++) {
                inner.set(i, i);
            }
            inner.setValueCount(4);
            lists.setNotNull(0);
            lists.setNotNull(1);
            lists.setValueCount(2);
            values.put("numbers", numbers);
            values.put("text", text);
            values.put("lists", lists);
            values.put("again", Vectors.array(numbers));
            Npz.save(file, values);
        }
        try (NumpyArrays arrays = Npz.load(allocator, file);
                FieldVector numbers = arrays.vector("numbers");
                FieldVector lists = arrays.vector("lists")) {
            assertThat(numbers.getName()).isEqualTo("numbers");
            assertThat(numbers.getObject(1)).isEqualTo(2.5);
            assertThat(lists.getObject(1)).hasToString("[2,3]");
            assertThat(arrays.get("text").strings()).containsExactly("ab");
            assertThat(arrays.get("lists")).hasToString("<i4 (2, 2) C");
            assertThat(arrays.get("again").doubles()).containsExactly(1.5, 2.5);
        }
    }

    @Test
    void vectorsOutliveTheirArray(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npy");
        Npy.save(file, new long[] {1, 2, 3});
        FieldVector vector;
        try (NumpyArray array = Npy.load(allocator, file)) {
            vector = Vectors.of(allocator, array, "x");
        }
        assertThat(vector.getObject(2)).isEqualTo(3L);
        vector.close();
    }

    @Test
    void loadedArraysAreSavedAsTheyAre(BufferAllocator allocator) throws Exception {
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        values.put("big", ArrayContent.of(ByteBuffer.allocate(16).putDouble(0, 1.5), BIG, Shape.of(2)));
        values.put("text", new String[] {"a"});
        Npz.save(first, values);
        try (NumpyArrays arrays = Npz.load(allocator, first)) {
            Map<String, NumpyArray> same = new LinkedHashMap<>();
            for (String name : arrays.names()) {
                same.put(name, arrays.get(name));
            }
            Npz.save(second, same);
            // The archive that it is mapped from may be replaced.
            Npz.save(first, same, WriteOptions.defaults().deflate(6));
        }
        try (NumpyArrays arrays = Npz.load(allocator, first);
                NumpyArrays stored = Npz.load(allocator, second)) {
            assertThat(arrays.get("big").doubles()).containsExactly(1.5, 0);
            assertThat(stored.get("big")).hasToString(">f8 (2,) C");
        }
    }

    @Test
    void storedArraysAreAligned(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npz");
        Npz.save(file, Map.of("a", new byte[3], "b", new double[5], "longer name", new int[1]));
        try (NpzFile archive = NpzFile.open(allocator, file)) {
            for (String name : archive.names()) {
                long data = archive.payloadOffset(name)
                        + archive.array(name).header().dataOffset();
                assertThat(data % 64).isZero();
            }
        }
    }

    @Test
    void refusesWhatNumpyCannotHold() throws Exception {
        List<Object> refused = new ArrayList<>(List.of(
                new double[][] {{1}, {1, 2}},
                new double[][] {{1}, null},
                new String[] {"a", null},
                new String[] {"a\0"},
                new String[] {"\uD800"},
                new byte[][] {{1, 0}},
                new byte[][] {null},
                new Instant[] {Instant.MAX},
                new Instant[] {Instant.parse("1677-09-21T00:12:43.145224192Z")},
                new Object[] {1},
                new Double[] {1.0},
                List.of(1),
                new Object()));
        Path file = directory.resolve("a.npz");
        for (Object value : refused) {
            assertThatIllegalArgumentException()
                    .as(value.getClass().getSimpleName())
                    .isThrownBy(() -> Npz.save(file, Map.of("the name", value)))
                    .withMessageStartingWith("the array 'the name' cannot be saved: ");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Npz.save(file, Map.of("../a", new int[1])));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArrayContent.of(ByteBuffer.allocate(15), BIG, Shape.of(2)))
                .withMessage(">f8 of shape (2,) takes 16 bytes, and the buffer holds 15");
        assertThatThrownBy(() -> ArrayContent.of(ByteBuffer.allocate(15), BIG, Shape.of(1L << 61)))
                .isInstanceOf(ArithmeticException.class);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void refusesVectorsWithNulls(BufferAllocator allocator) throws Exception {
        try (Float8Vector vector = new Float8Vector("x", allocator)) {
            vector.allocateNew(2);
            vector.setNull(0);
            vector.setValueCount(2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Npy.save(directory.resolve("a.npy"), vector))
                    .withMessageContaining("2 nulls, which <f8 cannot hold");
        }
    }

    @Test
    void leavesTheTargetAloneWhenAValueIsRefused() throws Exception {
        Path file = directory.resolve("a.npz");
        Npz.save(file, Map.of("a", new int[] {1}));
        byte[] before = Files.readAllBytes(file);
        values.put("a", new int[] {2});
        values.put("b", new Object());
        assertThatIllegalArgumentException().isThrownBy(() -> Npz.save(file, values));
        assertThat(file).hasBinaryContent(before);
    }
}
