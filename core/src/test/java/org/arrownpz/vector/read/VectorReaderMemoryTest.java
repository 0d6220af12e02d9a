package org.arrownpz.vector.read;

import static org.arrownpz.vector.read.TestArrays.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What vectors view and what they copy, how much memory that takes, and whom it outlives. */
@ExtendWith(LeakCheck.class)
class VectorReaderMemoryTest {
    private static final ReadOptions ARROW = ReadOptions.defaults();

    @Test
    void viewsWithoutCopyAndSaysSo(BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype("'<f8'");
        byte[] bytes = TestArrays.values(new Random(3), dtype, 12);
        CopyReport.Builder report = CopyReport.builder();
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, report);
            NumpyArray array = TestArrays.viewed(allocator, dtype, Shape.of(4, 3), StorageOrder.FORTRAN, bytes);
            try (ByteSource data = array.data()) {
                long before = allocator.getAllocatedMemory();
                List<FieldVector> columns = reader.readColumns(array, NAMES, new int[] {2, 0});
                assertThat(columns).extracting(FieldVector::getName).containsExactly("c2", "c0");
                assertThat(allocator.getAllocatedMemory() - before)
                        .as("validity alone")
                        .isEqualTo(64);
                columns.forEach(FieldVector::close);
            }
            NumpyArray block = TestArrays.viewed(allocator, dtype, Shape.of(4, 3), StorageOrder.C, bytes);
            try (ByteSource data = block.data()) {
                reader.readColumns(block, NAMES, null).forEach(FieldVector::close);
            }
        }
        CopyReport done = report.build();
        assertThat(done.columns()).hasSize(5);
        assertThat(done.viewedBytes()).isEqualTo(64);
        assertThat(done.copiedBytes()).isEqualTo(96);
        assertThat(done.toString())
                .contains("5 columns: 64 bytes viewed, 96 bytes copied")
                .contains("c2 … c0 (2 columns): <f8 -> FloatingPoint(DOUBLE), VIEWED 64 bytes")
                .contains("c0 … c2 (3 columns): <f8 -> FloatingPoint(DOUBLE), COPIED 96 bytes"
                        + " (C-order block: columns are strided, transposed)");
    }

    @Test
    void keepsVectorsAliveBeyondTheirSource(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("x.bin");
        Files.write(file, TestArrays.longs(7, 8, 9));
        FieldVector vector;
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            NumpyArray array = array(source, "'<i8'", Shape.of(3));
            vector = new VectorReader(allocator, ARROW, ones, null).read(array, "x");
        }
        try (vector) {
            assertThat(((BigIntVector) vector).get(2)).isEqualTo(9);
        }
    }

    @Test
    void holdsNoMoreThanTwiceTheMemoryThatTextNeeds() throws NpzException {
        byte[] bytes = new byte[4 * 64 * 20_000];
        for (int i = 0; i < bytes.length; i += 4 * 64) {
            // Long values at the start mislead the estimate.
            int length = i < bytes.length / 100 ? 64 : 1;
            for (int k = 0; k < length; k++) {
                bytes[i + 4 * k] = 'x';
            }
        }
        try (BufferAllocator allocator = new RootAllocator();
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            NumpyArray array = TestArrays.viewed(allocator, "'<U64'", bytes);
            try (ByteSource data = array.data()) {
                long before = allocator.getAllocatedMemory();
                try (VarCharVector text =
                        (VarCharVector) new VectorReader(allocator, ARROW, ones, null).read(array, "x")) {
                    assertThat(text.getLastSet()).isEqualTo(19_999);
                    assertThat(text.getDataBuffer().capacity()).isEqualTo(19_800 + 200 * 64);
                    assertThat(allocator.getAllocatedMemory() - before).isLessThan(2 * (80_004 + 32_600) + 4096);
                }
            }
        }
    }

    @Test
    void leavesOtherVectorsAloneWhereValidityIsIsolated(BufferAllocator allocator) throws NpzException {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW.withIsolatedValidity(), ones, null);
            NumpyArray array = TestArrays.viewed(allocator, "'<i8'", TestArrays.longs(1, 2, 3));
            try (ByteSource data = array.data();
                    FieldVector one = reader.read(array, "x");
                    FieldVector two = reader.read(array, "x")) {
                one.setNull(0);
                assertThat(two.isNull(0)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'|b1'", "'>f8'", "'<U16'", "'<M8[D]'", "'|S16'"})
    void reportsAFileThatWasCutShort(String descr, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("x.bin");
        DType dtype = TestArrays.dtype(descr);
        int rows = 200_000;
        Files.write(file, TestArrays.values(new Random(7), dtype, rows));
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NumpyArray array = array(source, descr, Shape.of(rows / 4, 4));
            List<FieldVector> mapped = reader.readColumns(array(source, "'|V1'", Shape.of(1, 1)), NAMES, null);
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(4096);
            }
            assertThatThrownBy(() -> reader.readColumns(array, NAMES, null))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
            mapped.forEach(FieldVector::close);
        }
    }

    private static NumpyArray array(ByteSource source, String descr, Shape shape) {
        DType dtype = TestArrays.dtype(descr);
        long bytes = shape.elements() * dtype.itemSize();
        return new NumpyArray(
                Location.ofFile("x.bin"), TestArrays.header(dtype, shape, StorageOrder.C), source.slice(0, bytes));
    }
}
