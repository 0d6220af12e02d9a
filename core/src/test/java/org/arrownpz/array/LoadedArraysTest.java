package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays of every order, byte order and dtype as Java values, and what is said where they are of another kind. */
@ExtendWith(LeakCheck.class)
class LoadedArraysTest {
    @TempDir
    Path directory;

    /** A file with a header as Python spells it. */
    private Path file(String descr, boolean fortran, String shape, ByteBuffer data) throws Exception {
        String text = "{'descr': " + descr + ", 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': "
                + shape + ", }";
        String padded = text + " ".repeat(63 - (10 + text.length()) % 64) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        out.write(padded.length() & 0xff);
        out.write(padded.length() >> 8);
        out.write(padded.getBytes(StandardCharsets.ISO_8859_1));
        out.write(data.array(), 0, data.position());
        return Files.write(directory.resolve("array.npy"), out.toByteArray());
    }

    private static ByteBuffer bytes() {
        return ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer ints(int... values) {
        ByteBuffer bytes = bytes();
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void readsFortranOrderInLogicalOrder(Mapping mapping, BufferAllocator allocator) throws Exception {
        Path path = file("'<i4'", true, "(2, 3, 2)", ints(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        try (NumpyArray array = Npy.load(allocator, path, ReadOptions.defaults().withMapping(mapping))) {
            assertThat(array.strides()).containsExactly(4, 8, 24);
            int[][][] nested = {{{0, 6}, {2, 8}, {4, 10}}, {{1, 7}, {3, 9}, {5, 11}}};
            assertThat(array.to(int[][][].class)).isEqualTo(nested);
            assertThat(array.ints()).containsExactly(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11);
            assertThat(array.longs()).containsExactly(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11);
            assertThat(array.doubles()[1]).isEqualTo(6);
            assertThat(array.to(double[][][].class)[1][2][1]).isEqualTo(11);
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    for (int k = 0; k < 2; k++) {
                        assertThat(array.getInt(i, j, k)).isEqualTo(nested[i][j][k]);
                    }
                }
            }
        }
    }

    @Test
    void readsBigEndian(BufferAllocator allocator) throws Exception {
        ByteBuffer data = ByteBuffer.allocate(16).putDouble(1.5).putDouble(-2.5);
        try (NumpyArray array = Npy.load(allocator, file("'>f8'", false, "(2,)", data))) {
            assertThat(array.doubles()).containsExactly(1.5, -2.5);
            assertThat(array.getDouble(1)).isEqualTo(-2.5);
            assertThat(array.buffer().getDouble(8)).isEqualTo(-2.5);
            assertThat(array.strides()).containsExactly(8);
        }
        ByteBuffer text = ByteBuffer.allocate(12).putInt('a').putInt(0x1F600).putInt(0);
        try (NumpyArray array = Npy.load(allocator, file("'>U3'", false, "()", text))) {
            assertThat(array.strings()).containsExactly("a\uD83D\uDE00");
            assertThat(array.getString()).isEqualTo("a\uD83D\uDE00");
            assertThat(array.strides()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "|i1, -1 -128",
        "|u1, 255 128",
        "<i2, -1 -128",
        "<u2, 65535 65408",
        "<i4, -1 -128",
        "<u4, 4294967295 4294967168",
        ">u4, 4294967295 4294967168",
        "<i8, -1 -128"
    })
    void integersKeepTheirSign(String dtype, String expected, BufferAllocator allocator) throws Exception {
        int size = dtype.charAt(2) - '0';
        ByteBuffer data = bytes().order(dtype.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (long value : new long[] {-1, -128}) {
            switch (size) {
                case 1 -> data.put((byte) value);
                case 2 -> data.putShort((short) value);
                case 4 -> data.putInt((int) value);
                default -> data.putLong(value);
            }
        }
        try (NumpyArray array = Npy.load(allocator, file("'" + dtype + "'", false, "(2,)", data))) {
            assertThat(array.longs()[0] + " " + array.longs()[1]).isEqualTo(expected);
            if (size < 8) {
                assertThat(array.getDouble(1)).isEqualTo(array.longs()[1]);
            }
        }
    }

    @Test
    void readsHalfFloatsAsTheyAre(BufferAllocator allocator) throws Exception {
        ByteBuffer data =
                bytes().putShort((short) 0x3e00).putShort((short) 0x0001).putShort((short) 0xfc00);
        try (NumpyArray array = Npy.load(allocator, file("'<f2'", false, "(3,)", data))) {
            assertThat(array.doubles()).containsExactly(1.5, 0x1p-24, Double.NEGATIVE_INFINITY);
            assertThat(array.to(float[].class)).containsExactly(1.5f, 0x1p-24f, Float.NEGATIVE_INFINITY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "D, 1, 1970-01-02T00:00:00Z",
        "h, -1, 1969-12-31T23:00:00Z",
        "15m, 1, 1970-01-01T00:15:00Z",
        "s, -1, 1969-12-31T23:59:59Z",
        "ms, -1, 1969-12-31T23:59:59.999Z",
        "10ms, 1, 1970-01-01T00:00:00.010Z",
        "us, -1, 1969-12-31T23:59:59.999999Z",
        "ns, -9223372036854775807, 1677-09-21T00:12:43.145224193Z"
    })
    void timesBecomeInstants(String unit, long count, String instant, BufferAllocator allocator) throws Exception {
        ByteBuffer data = bytes().putLong(count).putLong(Long.MIN_VALUE);
        try (NumpyArray array = Npy.load(allocator, file("'<M8[" + unit + "]'", false, "(2,)", data))) {
            assertThat(array.to(Instant[].class)).containsExactly(Instant.parse(instant), null);
            assertThat(array.longs()).containsExactly(count, Long.MIN_VALUE);
        }
    }

    @Test
    void refusesToWriteAFieldWhoseFileHasChanged(BufferAllocator allocator) throws Exception {
        Path file = file(
                "[('a', '|u1'), ('b', '<f8')]",
                false,
                "(1,)",
                bytes().put((byte) 1).putDouble(0.5));
        Path target = directory.resolve("b.npy");
        try (NumpyArray records = Npy.load(allocator, file)) {
            Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
            assertFault(ErrorCode.FILE_CHANGED, () -> Npy.save(target, records.field("b")), "changed");
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void fieldsOfRecordsAreArrays(BufferAllocator allocator) throws Exception {
        ByteBuffer data = bytes();
        for (int i = 0; i < 4; i++) {
            data.put((byte) i).putDouble(i + 0.5).putShort((short) i).putShort((short) -i);
        }
        String descr = "[('a', '|u1'), ('b', '<f8'), ('c', '<i2', (2,))]";
        try (NumpyArray records = Npy.load(allocator, file(descr, false, "(2, 2)", data));
                NumpyArray c = records.field("c")) {
            assertThat(records.strides()).containsExactly(26, 13);
            assertThat(records.field("b").doubles()).containsExactly(0.5, 1.5, 2.5, 3.5);
            assertThat(records.field("b").getDouble(1, 0)).isEqualTo(2.5);
            assertThat(c).hasToString("<i2 (2, 2, 2) C");
            assertThat(c.to(int[][][].class)[1][1]).containsExactly(3, -3);
            try (ArrowBuf region = records.field("b").region(4, 24)) {
                assertThat(region.getDouble(4)).isEqualTo(1.5);
                assertThat(region.getDouble(12)).isEqualTo(2.5);
            }
            assertThat(records.field("b").doubleBuffer().get(3)).isEqualTo(3.5);
            Npy.save(directory.resolve("b.npy"), records.field("b"));
            assertFault(ErrorCode.ARRAY_DTYPE, () -> records.field("d"), "a record with the field 'd'");
            assertFault(ErrorCode.ARRAY_DTYPE, records::doubles, "[('a', '|u1')");
        }
        try (NumpyArray array = Npy.load(allocator, directory.resolve("b.npy"))) {
            assertThat(array.to(double[][].class)).isEqualTo(new double[][] {{0.5, 1.5}, {2.5, 3.5}});
        }
        try (NumpyArray records = Npy.load(allocator, file(descr, true, "(2, 2)", data))) {
            assertThat(records.field("b").getDouble(1, 0)).isEqualTo(1.5);
            assertFault(ErrorCode.ARRAY_SHAPE, () -> records.field("c"), "records in C order");
        }
    }

    @Test
    void wideRecordsAreReadInParts(BufferAllocator allocator) throws Exception {
        int records = 5000;
        ByteBuffer data = ByteBuffer.allocate(records * 124).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < records; i++) {
            data.putInt(i * 124 + 60, i);
        }
        data.position(data.capacity());
        String descr = "[('', '|V60'), ('n', '<i4'), ('t', '|S60')]";
        try (NumpyArray array = Npy.load(allocator, file(descr, false, "(5000,)", data))) {
            int[] numbers = array.field("n").ints();
            for (int i = 0; i < records; i++) {
                assertThat(numbers[i]).isEqualTo(i);
            }
            assertThat(array.field("n").getInt(4999)).isEqualTo(4999);
        }
    }

    @ParameterizedTest
    @CsvSource({"<u8, 18446744073709551615", ">u8, 18446744073709551615", "<u4, 4294967295", "|u1, 255"})
    void unsignedIntegersAreTheirBits(String dtype, String expected, BufferAllocator allocator) throws Exception {
        ByteBuffer data = ByteBuffer.allocate(dtype.charAt(2) - '0');
        while (data.hasRemaining()) {
            data.put((byte) 0xff);
        }
        try (NumpyArray array = Npy.load(allocator, file("'" + dtype + "'", false, "(1,)", data))) {
            assertThat(Long.toUnsignedString(array.unsignedLongs()[0])).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"<c8, false", "<c16, true", ">c8, true", ">c16, false"})
    void complexNumbersAreTheirParts(String dtype, boolean fortran, BufferAllocator allocator) throws Exception {
        ByteBuffer data = bytes().order(dtype.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int[] order = fortran ? new int[] {0, 3, 1, 4, 2, 5} : new int[] {0, 1, 2, 3, 4, 5};
        for (int element : order) {
            for (double part : new double[] {element, -element - 0.5}) {
                if (dtype.endsWith("c8")) {
                    data.putFloat((float) part);
                } else {
                    data.putDouble(part);
                }
            }
        }
        try (NumpyArray array = Npy.load(allocator, file("'" + dtype + "'", fortran, "(2, 3)", data))) {
            assertThat(array.complexes()).containsExactly(0, -0.5, 1, -1.5, 2, -2.5, 3, -3.5, 4, -4.5, 5, -5.5);
        }
        try (NumpyArray array = Npy.load(allocator, file("'" + dtype + "'", fortran, "(0,)", bytes()))) {
            assertThat(array.complexes()).isEmpty();
        }
    }

    @Test
    void complexNumbersBeyondHalfAJavaArrayAreRefused() {
        long count = 1 << 30;
        NpyHeader header =
                new NpyHeader(1, ScalarDType.of(DTypeKind.COMPLEX, 8), Shape.of(count), StorageOrder.C, 128, count * 8);
        NumpyArray array = new NumpyArray(Location.ofFile("array.npy"), header, new ClaimedBytes(count * 8));
        assertFault(ErrorCode.LIMIT, array::complexes, "at most 1073741819 elements");
    }

    /** Bytes that nobody reads. */
    private record ClaimedBytes(long size) implements ByteSource {
        @Override
        public void read(long offset, ByteBuffer target) {
            throw new AssertionError("read");
        }

        @Override
        public ArrowBuf region(long offset, long length) {
            throw new AssertionError("read");
        }

        @Override
        public boolean views(long length) {
            return false;
        }

        @Override
        public void close() {
            // There is nothing to give up.
        }
    }

    @Test
    void saysHowElementsAreReadThatFewOfJavasArraysHold(BufferAllocator allocator) throws Exception {
        String[][] remedies = {
            {"'<u8'", "Read its bits with unsignedLongs"},
            {"'<c16'", "Read real and imaginary parts with complexes"},
            {"'<f16'", "write array.astype('f8') in Python"},
            {"'<c32'", "write array.astype('c16') in Python"},
            {"[('a', '<i8')]", "Name one of its fields with field"}
        };
        for (String[] remedy : remedies) {
            try (NumpyArray array = Npy.load(allocator, file(remedy[0], false, "(0,)", bytes()))) {
                assertFault(ErrorCode.ARRAY_DTYPE, array::longs, remedy[1]);
                assertFault(ErrorCode.ARRAY_DTYPE, array::doubles, remedy[1]);
            }
        }
        for (String descr : new String[] {"'<i8'", "'<f8'", "'<c32'", "[('a', '<i8')]"}) {
            try (NumpyArray array = Npy.load(allocator, file(descr, false, "(0,)", bytes()))) {
                assertFault(ErrorCode.ARRAY_DTYPE, array::unsignedLongs, "unsigned integers for unsignedLongs");
                assertFault(ErrorCode.ARRAY_DTYPE, array::complexes, "complex64 or complex128 for complexes");
            }
        }
    }

    @Test
    void saysWhatIsThereWhereAnotherArrayIsAskedFor(BufferAllocator allocator) throws Exception {
        try (NumpyArray array = Npy.load(
                allocator, file("'<i8'", false, "(2, 1)", bytes().putLong(1).putLong(2)))) {
            assertFault(ErrorCode.ARRAY_DTYPE, array::doubles, "expected float16 to float64");
            assertFault(ErrorCode.ARRAY_DTYPE, array::ints, "but found <i8 (2, 1) C");
            assertFault(ErrorCode.ARRAY_DTYPE, array::strings, "but found <i8 (2, 1) C");
            assertFault(ErrorCode.ARRAY_DTYPE, array::doubleBuffer, "expected <f8 in C order");
            assertFault(ErrorCode.ARRAY_DTYPE, () -> array.to(float[][].class), "integers of at most 16 bits");
            assertFault(ErrorCode.ARRAY_SHAPE, () -> array.to(long[].class), "1 dimensions for long[]");
            assertFault(ErrorCode.ARRAY_SHAPE, () -> array.getLong(1), "1 dimensions");
            assertThatThrownBy(() -> array.getLong(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.getLong(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatIllegalArgumentException().isThrownBy(() -> array.to(Object[][].class));
            assertThatIllegalArgumentException().isThrownBy(() -> array.to(Number.class));
            assertThat(array.to(long[][].class)).isEqualTo(new long[][] {{1}, {2}});
        }
        for (String dtype : new String[] {"<u8", "<c16", "<f16", "<m8[s]", "<M8[Y]", "<M8"}) {
            ByteBuffer data = bytes().putLong(1).putLong(2);
            String shape = dtype.endsWith("16") ? "(1,)" : "(2,)";
            try (NumpyArray array = Npy.load(allocator, file("'" + dtype + "'", false, shape, data))) {
                assertFault(ErrorCode.ARRAY_DTYPE, array::doubles, dtype);
                assertFault(ErrorCode.ARRAY_DTYPE, () -> array.to(Instant[].class), dtype);
            }
        }
    }

    private static void assertFault(ErrorCode code, Executable call, String message) {
        NpzException fault = catchThrowableOfType(NpzException.class, call::execute);
        assertThat(fault).hasMessageContaining(message).hasMessageContaining("array.npy");
        assertThat(fault.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void viewsOutliveTheFile(Mapping mapping, BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("a.npy");
        Npy.save(path, new double[] {1.5, 2.5});
        DoubleBuffer view;
        try (NumpyArray array = Npy.load(allocator, path, ReadOptions.defaults().withMapping(mapping))) {
            view = array.doubleBuffer();
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
        assertThat(view.isReadOnly()).isTrue();
        System.gc();
        assertThat(view.get(1)).isEqualTo(2.5);
        view = null;
        System.gc();
    }

    @Test
    void deflatedArraysAreReadAlike(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("a.npz");
        double[][] values = {{1, 2}, {3, 4}};
        Npz.save(path, Map.of("a", values), WriteOptions.defaults().deflate(9));
        try (NumpyArrays arrays = Npz.load(allocator, path)) {
            assertThat(arrays.get("a").to(double[][].class)).isEqualTo(values);
            assertThat(arrays.get("a").doubleBuffer().get(2)).isEqualTo(3);
            assertThat(arrays.get("a").getDouble(1, 1)).isEqualTo(4);
        }
    }

    @Test
    void archivesSayWhatTheyHold(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("a.npz");
        Npz.save(path, Map.of("a", new int[1]));
        NumpyArrays arrays = Npz.load(allocator, path);
        assertThat(arrays).hasToString("NumpyArrays[a]");
        assertThat(arrays.size()).isEqualTo(1);
        assertThat(arrays.contains("a")).isTrue();
        assertThat(arrays.contains("b")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> arrays.get("b")).withMessageContaining("'b'");
        NumpyArray array = arrays.get("a");
        array.close();
        assertThat(array.ints()).containsExactly(0);
        arrays.close();
        arrays.close();
        assertThatThrownBy(array::ints).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closedFilesAreNotRead(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("a.npy");
        Npy.save(path, new int[] {1});
        NumpyArray array = Npy.load(allocator, path);
        array.close();
        array.close();
        assertThatThrownBy(array::ints).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(array::buffer).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesTextThatIsNone(BufferAllocator allocator) throws Exception {
        for (int unit : new int[] {0x110000, -1, 0xd800, 0xdfff}) {
            try (NumpyArray array = Npy.load(allocator, file("'<U1'", false, "(2,)", ints('a', unit)))) {
                NpzException fault = catchThrowableOfType(NpzException.class, array::strings);
                assertThat(fault.code()).isEqualTo(ErrorCode.VALUE);
                assertThat(fault.offset()).isEqualTo(array.header().dataOffset() + 4);
                assertThat(array.getString(0)).isEqualTo("a");
            }
        }
    }

    @Test
    void refusesTimesBeyondJavas(BufferAllocator allocator) throws Exception {
        for (String dtype : new String[] {"<M8[D]", "<M8[s]", "<M8[2ms]"}) {
            ByteBuffer data = bytes().putLong(Long.MAX_VALUE);
            try (NumpyArray array = Npy.load(allocator, file("'" + dtype + "'", false, "(1,)", data))) {
                assertFault(ErrorCode.VALUE, () -> array.to(Instant[].class), "Instant");
            }
        }
        try (NumpyArray array = Npy.load(allocator, file("'<M8[D]'", false, "(1,)", bytes().putLong(Long.MAX_VALUE)))) {
            assertFault(ErrorCode.VALUE, () -> array.to(java.time.LocalDate[].class), "LocalDate");
        }
    }

    @Test
    void shortFilesFillNoHeap(BufferAllocator allocator) throws Exception {
        try (NumpyArray array = Npy.load(allocator, file("'<U0'", false, "(2000000000,)", bytes()))) {
            assertFault(ErrorCode.LIMIT, array::strings, "2000000000");
        }
        try (NumpyArray array = Npy.load(allocator, file("'<U0'", false, "(2000000,)", bytes()))) {
            assertFault(ErrorCode.LIMIT, array::strings, "2000000");
        }
        try (NumpyArray array = Npy.load(allocator, file("'<U0'", false, "(200,)", bytes()))) {
            assertThat(array.strings()).hasSize(200).containsOnly("");
        }
        try (NumpyArray array = Npy.load(allocator, file("'<f8'", false, "(1000000000, 0)", bytes()))) {
            assertFault(ErrorCode.LIMIT, () -> array.to(double[][].class), "1000000000");
            assertThat(array.doubles()).isEmpty();
        }
        try (NumpyArray array = Npy.load(allocator, file("'<f8'", false, "(0, 9000000000)", bytes()))) {
            assertFault(ErrorCode.ARRAY_SHAPE, () -> array.to(double[][].class), "9000000000");
        }
        try (NumpyArray array = Npy.load(allocator, file("'<f8'", false, "(100000, 100000, 100000, 0)", bytes()))) {
            assertFault(ErrorCode.LIMIT, () -> array.to(double[][][][].class), "empty parts");
        }
    }

    @Test
    void objectsAreNeverRead(BufferAllocator allocator) throws Exception {
        NpzException fault = catchThrowableOfType(
                NpzException.class, () -> Npy.load(allocator, file("'|O'", false, "(1,)", bytes().putInt(0))));
        assertThat(fault.code()).isEqualTo(ErrorCode.OBJECT_DTYPE);
    }
}
