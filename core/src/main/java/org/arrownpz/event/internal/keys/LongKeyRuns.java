package org.arrownpz.event.internal.keys;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.KeyScan;
import org.arrownpz.event.internal.kernel.LongRuns;
import org.arrownpz.vector.internal.gather.Scope;

/** {@link KeyRuns} of one column of 64-bit integers without nulls, with the keys. Used once. */
final class LongKeyRuns {
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
        scan();
        KeyGroups.set(starts, runs, rows);
        return new KeyRuns(starts, runs, keys.writerIndex(8L * runs), longs.firstDescent());
    }

    private void scan() throws NpzException {
        while (done < rows) {
            grow(Math.min(KeyScan.STEP, rows - done));
            Scope.guard(() -> {
                do {
                    int count = Math.min(KeyScan.STEP, rows - done);
                    runs = longs.scan(done, count, starts, keys, runs);
                    done += count;
                } while (done < rows && runs + Math.min(KeyScan.STEP, rows - done) + 2L <= room);
            });
        }
    }

    private void grow(long more) throws NpzException {
        room = KeyRuns.room(room, runs, more, done, rows);
        starts = KeyRuns.grown(starts, 4, runs, room, scope);
        keys = KeyRuns.grown(keys, 8, runs, room, scope);
    }
}
