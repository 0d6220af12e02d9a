package org.arrownpz.event.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever two threads meet: the turns of both are taken by the test. */
@ExtendWith(LeakCheck.class)
class SharedLongRunsTest {
    private static final int FIRST = 1000;
    private static final int PIECE = SharedLongRuns.PIECE;

    @ParameterizedTest
    @ValueSource(ints = {FIRST + 1, FIRST + PIECE, FIRST + PIECE + 1, FIRST + 5 * PIECE - 1, FIRST + 5 * PIECE + 77})
    void findTheSameRunsWhereverTheyMeet(int rows, BufferAllocator allocator) {
        int pieces = (rows - FIRST + PIECE - 1) / PIECE;
        long[] keys = new long[rows];
        SplittableRandom random = new SplittableRandom(rows);
        for (int i = 1; i < rows; i++) {
            keys[i] = keys[i - 1] + random.nextInt(2);
        }
        for (int forwards = 0; forwards <= pieces; forwards++) {
            check(allocator, keys, forwards, pieces - forwards, rows + 2, rows);
            check(allocator, keys, forwards, pieces - forwards, FIRST + 2 * PIECE, rows);
            check(allocator, keys, forwards, pieces - forwards, rows + 2, 2 * PIECE);
        }
        keys[rows - 1] = -1;
        check(allocator, keys, pieces / 2, pieces - pieces / 2, rows + 2, rows);
    }

    private static void check(
            BufferAllocator allocator, long[] keys, int forwards, int backwards, int room, int tailRoom) {
        int rows = keys.length;
        try (ArrowBuf data = allocator.buffer(8L * rows);
                ArrowBuf starts = allocator.buffer(4L * (rows + 2));
                ArrowBuf values = allocator.buffer(8L * (rows + 2));
                ArrowBuf tailStarts = allocator.buffer(4L * tailRoom);
                ArrowBuf tailKeys = allocator.buffer(8L * tailRoom)) {
            for (int i = 0; i < rows; i++) {
                data.setLong(8L * i, keys[i]);
            }
            KeyColumn key = KeyColumn.fixed(KeyKind.INT64, 8, rows, data, null, false);
            LongRuns longs = new KeyScan(key).longRuns();
            int known = longs.scan(0, FIRST, starts, values, 0);
            SharedLongRuns shared = new SharedLongRuns(
                    longs,
                    starts.slice(0, 4L * Math.min(room, rows + 2)),
                    values,
                    known,
                    FIRST,
                    rows,
                    tailStarts,
                    tailKeys,
                    tailRoom);
            int pieces = forwards + backwards;
            int own = 0;
            int helpers = 0;
            boolean goesOn = true;
            boolean helps = true;
            while (own < forwards && goesOn || helpers < backwards && helps) {
                if (own < forwards && goesOn) {
                    goesOn = shared.forwards(own++);
                }
                if (helpers < backwards && helps) {
                    helps = shared.backwards(pieces - ++helpers);
                }
            }
            int runs = shared.found();
            for (int row = shared.done(); row < shared.tailRow(); row += PIECE) {
                runs = longs.scan(row, Math.min(PIECE, shared.tailRow() - row), starts, values, runs);
            }
            for (int i = shared.tailFirst(); i < tailRoom; i++) {
                starts.setInt(4L * runs, tailStarts.getInt(4L * i));
                values.setLong(8L * runs++, tailKeys.getLong(8L * i));
            }
            int found = 0;
            for (int row = 0; row < rows; row++) {
                if (row == 0 || keys[row] != keys[row - 1]) {
                    if (starts.getInt(4L * found) != row || values.getLong(8L * found) != keys[row]) {
                        throw new AssertionError("run " + found + " of " + forwards + " and " + backwards + " pieces");
                    }
                    found++;
                }
            }
            assertThat(runs).isEqualTo(found);
        }
    }
}
