package org.arrownpz.event.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyKind;
import org.arrownpz.event.internal.kernel.KeyScan;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.gather.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside a loop over the rows. */
@ExtendWith(LeakCheck.class)
class LongKeyRunsTest {
    private static final int MANY = KeyScan.STEP + (1 << 18);

    private static long[] rising(int rows, int runLength) {
        SplittableRandom random = new SplittableRandom(rows);
        long[] keys = new long[rows];
        for (int i = 1; i < rows; i++) {
            keys[i] = keys[i - 1] + (random.nextInt(runLength) == 0 ? 1 + random.nextInt(3) : 0);
        }
        return keys;
    }

    private static ArrowBuf buffer(BufferAllocator allocator, long[] keys) {
        ArrowBuf buffer = allocator.buffer(8L * keys.length);
        for (int i = 0; i < keys.length; i++) {
            buffer.setLong(8L * i, keys[i]);
        }
        return buffer;
    }

    private static void check(BufferAllocator allocator, long[] keys) throws NpzException {
        try (ArrowBuf data = buffer(allocator, keys)) {
            check(allocator, keys, data, KeyKind.INT64);
            check(allocator, keys, data, KeyKind.UINT64);
        }
    }

    private static void check(BufferAllocator allocator, long[] keys, ArrowBuf data, KeyKind kind) throws NpzException {
        int rows = keys.length;
        long flip = kind == KeyKind.UINT64 ? Long.MIN_VALUE : 0;
        try (Scope scope = new Scope(allocator)) {
            KeyRuns runs = KeyRuns.find(rows, scope, KeyColumn.fixed(kind, 8, rows, data, null, false));
            ArrowBuf values = runs.keys();
            int found = 0;
            int firstDescent = -1;
            for (int row = 0; row < rows; row++) {
                if (row == 0 || keys[row] != keys[row - 1]) {
                    boolean falls = row > 0 && (keys[row] ^ flip) < (keys[row - 1] ^ flip);
                    firstDescent = falls && firstDescent < 0 ? found : firstDescent;
                    if (runs.starts().getInt(4L * found) != row || values.getLong(8L * found) != keys[row]) {
                        throw new AssertionError("run " + found + " begins at row "
                                + runs.starts().getInt(4L * found) + " instead of " + row);
                    }
                    found++;
                }
            }
            assertThat(runs.count()).isEqualTo(found);
            assertThat(runs.starts().getInt(4L * found)).isEqualTo(rows);
            assertThat(values.writerIndex()).isEqualTo(8L * found);
            assertThat(runs.firstDescent()).isEqualTo(firstDescent);
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                KeyScan.STEP - 1,
                KeyScan.STEP,
                KeyScan.STEP + 1,
                MANY - 1,
                MANY,
                MANY + 1,
                MANY + 8191,
                MANY + 8192,
                400_003
            })
    void findsRunsOfAnyNumberOfRows(int rows, BufferAllocator allocator) throws NpzException {
        check(allocator, rising(rows, 6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 1_000_000})
    void findsRunsOfAnyLength(int length, BufferAllocator allocator) throws NpzException {
        check(allocator, rising(300_001, length));
    }

    @Test
    void findsRunsOfMillionsOfRows(BufferAllocator allocator) throws NpzException {
        check(allocator, rising(2_500_000, 9));
    }

    /** The first rows promise fewer runs than come: the memory for them is used up early. */
    @Test
    void findsRunsThatAreDenserInOnePartThanInAnother(BufferAllocator allocator) throws NpzException {
        for (int dense : new int[] {0, 5_000, 150_000, 250_000, 310_000}) {
            long[] keys = new long[320_000];
            for (int i = 1; i < keys.length; i++) {
                keys[i] = keys[i - 1] + (i >= dense && i < dense + 60_000 ? 1 : 0);
            }
            check(allocator, keys);
        }
    }

    @Test
    void findsWhereKeysFallFirst(BufferAllocator allocator) throws NpzException {
        for (int at : new int[] {1, 4_031, 4_032, 4_033, 12_224, 100_000, 160_001, 290_000, 300_000}) {
            long[] keys = rising(300_001, 5);
            keys[at] = -7;
            check(allocator, keys);
            keys[at / 2] = Long.MAX_VALUE;
            check(allocator, keys);
        }
    }

    @Test
    void findsRunsOfKeysInNoOrder(BufferAllocator allocator) throws NpzException {
        check(allocator, new SplittableRandom(1).longs(300_000, 0, 4).toArray());
        long[] keys = rising(300_000, 3);
        for (int i = 200_000; i < keys.length; i++) {
            keys[i] ^= i & 64;
        }
        check(allocator, keys);
    }

    @Test
    void findsRunsInMemoryThatHoldsLittleMore(BufferAllocator allocator) throws NpzException {
        long[] keys = rising(300_000, 1);
        try (ArrowBuf data = buffer(allocator, keys);
                BufferAllocator limited = allocator.newChildAllocator("limited", 0, 6 << 20)) {
            check(limited, keys, data, KeyKind.INT64);
        }
    }

    @Test
    void findsRunsWhereTheCallerIsInterrupted(BufferAllocator allocator) throws NpzException {
        Thread.currentThread().interrupt();
        check(allocator, rising(300_000, 6));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void findsRunsForSeveralThreadsAtOnce(BufferAllocator allocator) throws Exception {
        long[] keys = rising(300_000, 6);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ArrowBuf data = buffer(allocator, keys)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                results.add(threads.submit(() -> {
                    check(allocator, keys, data, KeyKind.INT64);
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

    /** Pages are gone in the first rows, in the last ones, or in all. */
    @ParameterizedTest
    @ValueSource(ints = {4096, 800_000, 2_000_000, 2_392_064})
    void reportsAFileThatWasCutShort(int length, BufferAllocator allocator, @TempDir Path folder) throws Exception {
        long[] keys = rising(300_000, 6);
        ByteBuffer bytes = ByteBuffer.allocate(8 * keys.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(keys);
        Path file = folder.resolve("keys");
        for (int round = 0; round < Effort.of(1, 5); round++) {
            Files.write(file, bytes.array());
            try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                    ArrowBuf data = source.region(0, source.size())) {
                try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                    cut.setLength(length);
                }
                assertThatThrownBy(() -> check(allocator, keys, data, KeyKind.INT64))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
                assertThat(allocator.getAllocatedMemory()).isZero();
            }
            Files.delete(file);
        }
    }
}
