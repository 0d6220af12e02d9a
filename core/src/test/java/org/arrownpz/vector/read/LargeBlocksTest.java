package org.arrownpz.vector.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row-major blocks that are large enough for two threads to bring them into columns. */
@ExtendWith(LeakCheck.class)
class LargeBlocksTest {
    private static final int ROWS = 10_001;
    private static final int COLUMNS = 50;

    /** The block of an int64 array in which the value of row r and column c is {@code r * COLUMNS + c}. */
    private static void write(Path file) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(8 * ROWS * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < (long) ROWS * COLUMNS; i++) {
            bytes.putLong(i);
        }
        Files.write(file, bytes.array());
    }

    private static List<FieldVector> read(BufferAllocator allocator, ByteSource source) throws NpzException {
        NumpyArray array = new NumpyArray(
                TestArrays.LOCATION,
                TestArrays.header(TestArrays.dtype("'<i8'"), Shape.of(ROWS, COLUMNS), StorageOrder.C),
                source.slice(0, source.size()));
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            return new VectorReader(allocator, ReadOptions.defaults(), ones, null)
                    .readColumns(array, i -> "c" + i, null);
        }
    }

    private static void requireValues(List<FieldVector> vectors) {
        assertThat(vectors).hasSize(COLUMNS);
        for (int column = 0; column < COLUMNS; column++) {
            BigIntVector vector = (BigIntVector) vectors.get(column);
            for (int row = 0; row < ROWS; row++) {
                if (vector.get(row) != (long) row * COLUMNS + column) {
                    throw new AssertionError("row " + row + " of column " + column + " is " + vector.get(row));
                }
            }
        }
    }

    /** Through strips of the file where it is mapped for reading only or copied, from the mapping where that is private. */
    @ParameterizedTest
    @EnumSource(Mapping.class)
    void areReadAlikeInEveryMode(Mapping mapping, BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("block");
        write(file);
        try (ByteSource source = ByteSources.open(allocator, file, mapping)) {
            List<FieldVector> vectors = read(allocator, source);
            requireValues(vectors);
            vectors.forEach(FieldVector::close);
        }
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void boolsOfOneColumnArePackedAlikeInEveryMode(Mapping mapping, BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        byte[] bools = new byte[3_000_001];
        for (int i = 0; i < bools.length; i += 7) {
            bools[i] = 1;
        }
        Path file = Files.write(folder.resolve("bools"), bools);
        NpyHeader header = TestArrays.header(TestArrays.dtype("'|b1'"), Shape.of(bools.length), StorageOrder.C);
        try (ByteSource source = ByteSources.open(allocator, file, mapping);
                AllValidBitmaps ones = new AllValidBitmaps(allocator);
                BitVector vector = (BitVector) new VectorReader(allocator, ReadOptions.defaults(), ones, null)
                        .read(new NumpyArray(TestArrays.LOCATION, header, source.slice(0, bools.length)), "bools")) {
            for (int i = 0; i < bools.length; i++) {
                if (vector.get(i) != bools[i]) {
                    throw new AssertionError("row " + i + " is " + vector.get(i));
                }
            }
        }
    }

    @Test
    void areReadWhereTheCallerIsInterrupted(BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("block");
        write(file);
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            Thread.currentThread().interrupt();
            List<FieldVector> vectors = read(allocator, source);
            assertThat(Thread.interrupted()).isTrue();
            requireValues(vectors);
            vectors.forEach(FieldVector::close);
        }
    }

    @Test
    void areReadBySeveralThreadsAtOnce(BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("block");
        write(file);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                results.add(threads.submit(() -> {
                    List<FieldVector> vectors = read(allocator, source);
                    requireValues(vectors);
                    vectors.forEach(FieldVector::close);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Pages are gone in the part that is left to the caller, to its helper, or to both. */
    @ParameterizedTest
    @ValueSource(ints = {4096, ROWS * COLUMNS * 2, ROWS * COLUMNS * 6, (ROWS * COLUMNS * 8 - 8192) & -4096})
    void areReportedWhereTheirFileWasCutShort(int length, BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("block");
        // Each page that is gone is a signal: most of a block of them, by the mapping, is for the night.
        int rounds = Effort.of(length < ROWS * COLUMNS * 4 ? 1 : 2, 4);
        for (int round = 0; round < rounds; round++) {
            write(file);
            // From the file, and from the mapping.
            Mapping mapping = round % 2 == 0 ? Mapping.READ_ONLY : Mapping.COPY_ON_WRITE;
            try (ByteSource source = ByteSources.open(allocator, file, mapping)) {
                try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                    cut.setLength(length);
                }
                assertThatThrownBy(() -> read(allocator, source).forEach(FieldVector::close))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
                assertThat(allocator.getAllocatedMemory()).isZero();
            }
            Files.delete(file);
        }
    }
}
