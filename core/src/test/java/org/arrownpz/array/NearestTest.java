package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.Float16;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The nearest rows beside those of a loop that scores and sorts all. Small integers make many rows tie. */
@ExtendWith(LeakCheck.class)
class NearestTest {
    private static final int ROWS = 9000;
    private static final int COLUMNS = 7;

    @TempDir
    Path directory;

    private static Stream<Arguments> dtypes() {
        return Stream.of(
                        "|b1",
                        "|i1",
                        "|u1",
                        "<i2",
                        ">u2",
                        "<i4",
                        "<u4",
                        "<i8",
                        ">u8",
                        "<f2",
                        "<f4",
                        ">f4",
                        "<f8",
                        ">f8",
                        "bfloat16",
                        "float8_e5m2")
                .flatMap(dtype -> Stream.of(StorageOrder.values()).map(order -> Arguments.of(dtype, order)));
    }

    private static double[][] numbers(boolean signed) {
        Random random = new Random(5);
        double[][] numbers = new double[ROWS][COLUMNS];
        for (double[] row : numbers) {
            for (int i = 0; i < COLUMNS; i++) {
                row[i] = signed ? random.nextInt(5) - 2 : random.nextInt(2);
            }
        }
        return numbers;
    }

    private static void put(ByteBuffer bytes, String dtype, double number) {
        switch (dtype.substring(1)) {
            case "b1", "i1", "u1" -> bytes.put((byte) number);
            case "i2", "u2" -> bytes.putShort((short) number);
            case "i4", "u4" -> bytes.putInt((int) number);
            case "i8", "u8" -> bytes.putLong((long) number);
            case "f2" -> bytes.putShort(Float16.toFloat16((float) number));
            case "f4" -> bytes.putFloat((float) number);
            case "f8" -> bytes.putDouble(number);
            case "float16" -> bytes.putShort((short) (Float.floatToIntBits((float) number) >> 16));
            default -> bytes.put((byte) (Float16.toFloat16((float) number) >> 8));
        }
    }

    /** A file of these numbers. */
    private Path file(double[][] numbers, String dtype, StorageOrder order, BufferAllocator allocator)
            throws Exception {
        SmallFloat small = SmallFloat.ofName(dtype);
        DType type = DescrParser.parse(
                "'" + (small == null ? dtype : "|V" + small.bytes()) + "'",
                ReadLimits.defaults(),
                Location.ofFile(null));
        int rows = numbers.length;
        int columns = rows == 0 ? 0 : numbers[0].length;
        int size = (int) (rows * columns * type.itemSize());
        ByteBuffer bytes =
                ByteBuffer.allocate(size).order(dtype.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows * columns; i++) {
            put(
                    bytes,
                    dtype,
                    order == StorageOrder.C ? numbers[i / columns][i % columns] : numbers[i % rows][i / rows]);
        }
        Path path = directory.resolve("matrix.npy");
        try (ArrowBuf memory = allocator.buffer(Math.max(1, size))) {
            memory.setBytes(0, bytes.flip());
            Npy.save(path, ArrayContent.of(memory, type, Shape.of(rows, columns), order));
        }
        return path;
    }

    private static double score(double[] row, double[] query, Vectors.Metric metric) {
        double dot = 0;
        double squares = 0;
        double norm = 0;
        double distance = 0;
        for (int i = 0; i < row.length; i++) {
            dot += row[i] * query[i];
            squares += row[i] * row[i];
            norm += query[i] * query[i];
            distance += Math.pow(row[i] - query[i], 2);
        }
        return switch (metric) {
            case DOT -> dot;
            case L2 -> Math.sqrt(distance);
            case COSINE -> dot / (Math.sqrt(norm) * Math.sqrt(squares));
        };
    }

    private static List<Vectors.Neighbor> sorted(double[][] numbers, double[] query, Vectors.Metric metric) {
        Comparator<Vectors.Neighbor> order = Comparator.comparingDouble(
                found -> metric == Vectors.Metric.L2 || Double.isNaN(found.score()) ? found.score() : -found.score());
        return IntStream.range(0, numbers.length)
                .mapToObj(row -> new Vectors.Neighbor(row, score(numbers[row], query, metric)))
                .sorted(order)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void findsTheRowsThatASortOfAllPutsFirst(String dtype, StorageOrder order, BufferAllocator allocator)
            throws Exception {
        double[][] numbers = numbers(!dtype.contains("u") && !dtype.contains("b1"));
        SmallFloat small = SmallFloat.ofName(dtype);
        ReadOptions options = ReadOptions.defaults();
        if (small != null) {
            options = options.withSmallFloat(Npy.UNNAMED, small);
        }
        double[] query = {1, 0, 1, 1, 0, 2, 1};
        try (NumpyArray matrix = Npy.load(allocator, file(numbers, dtype, order, allocator), options)) {
            for (Vectors.Metric metric : Vectors.Metric.values()) {
                List<Vectors.Neighbor> all = sorted(numbers, query, metric);
                for (int count : new int[] {1, 10, 1000}) {
                    assertThat(Vectors.nearest(matrix, query, count, metric))
                            .as(metric + " " + count)
                            .isEqualTo(all.subList(0, count));
                }
                assertThat(Vectors.nearest(matrix, query, Integer.MAX_VALUE, metric))
                        .isEqualTo(all);
                assertThat(Vectors.nearest(matrix, matrix.row(-1), 3, metric))
                        .isEqualTo(sorted(numbers, numbers[ROWS - 1], metric).subList(0, 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, -3, 0x1p-140, 0x1p120, 0x1p200})
    void findsRowsWhoseProductsSinglePrecisionCannotTellApart(double scale, BufferAllocator allocator)
            throws Exception {
        Random random = new Random(8);
        double[][] numbers = new double[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            // The great ones cancel out, and leave no bit of the others in a float.
            double great = random.nextInt(3) == 0 ? 0x1p30 : random.nextInt(50) == 0 ? 0x1p40 : 0x1p4;
            numbers[i] = new double[] {great, random.nextInt(9) / 64.0, -great, i % 70 == 0 ? 0x1p-149 : 0, 1, 0, 0, 0};
        }
        numbers[5000][5] = Double.NaN;
        numbers[5001][6] = Double.NEGATIVE_INFINITY;
        numbers[5002][6] = 0x1p127;
        double[] query = {scale, scale, scale, scale, 2 * scale, scale, scale, 0};
        try (NumpyArray matrix = Npy.load(allocator, file(numbers, "<f4", StorageOrder.C, allocator))) {
            List<Vectors.Neighbor> all = sorted(numbers, query, Vectors.Metric.DOT);
            for (int count : new int[] {1, 10, 1000, 8000}) {
                assertThat(rows(Vectors.nearest(matrix, query, count, Vectors.Metric.DOT)))
                        .isEqualTo(rows(all.subList(0, count)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Vectors.Metric.class)
    void searchesPartsOfArrays(Vectors.Metric metric, BufferAllocator allocator) throws Exception {
        double[][] numbers = numbers(true);
        try (NumpyArray matrix = Npy.load(allocator, file(numbers, "<f4", StorageOrder.C, allocator))) {
            double[][] part = IntStream.range(0, ROWS / 3)
                    .mapToObj(row -> new double[] {numbers[3 * row][1], numbers[3 * row][3], numbers[3 * row][5]})
                    .toArray(double[][]::new);
            double[] query = {0.5, -1, 2};
            assertThat(Vectors.nearest(matrix.slice("::3, 1::2").slice(":, :3"), query, 12, metric))
                    .isEqualTo(sorted(part, query, metric).subList(0, 12));
        }
    }

    @Test
    void putsScoresThatAreNoNumbersLast(BufferAllocator allocator) throws Exception {
        double infinity = Double.POSITIVE_INFINITY;
        double[][] numbers = {
            {Double.NaN, 1}, {0, 0}, {1, 1}, {infinity, 0}, {-0.0, -0.0}, {-1, -1}, {infinity, -infinity}
        };
        for (String dtype : List.of("<f2", "<f4", "<f8")) {
            try (NumpyArray matrix = Npy.load(allocator, file(numbers, dtype, StorageOrder.C, allocator))) {
                double[] query = {1, 1};
                assertThat(rows(Vectors.nearest(matrix, query, 9, Vectors.Metric.DOT)))
                        .containsExactly(3, 2, 1, 4, 5, 0, 6);
                assertThat(rows(Vectors.nearest(matrix, query, 9, Vectors.Metric.L2)))
                        .containsExactly(2, 1, 4, 5, 3, 6, 0);
                assertThat(rows(Vectors.nearest(matrix, query, 9, Vectors.Metric.COSINE)))
                        .containsExactly(2, 5, 0, 1, 3, 4, 6);
                assertThat(rows(Vectors.nearest(matrix, new double[2], 3, Vectors.Metric.COSINE)))
                        .containsExactly(0, 1, 2);
            }
        }
    }

    private static List<Integer> rows(List<Vectors.Neighbor> found) {
        return found.stream().map(neighbor -> (int) neighbor.row()).toList();
    }

    @Test
    void findsNothingWhereThereAreNoRows(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("empty.npy");
        Npy.save(path, new float[0][3]);
        try (NumpyArray matrix = Npy.load(allocator, path)) {
            assertThat(matrix.shape().length(0)).isZero();
            int columns = (int) matrix.shape().length(1);
            assertThat(Vectors.nearest(matrix, new double[columns], 3, Vectors.Metric.DOT))
                    .isEmpty();
        }
    }

    @Test
    void ranksRowsWithoutColumnsByTheirNumbers(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("narrow.npy");
        Npy.save(path, new float[4][0]);
        try (NumpyArray matrix = Npy.load(allocator, path)) {
            assertThat(rows(Vectors.nearest(matrix, new double[0], 3, Vectors.Metric.DOT)))
                    .containsExactly(0, 1, 2);
        }
    }

    @Test
    void refusesWhatIsNoMatrixOfNumbersAsLongAsTheVector(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("array.npy");
        Npy.save(path, new float[2][3]);
        try (NumpyArray matrix = Npy.load(allocator, path)) {
            assertThat(code(matrix, 2)).isEqualTo(ErrorCode.ARRAY_SHAPE);
            assertThat(code(matrix.row(0), 3)).isEqualTo(ErrorCode.ARRAY_SHAPE);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Vectors.nearest(matrix, new double[3], 0, Vectors.Metric.DOT));
            assertThatThrownBy(() -> Vectors.nearest(matrix, matrix, 1, Vectors.Metric.DOT))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("a matrix of 6 columns");
        }
        Npy.save(path, new String[][] {{"a", "b"}});
        try (NumpyArray matrix = Npy.load(allocator, path)) {
            assertThat(code(matrix, 2)).isEqualTo(ErrorCode.ARRAY_DTYPE);
        }
    }

    private static ErrorCode code(NumpyArray matrix, int columns) {
        return catchThrowableOfType(
                        NpzException.class, () -> Vectors.nearest(matrix, new double[columns], 1, Vectors.Metric.DOT))
                .code();
    }
}
