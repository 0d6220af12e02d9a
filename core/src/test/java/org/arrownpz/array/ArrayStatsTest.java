package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Figures of whole arrays, and of the numbers in vectors of lists. */
@ExtendWith(LeakCheck.class)
class ArrayStatsTest {
    @TempDir
    Path directory;

    private ArrayStats of(BufferAllocator allocator, Object array) throws Exception {
        Path file = directory.resolve("array.npy");
        Npy.save(file, array);
        ArrayStats stats = new ArrayStats();
        try (NumpyArray read = Npy.load(allocator, file)) {
            assertThat(stats.add(read)).isTrue();
        }
        return stats;
    }

    @Test
    void leavesNanOutAndCountsInfinities(BufferAllocator allocator) throws Exception {
        ArrayStats stats = of(allocator, new float[][] {{3, -4, Float.NaN}, {0, 0, 0.1f}});
        assertThat(stats.count()).isEqualTo(5);
        assertThat(stats.nans()).isEqualTo(1);
        assertThat(stats.min()).isEqualTo(-4f);
        assertThat(stats.max()).isEqualTo(3f);
        assertThat(stats.mean()).isEqualTo((3 - 4 + (double) 0.1f) / 5);
        assertThat(stats.norm()).isEqualTo(Math.sqrt(25 + (double) 0.1f * 0.1f));
        ArrayStats infinite = of(allocator, new double[] {1, Double.POSITIVE_INFINITY});
        assertThat(infinite.infinities()).isEqualTo(1);
        assertThat(infinite.max()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void keepsAllDigitsOfWholeNumbersAndReadsLongArraysInStrips(BufferAllocator allocator) throws Exception {
        long[] values = new long[100_000];
        values[99_999] = Long.MAX_VALUE;
        values[5] = Long.MIN_VALUE + 1;
        ArrayStats stats = of(allocator, values);
        assertThat(stats.min()).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(stats.max()).isEqualTo(Long.MAX_VALUE);
        assertThat(stats.count()).isEqualTo(100_000);
    }

    @Test
    void tellsTimesAsNumpyPrintsThemAndNothingOfTexts(BufferAllocator allocator) throws Exception {
        ArrayStats times = of(allocator, new Instant[] {Instant.EPOCH, Instant.ofEpochSecond(90, 5), null});
        assertThat(times.nans()).isEqualTo(1);
        assertThat(times.max()).isEqualTo("1970-01-01T00:01:30.000000005");
        assertThat(times.mean()).isNaN();
        Path file = directory.resolve("text.npy");
        Npy.save(file, new String[] {"a"});
        try (NumpyArray text = Npy.load(allocator, file)) {
            ArrayStats none = new ArrayStats();
            assertThat(none.add(text)).isFalse();
            assertThat(none.min()).isNull();
            assertThat(none.norm()).isNaN();
        }
    }

    @Test
    void takesTheNumbersOfVectors(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("rows.npy");
        Npy.save(file, new double[][][] {{{1, 2}, {3, Double.NaN}}, {{5, 6}, {7, 8}}});
        try (NumpyArray array = Npy.load(allocator, file);
                FieldVector rows = Vectors.of(allocator, array, "rows")) {
            ArrayStats stats = new ArrayStats();
            assertThat(stats.add(rows)).isTrue();
            assertThat(stats.count()).isEqualTo(7);
            assertThat(stats.nans()).isEqualTo(1);
            assertThat(stats.min()).isEqualTo(1.0);
            assertThat(stats.norm()).isEqualTo(Math.sqrt(1 + 4 + 9 + 25 + 36 + 49 + 64));
        }
    }
}
