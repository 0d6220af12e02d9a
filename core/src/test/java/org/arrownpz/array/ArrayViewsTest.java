package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parts of arrays beside those that NumPy makes: {@code golden/views/views.txt}, which {@code array/views.py} wrote, with
 * elements and the checksum of the files that {@code np.save} writes in eight dtypes.
 */
@ExtendWith(LeakCheck.class)
class ArrayViewsTest {
    private static final List<String> DTYPES = List.of("|i1", ">i2", "<f4", ">f8", "<U2", "|S3", "<c16", "<M8[s]");

    private static final WriteOptions UNSYNCED = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    private record Case(
            String order, String shape, String index, String part, String stated, String elements, String crc) {
        static List<Case> all() throws IOException {
            try (InputStream input = ArrayViewsTest.class.getResourceAsStream("/golden/views/views.txt")) {
                return new String(input.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .map(line -> line.split("\\|", -1))
                        .map(part -> new Case(part[0], part[1], part[2], part[3], part[4], part[5], part[6]))
                        .toList();
            }
        }

        NumpyArray of(NumpyArray whole, BufferAllocator allocator) throws NpzException {
            return index.startsWith("take")
                    ? whole.take(allocator, longs(index.substring(4), " "))
                    : whole.slice(index);
        }
    }

    private static long[] longs(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .filter(part -> !part.isBlank())
                .mapToLong(Long::parseLong)
                .toArray();
    }

    /** A file whose elements are numbered in C order, modulo 100. */
    private Path file(String order, String shape, String dtype) throws IOException {
        Path path =
                directory.resolve((order + shape + dtype).replaceAll("[^a-zA-Z0-9]", "_") + dtype.hashCode() + ".npy");
        if (Files.exists(path)) {
            return path;
        }
        long[] lengths = longs(shape, ",");
        int count = (int) Arrays.stream(lengths).reduce(1, (a, b) -> a * b);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            data.writeBytes(bytes(dtype, order.equals("C") ? i % 100 : numberAt(i, lengths) % 100));
        }
        String text = "{'descr': '" + dtype + "', 'fortran_order': " + (order.equals("F") ? "True" : "False")
                + ", 'shape': (" + shape + (lengths.length == 1 ? ",)" : ")") + ", }";
        String padded = text + " ".repeat(117 - text.length()) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        out.writeBytes(padded.getBytes(StandardCharsets.US_ASCII));
        data.writeTo(out);
        return Files.write(path, out.toByteArray());
    }

    /** The number in C order of what lies at a place in Fortran order. */
    private static int numberAt(int place, long[] lengths) {
        int rest = place;
        int number = 0;
        int step = (int) Arrays.stream(lengths).reduce(1, (a, b) -> a * b);
        for (long length : lengths) {
            step /= (int) length;
            number += rest % (int) length * step;
            rest /= (int) length;
        }
        return number;
    }

    private static byte[] bytes(String dtype, int number) {
        ByteBuffer big = ByteBuffer.allocate(16);
        ByteBuffer little = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        String text = Integer.toString(number);
        ByteBuffer bytes = switch (dtype) {
            case "|i1" -> big.put((byte) number);
            case ">i2" -> big.putShort((short) number);
            case "<f4" -> little.putFloat(number);
            case ">f8" -> big.putDouble(number);
            case "<U2" -> little.putInt(text.charAt(0)).putInt(text.length() > 1 ? text.charAt(1) : 0);
            case "|S3" -> big.put(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 3));
            case "<c16" -> little.putDouble(number).putDouble(-number);
            default -> little.putLong(number);
        };
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** The elements as golden files have them. */
    private static String elements(NumpyArray part, String dtype) throws NpzException {
        return switch (dtype) {
            case "<U2" -> String.join(" ", part.strings());
            case "<c16" -> {
                double[] parts = part.complexes();
                List<String> numbers = new ArrayList<>();
                for (int i = 0; i < parts.length; i += 2) {
                    assertThat(parts[i] + parts[i + 1]).isZero();
                    numbers.add(Long.toString((long) parts[i]));
                }
                yield String.join(" ", numbers);
            }
            case "|S3" ->
                part.data().size() == 0
                        ? ""
                        : Arrays.stream(
                                        part.shape().dimensions() == 1
                                                ? part.to(byte[][].class)
                                                : part.shape().dimensions() == 0
                                                        ? new byte[][] {part.to(byte[].class)}
                                                        : new byte[0][])
                                .map(value -> new String(value, StandardCharsets.US_ASCII))
                                .collect(Collectors.joining(" "));
            case "|i1", ">i2", "<M8[s]" ->
                Arrays.stream(part.longs()).mapToObj(Long::toString).collect(Collectors.joining(" "));
            default ->
                Arrays.stream(part.doubles())
                        .mapToObj(value -> Long.toString((long) value))
                        .collect(Collectors.joining(" "));
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Mapping.class,
            names = {"READ_ONLY", "COPY"})
    void givesThePartsThatNumpyGives(Mapping mapping, BufferAllocator allocator) throws Exception {
        ReadOptions options = ReadOptions.defaults().withMapping(mapping);
        Map<String, NumpyArray> wholes = new HashMap<>();
        Path target = directory.resolve("saved.npy");
        try {
            for (Case expected : Effort.some(300, Case.all())) {
                CRC32 saved = new CRC32();
                for (String dtype : DTYPES) {
                    NumpyArray whole = wholes.get(expected.order + expected.shape + dtype);
                    if (whole == null) {
                        whole = Npy.load(allocator, file(expected.order, expected.shape, dtype), options);
                        wholes.put(expected.order + expected.shape + dtype, whole);
                    }
                    try (NumpyArray part = expected.of(whole, allocator)) {
                        assertThat(part.shape().lengths())
                                .as(expected.toString())
                                .containsExactly(longs(expected.part, ","));
                        if (!dtype.equals("|S3") || part.shape().dimensions() < 2) {
                            assertThat(elements(part, dtype))
                                    .as(dtype + " " + expected)
                                    .isEqualTo(expected.elements);
                        }
                        Npy.save(target, part, UNSYNCED);
                        saved.update(Files.readAllBytes(target));
                    }
                }
                assertThat(String.format("%08x", saved.getValue()))
                        .as(expected.toString())
                        .isEqualTo(expected.crc);
            }
        } finally {
            wholes.values().forEach(NumpyArray::close);
        }
    }

    @Test
    void readsSingleElementsOfEveryPart(BufferAllocator allocator) throws Exception {
        for (Case expected : Case.all()) {
            try (NumpyArray whole = Npy.load(allocator, file(expected.order, expected.shape, "<f4"));
                    NumpyArray part = expected.of(whole, allocator)) {
                long[] numbers = longs(expected.elements, " ");
                long[] index = new long[part.shape().dimensions()];
                for (long number : numbers) {
                    assertThat(part.getDouble(index)).as(expected.toString()).isEqualTo(number);
                    for (int i = index.length - 1;
                            i >= 0 && ++index[i] == part.shape().length(i);
                            i--) {
                        index[i] = 0;
                    }
                }
            }
        }
    }

    @Test
    void givesPartsOfParts(BufferAllocator allocator) throws Exception {
        for (String order : List.of("C", "F")) {
            try (NumpyArray whole = Npy.load(allocator, file(order, "2,3,4,2", ">i2"))) {
                NumpyArray image = whole.row(1);
                assertThat(image.shape()).hasToString("(3, 4, 2)");
                assertThat(image.row(-1, 0).longs()).containsExactly(40, 41);
                assertThat(image.slice("::-1, 1:3").slice(0, 1).slice("..., 1").longs())
                        .containsExactly(43, 45);
                assertThat(image.slice("..., 0").slice("1").longs()).containsExactly(32, 34, 36, 38);
                assertThat(image.slice("..., 0").take(allocator).shape()).hasToString("(0, 4)");
            }
        }
    }

    @Test
    void viewsTheFileWhereElementsLieTogether(BufferAllocator allocator) throws Exception {
        try (NumpyArray whole = Npy.load(allocator, file("C", "3,4,5", ">f8"));
                ArrowBuf all = whole.region(0, 480);
                ArrowBuf row = whole.row(2).region(0, 160);
                ArrowBuf rows = whole.slice(1, 3).region(0, 320)) {
            assertThat(row.memoryAddress()).isEqualTo(all.memoryAddress() + 320);
            assertThat(rows.memoryAddress()).isEqualTo(all.memoryAddress() + 160);
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
        try (NumpyArray whole = Npy.load(allocator, file("F", "5,4", ">f8"));
                ArrowBuf all = whole.region(0, 160);
                ArrowBuf column = whole.slice(":, 2").region(0, 40)) {
            assertThat(column.memoryAddress()).isEqualTo(all.memoryAddress() + 80);
        }
    }

    @Test
    void keepsTheFilesMemoryWithRegionsAndVectorsOfParts(BufferAllocator allocator) throws Exception {
        NumpyArray part;
        FieldVector vector;
        try (NumpyArray whole = Npy.load(allocator, file("C", "5,4", "<f4"))) {
            part = whole.slice("1:3, ::2");
            vector = Vectors.of(allocator, whole.row(4), "row");
            part.close();
            assertThat(part.getDouble(1, 1)).isEqualTo(10);
        }
        try (vector) {
            assertThat(vector.getObject(3)).isEqualTo(19f);
        }
        assertThatIllegalStateException().isThrownBy(() -> part.getDouble(0, 0));
    }

    @Test
    void makesVectorsOfPartsThatLieApart(BufferAllocator allocator) throws Exception {
        try (NumpyArray whole = Npy.load(allocator, file("F", "5,4", "<f4"));
                FieldVector rows = Vectors.of(allocator, whole.slice("::-2, 1:"), "rows")) {
            assertThat(rows.getObject(0)).hasToString("[17.0,18.0,19.0]");
            assertThat(rows.getObject(2)).hasToString("[1.0,2.0,3.0]");
        }
    }

    @Test
    void slicesRecordsAndTheirFields(BufferAllocator allocator) throws Exception {
        ByteBuffer data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            data.putShort((short) i).putDouble(i / 2.0);
        }
        String text = "{'descr': [('a', '<i2'), ('b', '<f8')], 'fortran_order': False, 'shape': (2, 2), }";
        byte[] header = ("\u0093NUMPY\1\0v\0" + text + " ".repeat(117 - text.length()) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        Path path = directory.resolve("records.npy");
        Files.write(path, header);
        Files.write(path, data.array(), StandardOpenOption.APPEND);
        try (NumpyArray records = Npy.load(allocator, path)) {
            assertThat(records.slice(":, 1").field("b").doubles()).containsExactly(0.5, 1.5);
            assertThat(records.field("b").slice("::-1, 0").doubles()).containsExactly(1, 0);
            assertThat(records.field("a").row(1).longs()).containsExactly(2, 3);
        }
    }

    /** Strips begin within a run, at its end and before it. */
    @ParameterizedTest
    @ValueSource(strings = {"::3", "::-1", ":, ::2", "::2, ::-3", ":, 1:", ":, -1", "::40, 5:7"})
    void readsLongPartsAtAnyOffset(String index, BufferAllocator allocator) throws Exception {
        int rows = 3000;
        int columns = 37;
        Path path = directory.resolve("long.npy");
        int[][] numbers = new int[rows][columns];
        for (int i = 0; i < rows * columns; i++) {
            numbers[i / columns][i % columns] = i;
        }
        Npy.save(path, numbers);
        try (NumpyArray whole = Npy.load(allocator, path)) {
            NumpyArray part = whole.slice(index);
            String[] axes = (index + (index.contains(",") ? "" : ", :")).split(", ");
            List<Integer> expected = new ArrayList<>();
            for (int i : places(axes[0], rows)) {
                for (int j : places(axes[1], columns)) {
                    expected.add(i * columns + j);
                }
            }
            int[] all = part.ints();
            assertThat(all).containsExactly(expected.stream().mapToInt(i -> i).toArray());
            int bytes = all.length * 4;
            for (int offset : new int[] {0, 1, 4, 65_535, 65_537, bytes / 2 + 3, bytes - 5}) {
                if (offset >= 0 && offset < bytes) {
                    ByteBuffer some = ByteBuffer.allocate(Math.min(bytes - offset, 70_001));
                    part.data().read(offset, some);
                    ByteBuffer wanted = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
                    expected.forEach(wanted::putInt);
                    assertThat(some.array())
                            .isEqualTo(Arrays.copyOfRange(wanted.array(), offset, offset + some.capacity()));
                }
            }
            long[] picked = {rows - 1, 0, 17, -3};
            try (NumpyArray taken = whole.take(allocator, picked)) {
                assertThat(taken.to(int[][].class))
                        .isDeepEqualTo(new int[][] {numbers[rows - 1], numbers[0], numbers[17], numbers[rows - 3]});
                assertThat(allocator.getAllocatedMemory()).isBetween(4L * 4 * columns, 1024L);
            }
        }
    }

    private static List<Integer> places(String slice, int length) {
        String[] parts = (slice + ": ").split(":");
        List<Integer> all = new ArrayList<>();
        if (!slice.contains(":")) {
            return List.of(Math.floorMod(Integer.parseInt(slice), length));
        }
        int step = parts.length < 3 || parts[2].isBlank() ? 1 : Integer.parseInt(parts[2].strip());
        int from = parts[0].isBlank() ? 0 : Integer.parseInt(parts[0]);
        int to = parts.length < 2 || parts[1].isBlank() ? length : Integer.parseInt(parts[1].strip());
        for (int i = from; i < to; i++) {
            all.add(i);
        }
        if (step < 0) {
            Collections.reverse(all);
        }
        List<Integer> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += Math.abs(step)) {
            some.add(all.get(i));
        }
        return some;
    }

    @ParameterizedTest
    @EnumSource(
            value = Mapping.class,
            names = {"READ_ONLY", "COPY"})
    void reachesPartsBeyondTheLongestMapping(Mapping mapping, BufferAllocator allocator) throws Exception {
        long rows = 300_000;
        String text = "{'descr': '<f8', 'fortran_order': False, 'shape': (300000, 1000), }";
        Path path = directory.resolve("sparse.npy");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.ISO_8859_1.encode(
                    "\u0093NUMPY\1\0v\0" + text + " ".repeat(117 - text.length()) + "\n"));
            ByteBuffer last = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(last.putDouble(1.5).putDouble(2.5).flip(), 128 + rows * 8000 - 16);
        }
        try (NumpyArray whole = Npy.load(allocator, path, ReadOptions.defaults().withMapping(mapping));
                NumpyArray taken = whole.take(allocator, -1, 0)) {
            assertThat(whole.getDouble(rows - 1, 998)).isEqualTo(1.5);
            assertThat(whole.row(-1).getDouble(999)).isEqualTo(2.5);
            assertThat(whole.slice("::-100000, -2:").doubles()).containsExactly(1.5, 2.5, 0, 0, 0, 0);
            assertThat(whole.slice(rows - 2, rows).row(1, 998).getDouble()).isEqualTo(1.5);
            assertThat(taken.getDouble(0, 999)).isEqualTo(2.5);
            assertThat(allocator.getAllocatedMemory()).isEqualTo(16_384);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x; has the part 'x'",
                "1:2:3:4; has the part '1:2:3:4'",
                "''; has the part ''",
                "0,; has the part ''",
                "::0; has a step of 0",
                "..., ...; has two ellipses",
                "1 2; has the part '1 2'",
                "9999999999999999999; has the part"
            })
    void refusesWhatIsNoIndex(String index, String problem, BufferAllocator allocator) throws Exception {
        try (NumpyArray whole = Npy.load(allocator, file("C", "3,4,5", "<f4"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> whole.slice(index))
                    .withMessageContaining(problem);
        }
    }

    @Test
    void refusesIndexesBeyondTheArray(BufferAllocator allocator) throws Exception {
        try (NumpyArray whole = Npy.load(allocator, file("C", "5,4", "<f4"))) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> whole.row(5));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> whole.row(-6));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> whole.row(Long.MIN_VALUE));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> whole.slice("0, 4"));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> whole.take(allocator, 0, 5));
            assertThat(code(() -> whole.row(0, 0, 0))).isEqualTo(ErrorCode.ARRAY_SHAPE);
            assertThat(code(() -> whole.slice("0, 0, :"))).isEqualTo(ErrorCode.ARRAY_SHAPE);
            NumpyArray element = whole.row(1, 1);
            assertThat(element.getDouble()).isEqualTo(5);
            assertThat(code(() -> element.slice(0, 1))).isEqualTo(ErrorCode.ARRAY_SHAPE);
            assertThat(code(() -> element.take(allocator, 0))).isEqualTo(ErrorCode.ARRAY_SHAPE);
            assertThat(whole.slice(Long.MIN_VALUE, Long.MAX_VALUE).shape()).hasToString("(5, 4)");
            assertThat(whole.slice("::999999999999999999, ::-999999999999999999")
                            .doubles())
                    .containsExactly(3);
        }
    }

    private interface Action {
        void run() throws NpzException;
    }

    private static ErrorCode code(Action action) {
        return catchThrowableOfType(NpzException.class, action::run).code();
    }

    @Test
    void refusesCopiesThatTheAllocatorCannotHold() throws Exception {
        try (BufferAllocator small = new RootAllocator(64);
                NumpyArray whole = Npy.load(small, file("C", "5,4", "<f4"))) {
            long[] rows = LongStream.range(0, 40).map(i -> i % 5).toArray();
            assertThat(code(() -> whole.take(small, rows))).isEqualTo(ErrorCode.LIMIT);
        }
    }
}
