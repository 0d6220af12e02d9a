package org.arrownpz.remote.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.FileServer;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.SparseArrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How many requests and bytes a server sees for what is read. */
@ExtendWith(LeakCheck.class)
class FewRequestsTest {
    private static final int OVERHEAD = 128 << 10;

    @TempDir
    static Path directory;

    private FileServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FileServer(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void save(String name, int members, int rows, boolean deflated) throws Exception {
        Map<String, long[]> arrays = new LinkedHashMap<>();
        for (int member = 0; member < members; member++) {
            long[] values = new long[rows];
            for (int row = 0; row < rows; row++) {
                values[row] = value(member, row);
            }
            arrays.put("c" + member, values);
        }
        WriteOptions options = WriteOptions.defaults();
        Npz.save(directory.resolve(name), arrays, deflated ? options.deflate(1) : options);
    }

    private static long value(int member, int row) {
        return member * 1_000_003L + row;
    }

    @Test
    void oneArrayOfAHundredTakesThreeRequestsAndItsOwnBytes(BufferAllocator allocator) throws Exception {
        int rows = 30_000;
        save("hundred.npz", 100, rows, false);
        try (NumpyArrays arrays = Npz.open(allocator, server.uri("hundred.npz"), ReadOptions.defaults())) {
            assertThat(arrays.get("c57").longs()[rows - 1]).isEqualTo(value(57, rows - 1));
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(3);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(8L * rows + OVERHEAD);
    }

    @Test
    void oneColumnOfAHundredTakesThreeRequestsAndItsOwnBytes(BufferAllocator allocator) throws Exception {
        int rows = 30_000;
        save("columns.npz", 100, rows, false);
        ReadOptions options = ReadOptions.defaults().withColumns("c57");
        try (Frame frame = Frames.open(allocator, server.uri("columns.npz"), options)) {
            assertThat(((BigIntVector) frame.column("c57")).get(rows - 1)).isEqualTo(value(57, rows - 1));
            assertThat(frame.copyReport().notes())
                    .contains("fetched by " + server.requests.get() + " requests, " + server.bytes.get() + " bytes");
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(3);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(8L * rows + OVERHEAD);
    }

    @Test
    void oneRowOfALongMatrixTakesThreeRequests(BufferAllocator allocator) throws Exception {
        Shape shape = Shape.of(1_000_000, 671);
        SparseArrays.write(directory.resolve("long.npy"), 8, shape, StorageOrder.C, 777_777L * 671);
        try (NumpyArray matrix = Npy.load(allocator, server.uri("long.npy"), ReadOptions.defaults())) {
            assertThat(matrix.row(777_777).doubles()[0]).isEqualTo(777_777.0 * 671);
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(3);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(3 * (64 << 10));
    }

    /** Each answer 20 ms late, one after the other, would be 75 requests in 1.5 s. */
    @Test
    void thousandMembersTakeFewRounds(BufferAllocator allocator) throws Exception {
        save("thousand.npz", 1_000, 1_000, false);
        try (Frame frame = Frames.open(allocator, server.uri("thousand.npz"), ReadOptions.defaults())) {
            for (int member = 0; member < 1_000; member++) {
                BigIntVector column = (BigIntVector) frame.root().getVector(member);
                assertThat(column.get(999)).isEqualTo(value(member, 999));
            }
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(20);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(9_000_000);
    }

    @Test
    void thousandDeflatedMembersTakeFewRounds(BufferAllocator allocator) throws Exception {
        save("deflated.npz", 1_000, 1_000, true);
        try (Frame frame = Frames.open(allocator, server.uri("deflated.npz"), ReadOptions.defaults())) {
            assertThat(((BigIntVector) frame.root().getVector(999)).get(999)).isEqualTo(value(999, 999));
            assertThat(frame.copyReport().notes())
                    .contains("fetched by " + server.requests.get() + " requests, " + server.bytes.get() + " bytes");
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(20);
    }

    @Test
    void membersFarApartAreNotFetchedForTheirHeaders(BufferAllocator allocator) throws Exception {
        save("apart.npz", 20, 100_000, false);
        try (Frame frame = Frames.open(allocator, server.uri("apart.npz"), ReadOptions.defaults())) {
            assertThat(frame.columnNames()).hasSize(20);
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(22);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(OVERHEAD);
    }

    @Test
    void neighbouringColumnsAreFetchedTogether(BufferAllocator allocator) throws Exception {
        save("together.npz", 20, 50_000, false);
        try (Frame frame = Frames.open(allocator, server.uri("together.npz"), ReadOptions.defaults())) {
            server.reset();
            assertThat(((BigIntVector) frame.root().getVector(19)).get(49_999)).isEqualTo(value(19, 49_999));
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(10);
    }

    @Test
    void rowsOfARowMajorMatrixAreFetchedAlone(BufferAllocator allocator) throws Exception {
        Shape shape = Shape.of(100_000, 200);
        SparseArrays.write(directory.resolve("rows.npy"), 8, shape, StorageOrder.C, 50_000L * 200);
        try (Frame frame = Frames.open(allocator, server.uri("rows.npy"), ReadOptions.defaults())) {
            server.reset();
            assertThat(frame.copyReport().notes()).anyMatch(note -> note.startsWith("fetched by "));
            try (Frame some = frame.take(50_000, 50_001, 50_002)) {
                assertThat(((Float8Vector) some.column(0)).get(0)).isEqualTo(50_000.0 * 200);
            }
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(3);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(3 * (64 << 10));
    }

    @Test
    void columnsOfAFortranMatrixAreFetchedAlone(BufferAllocator allocator) throws Exception {
        int rows = 100_000;
        Shape shape = Shape.of(rows, 100);
        SparseArrays.write(directory.resolve("columns.npy"), 8, shape, StorageOrder.FORTRAN, 61L * rows + 5);
        ReadOptions options = ReadOptions.defaults().withPositions(List.of(60, 61));
        try (Frame frame = Frames.open(allocator, server.uri("columns.npy"), options)) {
            assertThat(((Float8Vector) frame.column(1)).get(5)).isEqualTo(61.0 * rows + 5);
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(4);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(8L * rows + OVERHEAD + (64 << 10));
    }

    @Test
    void longArrayIsFetchedByRangesInFlight(BufferAllocator allocator) throws Exception {
        int count = 3_000_000;
        SparseArrays.write(directory.resolve("whole.npy"), 8, Shape.of(count), StorageOrder.C, 0, count - 1);
        try (NumpyArray array = Npy.load(allocator, server.uri("whole.npy"), ReadOptions.defaults())) {
            assertThat(array.doubles()[count - 1]).isEqualTo(count - 1.0);
        }
        assertThat(server.bytes.get()).isLessThanOrEqualTo(8L * count + 3 * (64 << 10));
    }

    @Test
    void arrayBeyondTheAllocatorsLimitIsRefusedBeforeItIsFetched() throws Exception {
        SparseArrays.write(directory.resolve("large.npy"), 8, Shape.of(3_000_000), StorageOrder.C, 0);
        try (BufferAllocator small = new RootAllocator(1 << 20);
                Frame frame = Frames.open(small, server.uri("large.npy"), ReadOptions.defaults())) {
            assertThat(catchThrowableOfType(NpzException.class, frame::root))
                    .hasMessageContaining("Give the allocator a higher limit")
                    .extracting(NpzException::code)
                    .isEqualTo(ErrorCode.LIMIT);
        }
        assertThat(server.bytes.get()).isLessThanOrEqualTo(OVERHEAD);
    }

    @Test
    void streamIsFetchedByLongRanges() throws Exception {
        int count = 3_000_000;
        SparseArrays.write(directory.resolve("stream.npy"), 8, Shape.of(count), StorageOrder.C, 0, count - 1);
        Path copy = directory.resolve("copy.npy");
        Files.copy(ByteSources.path(server.uri("stream.npy")), copy);
        assertThat(copy).hasSameBinaryContentAs(directory.resolve("stream.npy"));
        assertThat(server.requests.get()).isLessThanOrEqualTo(26);
    }

    @Test
    void everySecondColumnIsFetchedWithoutTheOthers(BufferAllocator allocator) throws Exception {
        int rows = 50_000;
        save("second.npz", 100, rows, false);
        String[] chosen = IntStream.range(0, 50).mapToObj(i -> "c" + 2 * i).toArray(String[]::new);
        try (Frame frame = Frames.open(
                allocator, server.uri("second.npz"), ReadOptions.defaults().withColumns(chosen))) {
            assertThat(((BigIntVector) frame.root().getVector(49)).get(rows - 1))
                    .isEqualTo(value(98, rows - 1));
        }
        assertThat(server.requests.get()).isLessThanOrEqualTo(102);
        assertThat(server.bytes.get()).isLessThanOrEqualTo(50 * 8L * rows + OVERHEAD);
    }

    @Test
    void smallAndEmptyFilesTakeOneRequest(BufferAllocator allocator) throws Exception {
        Npy.save(directory.resolve("small.npy"), new double[] {1, 2, 3});
        try (NumpyArray array = Npy.load(allocator, server.uri("small.npy"), ReadOptions.defaults())) {
            assertThat(array.doubles()).containsExactly(1, 2, 3);
        }
        assertThat(server.requests.get()).isEqualTo(1);
        Files.createFile(directory.resolve("empty.npz"));
        assertThat(Files.size(ByteSources.path(server.uri("empty.npz")))).isZero();
        assertThat(server.requests.get()).isEqualTo(2);
    }
}
