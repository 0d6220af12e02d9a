package org.arrownpz.spark.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.ReadOptions;
import org.arrownpz.spark.RandomNumpy;
import org.arrownpz.spark.internal.storage.NpzPath;
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
}
