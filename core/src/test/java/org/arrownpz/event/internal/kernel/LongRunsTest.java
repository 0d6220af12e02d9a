package org.arrownpz.event.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.kernel.KernelMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Beside a loop over the rows, in steps of all kinds. */
@ExtendWith(LeakCheck.class)
class LongRunsTest {
    @Test
    void findsRunsOfRisingKeys(BufferAllocator allocator) {
        for (int rows : new int[] {0, 1, 2, 3, 63, 64, 1000}) {
            check(allocator, rising(rows, 0, 3), false);
            check(allocator, rising(rows, -40, 3), false);
            check(allocator, rising(rows, Long.MAX_VALUE - 300, 3), true);
        }
    }

    @Test
    void findsWhereKeysFallFirst(BufferAllocator allocator) {
        for (int at : new int[] {1, 6, 7, 8, 40, 99}) {
            long[] keys = rising(100, 500, 2);
            keys[at] = 3;
            check(allocator, keys, false);
            check(allocator, keys, true);
            keys[at] = -3;
            check(allocator, keys, false);
            check(allocator, keys, true);
        }
    }

    @Test
    void takesRisesBeyondTheRangeOfDifferencesForRises(BufferAllocator allocator) {
        long[] keys = {Long.MIN_VALUE, Long.MIN_VALUE, -5, -5, 0, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MAX_VALUE};
        check(allocator, keys, false);
        check(allocator, new long[] {Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE}, false);
        check(allocator, new long[] {-2, Long.MAX_VALUE - 1, Long.MAX_VALUE, 0, 0}, false);
        check(allocator, new long[] {0, Long.MIN_VALUE, Long.MIN_VALUE, -1}, true);
        check(allocator, new long[] {5, -1, 3, 4}, true);
        check(allocator, new long[] {0, -1, -1, Long.MIN_VALUE, 5}, true);
    }

    /** Each difference is above 0 in 64 bits; the keys go through the whole range and come out above where they began. */
    @Test
    void findsFallsThatDifferencesDoNotShow(BufferAllocator allocator) {
        long quarter = 1L << 62;
        check(allocator, new long[] {0, quarter, 2 * quarter - 1, -quarter, 0, 7}, false);
        check(allocator, new long[] {5, quarter, 2 * quarter, -quarter, 6, 7}, true);
        check(allocator, new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1}, false);
        check(allocator, new long[] {-1, -1, 0, 1}, true);
    }

    @Test
    void findsRunsOfKeysInNoOrder(BufferAllocator allocator) {
        Random random = new Random(5);
        for (int round = 0; round < 40; round++) {
            long[] keys = random.longs(random.nextInt(200), -2, 3).toArray();
            check(allocator, keys, false);
            check(allocator, keys, true);
            check(allocator, random.longs(keys.length).toArray(), round % 2 == 0);
        }
    }

    private static long[] rising(int rows, long first, int bound) {
        Random random = new Random(rows);
        long[] keys = new long[rows];
        for (int i = 0; i < rows; i++) {
            keys[i] = (i == 0 ? first : keys[i - 1]) + Math.max(0, random.nextInt(bound) - 1);
        }
        return keys;
    }

    private static void check(BufferAllocator allocator, long[] keys, boolean unsigned) {
        int rows = keys.length;
        int runs = 0;
        int firstDescent = -1;
        int[] starts = new int[rows];
        long[] values = new long[rows];
        for (int row = 0; row < rows; row++) {
            if (row == 0 || keys[row] != keys[row - 1]) {
                boolean falls = row > 0
                        && (unsigned ? Long.compareUnsigned(keys[row], keys[row - 1]) < 0 : keys[row] < keys[row - 1]);
                firstDescent = falls && firstDescent < 0 ? runs : firstDescent;
                starts[runs] = row;
                values[runs++] = keys[row];
            }
        }
        try (ArrowBuf data = allocator.buffer(8L * Math.max(1, rows))) {
            for (int row = 0; row < rows; row++) {
                data.setLong(8L * row, keys[row]);
            }
            KeyColumn key = KeyColumn.fixed(unsigned ? KeyKind.UINT64 : KeyKind.INT64, 8, rows, data, null, false);
            for (int step : new int[] {1, 2, 7, 64, 5000}) {
                checkSteps(
                        allocator, key, step, Arrays.copyOf(starts, runs), Arrays.copyOf(values, runs), firstDescent);
            }
        }
    }

    private static void checkSteps(
            BufferAllocator allocator, KeyColumn key, int step, int[] starts, long[] values, int firstDescent) {
        int rows = (int) key.rows();
        // What a run takes, one entry more, and guards around it.
        try (KernelMemory rowsOfRuns = KernelMemory.ofLength(allocator, 4L * (rows + 2), 0);
                KernelMemory keysOfRuns = KernelMemory.ofLength(allocator, 8L * (rows + 2), 0)) {
            ArrowBuf first = rowsOfRuns.buffer.slice(rowsOfRuns.offset, 4L * (rows + 2));
            ArrowBuf keys = keysOfRuns.buffer.slice(keysOfRuns.offset, 8L * (rows + 2));
            LongRuns scan = new KeyScan(key).longRuns();
            int runs = 0;
            for (int done = 0; done < rows; done += step) {
                runs = scan.scan(done, Math.min(step, rows - done), first, keys, runs);
            }
            int[] actualStarts = new int[runs];
            long[] actualKeys = new long[runs];
            for (int run = 0; run < runs; run++) {
                actualStarts[run] = first.getInt(4L * run);
                actualKeys[run] = keys.getLong(8L * run);
            }
            assertThat(actualStarts).isEqualTo(starts);
            assertThat(actualKeys).isEqualTo(values);
            assertThat(scan.firstDescent()).isEqualTo(firstDescent);
            // Fails where the guards were written to.
            rowsOfRuns.bytes();
            keysOfRuns.bytes();
        }
    }
}
