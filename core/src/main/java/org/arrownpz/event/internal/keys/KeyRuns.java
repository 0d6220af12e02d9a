package org.arrownpz.event.internal.keys;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.KeyScan;
import org.arrownpz.event.internal.kernel.LongRuns;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.vector.internal.gather.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive rows of equal keys.
 *
 * @param starts the first row of each run (complemented where a part of the key is null), then the row count; 32 bits
 *     each, in memory of the scope
 * @param count the number of runs
 * @param keys the key of each run, where it is one column of 64-bit integers without nulls; else null
 * @param firstDescent the first run whose key is less than the one before, or −1; known only together with {@code keys}
 */
public record KeyRuns(ArrowBuf starts, int count, @Nullable ArrowBuf keys, int firstDescent) {
    private static final String WHAT = "the offsets of groups";

    /** One pass over the keys. */
    public static KeyRuns find(int rows, Scope scope, KeyColumn... keys) throws NpzException {
        KeyScan scan = new KeyScan(keys);
        LongRuns longs = scan.longRuns();
        int[] runs = new int[1];
        int[] done = new int[1];
        long room = Math.min(rows, KeyScan.STEP) + 2L;
        ArrowBuf starts = scope.ints(room, WHAT);
        ArrowBuf values = longs == null ? null : scope.longs(room, WHAT);
        while (done[0] < rows) {
            int before = runs[0];
            room = room(room, before, Math.min(KeyScan.STEP, rows - done[0]), done[0], rows);
            starts = grown(starts, 4, before, room, scope);
            values = values == null ? null : grown(values, 8, before, room, scope);
            ArrowBuf toStarts = starts;
            ArrowBuf toValues = values;
            long enough = room;
            Scope.guard(() -> {
                do {
                    int count = Math.min(KeyScan.STEP, rows - done[0]);
                    runs[0] = longs == null || toValues == null
                            ? scan.scan(done[0], count, toStarts, runs[0])
                            : longs.scan(done[0], count, toStarts, toValues, runs[0]);
                    done[0] += count;
                } while (done[0] < rows && runs[0] + Math.min(KeyScan.STEP, rows - done[0]) + 2L <= enough);
            });
        }
        KeyGroups.set(starts, runs[0], rows);
        if (longs != null && values != null) {
            return new KeyRuns(starts, runs[0], values.writerIndex(8L * runs[0]), longs.firstDescent());
        }
        ArrowBuf found = starts;
        Scope.guard(() -> scan.markNaT(found, runs[0]));
        return new KeyRuns(starts, runs[0], null, -1);
    }

    // Grows to what the whole will need if it goes on as so far.
    private static long room(long room, int used, long count, int done, int rows) {
        long needed = used + count + 2L;
        if (room >= needed) {
            return room;
        }
        return Math.max(needed, Math.min(expected(used, done, rows) + KeyScan.STEP + 2, rows + 2L));
    }

    /** The number of runs that rows hold if it goes on as so far, and some more. */
    static long expected(int used, int done, int rows) {
        return (long) (1.05 * used / done * rows);
    }

    private static ArrowBuf grown(ArrowBuf buffer, int width, int used, long room, Scope scope) throws NpzException {
        if (buffer.capacity() >= width * room) {
            return buffer;
        }
        ArrowBuf grown = scope.plain(width * room, WHAT);
        Allocations.copy(buffer, 0, grown, 0, (long) width * used, Scope.NOWHERE);
        scope.release(buffer);
        return grown;
    }

    /** Every row as a run of its own, marked where these say so. */
    static KeyRuns ofRows(int rows, KeyRuns marked, Scope scope) throws NpzException {
        ArrowBuf starts = scope.ints(rows + 1L, WHAT);
        Scope.guard(() -> KeyGroups.spread(marked.starts, marked.count, starts));
        KeyGroups.set(starts, rows, rows);
        return new KeyRuns(starts, rows, null, -1);
    }
}
