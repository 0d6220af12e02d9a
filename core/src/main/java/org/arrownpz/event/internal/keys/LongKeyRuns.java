package org.arrownpz.event.internal.keys;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.KeyScan;
import org.arrownpz.event.internal.kernel.LongRuns;
import org.arrownpz.event.internal.kernel.SharedLongRuns;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.vector.internal.gather.Scope;

/**
 * {@link KeyRuns} of one column of 64-bit integers without nulls, with the keys. Many rows that rise are looked at by
 * two threads, the other being of the common pool. Used once.
 */
final class LongKeyRuns {
    /** Rows for which helpers are asked at a time: bounds the memory that the helper's runs go through. */
    private static final int SHARED_ROWS = 1 << 21;

    private final int rows;
    private final Scope scope;
    private final LongRuns longs;
    private ArrowBuf starts;
    private ArrowBuf keys;
    private long room;
    private int runs;
    private int done;

    LongKeyRuns(int rows, Scope scope, LongRuns longs) throws NpzException {
        this.rows = rows;
        this.scope = scope;
        this.longs = longs;
        this.room = Math.min(rows, KeyScan.STEP) + 2L;
        this.starts = scope.ints(room, KeyRuns.WHAT);
        this.keys = scope.longs(room, KeyRuns.WHAT);
    }

    KeyRuns find() throws NpzException {
        goOn(Math.min(rows, KeyScan.STEP));
        boolean shared = true;
        while (shared && rows - done >= SharedLongRuns.LEAST_ROWS && longs.firstDescent() < 0) {
            shared = share((int) Math.min(rows, done + (long) SHARED_ROWS));
        }
        goOn(rows);
        KeyGroups.set(starts, runs, rows);
        return new KeyRuns(starts, runs, keys.writerIndex(8L * runs), longs.firstDescent());
    }

    private void goOn(int end) throws NpzException {
        while (done < end) {
            grow(Math.min(KeyScan.STEP, end - done));
            Scope.guard(() -> {
                do {
                    int count = Math.min(KeyScan.STEP, end - done);
                    runs = longs.scan(done, count, starts, keys, runs);
                    done += count;
                } while (done < end && runs + Math.min(KeyScan.STEP, end - done) + 2L <= room);
            });
        }
    }

    private void grow(long more) throws NpzException {
        room = KeyRuns.room(room, runs, more, done, rows);
        starts = KeyRuns.grown(starts, 4, runs, room, scope);
        keys = KeyRuns.grown(keys, 8, runs, room, scope);
    }

    // False where there is no memory for a helper.
    private boolean share(int end) throws NpzException {
        long expected = KeyRuns.expected(runs, done, end - done);
        long tailRoom = expected / 2 + expected / 8 + SharedLongRuns.PIECE;
        grow(Math.min(end - done, expected + SharedLongRuns.PIECE));
        if (scope.allocator().getHeadroom() < 12 * tailRoom) {
            return false;
        }
        ArrowBuf tailStarts = scope.plain(4 * tailRoom, KeyRuns.WHAT);
        ArrowBuf tailKeys = scope.plain(8 * tailRoom, KeyRuns.WHAT);
        SharedLongRuns shared =
                new SharedLongRuns(longs, starts, keys, runs, done, end, tailStarts, tailKeys, (int) tailRoom);
        Scope.guard(shared::scan);
        runs = shared.found();
        done = shared.done();
        goOn(shared.tailRow());
        int first = shared.tailFirst();
        int more = (int) tailRoom - first;
        if (more > 0) {
            grow(more);
            Allocations.copy(tailStarts, 4L * first, starts, 4L * runs, 4L * more, Scope.NOWHERE);
            Allocations.copy(tailKeys, 8L * first, keys, 8L * runs, 8L * more, Scope.NOWHERE);
            runs += more;
            done = end;
        }
        scope.release(tailStarts);
        scope.release(tailKeys);
        return true;
    }
}
