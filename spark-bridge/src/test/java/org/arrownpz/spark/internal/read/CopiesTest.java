package org.arrownpz.spark.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.spark.RandomNumpy;
import org.arrownpz.spark.internal.read.NpzSource.FileColumns;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.arrownpz.testing.SparseArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers are read where they lie in the mapped file. */
class CopiesTest {
    private static final int ROWS = 500_000;

    @TempDir
    Path directory;

    @Test
    void numbersAreNotCopied() throws Exception {
        Path file = RandomNumpy.archive(directory.resolve("1.npz"), ROWS, "a:<i8", "b:<f4", "c:|u1", "d:<u8", "e:<f2");
        NpzPath path = new NpzPath(file.toUri(), Files.size(file), 0, Map.of());
        try (BufferAllocator allocator = new RootAllocator();
                NpzSource source = NpzSource.open(allocator, path, null, ReadOptions.defaults());
                FileColumns columns = source.columns(List.of("a", "b", "c", "d", "e"), false)) {
            for (ColumnVector column : columns.read(0, ROWS)) {
                assertThat(column.isNullAt(ROWS - 1)).isFalse();
            }
            // Validity is one shared region of a bit for each row.
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(ROWS / 2);
        }
    }

    /** Of 20 GB, a row of two columns. */
    @Test
    void sliceOfARowMajorFileTakesItsRowsAlone() throws Exception {
        long rows = 20_000_000;
        Path file = SparseArrays.write(
                directory.resolve("big.npy"), Float.BYTES, Shape.of(rows, 256), StorageOrder.C, 256 * (rows - 1) + 7);
        NpzPath path = new NpzPath(file.toUri(), Files.size(file), 0, Map.of());
        try (BufferAllocator allocator = new RootAllocator();
                NpzSource source = NpzSource.open(allocator, path, null, ReadOptions.defaults());
                FileColumns columns = source.columns(List.of("255", "7"), false)) {
            ColumnVector[] batch = columns.read(rows - 1_000, 1_000);
            assertThat(batch[0].getFloat(999)).isZero();
            assertThat(batch[1].getFloat(999)).isEqualTo(256f * (rows - 1) + 7);
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(1 << 20);
        }
    }

    /** Beside a column of Arrow buffers, which is put together whole. */
    @Test
    void columnsThatAreConvertedAreABatchAtATime() throws Exception {
        int rows = 8 * ROWS;
        Path file = directory.resolve("mixed.npz");
        try (BufferAllocator allocator = new RootAllocator();
                BitVector flags = new BitVector("flags", allocator);
                VarCharVector words = new VarCharVector("words", allocator)) {
            for (int i = 0; i < rows; i++) {
                flags.setSafe(i, i % 3 == 0 ? 1 : 0);
            }
            words.setSafe(1, new byte[] {'x'});
            List.of(flags, words).forEach(vector -> vector.setValueCount(rows));
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of(flags, words)))) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        NpzPath path = new NpzPath(file.toUri(), Files.size(file), 0, Map.of());
        try (BufferAllocator allocator = new RootAllocator();
                NpzSource source = NpzSource.open(allocator, path, null, ReadOptions.defaults());
                FileColumns columns = source.columns(List.of("words", "flags"), false)) {
            assertThat(columns).isInstanceOf(FrameColumns.class);
            assertThat(columns.bytes()).isGreaterThan(rows);
            for (int from : new int[] {0, 1_000, rows - 10}) {
                ColumnVector[] batch = columns.read(from, 10);
                assertThat(batch[0].isNullAt(1)).isEqualTo(from != 0);
                for (int i = 0; i < 10; i++) {
                    assertThat(batch[1].getBoolean(i)).isEqualTo((from + i) % 3 == 0);
                }
            }
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(rows / 16);
        }
    }
}
