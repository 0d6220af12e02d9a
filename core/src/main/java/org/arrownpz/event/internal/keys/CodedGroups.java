package org.arrownpz.event.internal.keys;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.SortGroups;
import org.arrownpz.event.internal.kernel.SortRows;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.vector.internal.gather.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Groups of runs in no order by one key that fits 64 bits: counted where the keys lie close together, else sorted.
 *
 * @param count the number of groups
 * @param rows the rows in the order of the groups
 * @param offsets where each begins and the last ends
 * @param keys the key of each, where {@link KeyRuns} has those of the runs; else null
 */
record CodedGroups(
        int count,
        ArrowBuf rows,
        ArrowBuf offsets,
        @Nullable ArrowBuf keys) {
    private static final String WHAT = "sorting rows";

    /**
     * @param runs marked where their key is null, all of which are left out
     * @param kept how many rows there are in the others
     */
    static CodedGroups of(KeyRuns runs, KeyColumn key, int kept, Scope scope) throws NpzException {
        ArrowBuf known = runs.keys();
        long flip = known == null ? 0 : key.plainFlip();
        ArrowBuf codes = known == null ? codes(runs, key, scope) : known;
        SortGroups.Codes seen = SortGroups.codes(codes, flip, runs.starts(), runs.count());
        ArrowBuf rows = scope.ints(kept, WHAT);
        CodedGroups groups;
        if (seen.areDense()) {
            int codesSeen = (int) seen.span() + 1;
            long room = Math.min(seen.runs(), codesSeen);
            ArrowBuf offsets = scope.ints(room + 1, WHAT);
            ArrowBuf keys = known == null ? null : scope.longs(room, WHAT);
            ArrowBuf places = scope.ints(codesSeen, WHAT);
            int count = SortGroups.counted(codes, flip, seen, runs.starts(), runs.count(), places, rows, offsets, keys);
            scope.release(places);
            groups = new CodedGroups(count, rows, offsets, keys);
        } else {
            groups = sorted(runs, codes, flip, seen, rows, scope);
        }
        scope.release(codes);
        return groups.cut(scope);
    }

    // Null runs have codes as well; they are not used.
    private static ArrowBuf codes(KeyRuns runs, KeyColumn key, Scope scope) throws NpzException {
        int count = runs.count();
        ArrowBuf first = scope.ints(count, WHAT);
        ArrowBuf codes = scope.longs(count, WHAT);
        KeyGroups.unmark(runs.starts(), count, first);
        Scope.guard(() -> SortRows.codes(key, first, count, codes));
        scope.release(first);
        return codes;
    }

    private static CodedGroups sorted(
            KeyRuns runs, ArrowBuf codes, long flip, SortGroups.Codes seen, ArrowBuf rows, Scope scope)
            throws NpzException {
        int count = seen.runs();
        SortGroups.Lists lists = new SortGroups.Lists(
                scope.longs(count, WHAT), scope.ints(count, WHAT), scope.longs(count, WHAT), scope.ints(count, WHAT));
        SortGroups.Lists sorted = SortGroups.sort(codes, flip, seen, runs.starts(), runs.count(), lists);
        scope.release(sorted.otherCodes());
        scope.release(sorted.otherItems());
        ArrowBuf offsets = scope.ints(count + 1L, WHAT);
        int groups = SortGroups.collect(sorted, flip, seen, runs.starts(), rows, offsets);
        scope.release(sorted.items());
        return new CodedGroups(groups, rows, offsets, runs.keys() == null ? null : sorted.codes());
    }

    /** The same in memory of the size that results need: there may be far fewer groups than runs. */
    private CodedGroups cut(Scope scope) throws NpzException {
        ArrowBuf values = keys;
        return new CodedGroups(
                count,
                rows,
                cut(offsets, 4L * (count + 1), scope),
                values == null ? null : cut(values, 8L * count, scope));
    }

    private static ArrowBuf cut(ArrowBuf buffer, long bytes, Scope scope) throws NpzException {
        if (bytes > buffer.capacity() / 2) {
            return buffer.writerIndex(bytes);
        }
        ArrowBuf own = scope.bytes(bytes, WHAT);
        Allocations.copy(buffer, 0, own, 0, bytes, Scope.NOWHERE);
        scope.release(buffer);
        return own;
    }
}
