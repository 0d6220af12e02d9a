package org.arrownpz.event.internal.keys;

import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.KeyOrder;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.vector.internal.gather.Scope;
import org.jspecify.annotations.Nullable;

/** Finds the groups of one root or batch: in place where the rows' order allows, else by sorting. */
public final class GroupFinder {
    private static final KeyColumn[] NO_KEYS = {};
    private static final String WHAT = "groups of rows";

    private final PackSpec spec;
    private final long gap;
    private final int rows;
    private final KeyColumn[] keys;
    private final @Nullable FieldVector time;
    private final boolean maySort;
    private final Scope scope;
    private long dropped;

    /**
     * @param time the session's column, or null
     * @param maySort whether rows may be put in order, else unordered ones are refused
     */
    /** @param gap the greatest difference of times within a session */
    public GroupFinder(
            PackSpec spec,
            int rows,
            KeyColumn[] keys,
            @Nullable FieldVector time,
            long gap,
            boolean maySort,
            Scope scope) {
        this.spec = spec;
        this.gap = gap;
        this.rows = rows;
        this.keys = keys;
        this.time = time;
        this.maySort = maySort;
        this.scope = scope;
    }

    /** @param firstSession the number of the first session of the first group */
    public Groups find(long firstSession) throws NpzException {
        KeyColumn clock = time == null ? null : Keys.exact(time, scope);
        KeyColumn nullness = time == null ? null : Keys.nullness(time);
        KeyColumn[] seen = keys;
        if (nullness != null) {
            // Rows without time are rows without key.
            seen = Arrays.copyOf(keys, keys.length + 1);
            seen[keys.length] = nullness;
        }
        KeyRuns runs = KeyRuns.find(rows, scope, seen);
        KeyGroups.Nulls nulls = nulls(runs, nullness);
        KeyOrder.Order[] order = {KeyOrder.Order.RISING};
        if (spec.order() != InputOrder.RUNS) {
            int[] firstDescent = {-1};
            if (runs.keys() == null) {
                Scope.guard(() -> firstDescent[0] = KeyOrder.check(runs.starts(), runs.count(), order, keys));
            } else {
                firstDescent[0] = runs.firstDescent();
            }
            if (firstDescent[0] >= 0) {
                int row = KeyGroups.get(runs.starts(), firstDescent[0]);
                return sorted(runs, clock, firstSession, "the key of row " + row + " is less than the one before it");
            }
        }
        Groups groups = inPlace(runs, nulls, order[0] == KeyOrder.Order.REPEATING);
        if (clock == null) {
            return groups;
        }
        Object result = split(groups, clock, firstSession);
        if (result instanceof Groups sessions) {
            return sessions;
        }
        String reason = "time goes back at row " + result + " within a key";
        if (spec.order() == InputOrder.RUNS) {
            throw error(reason)
                    .remedy("Sort the rows, or pack with order STABLE_SORT")
                    .build();
        }
        return sorted(runs, clock, firstSession, reason);
    }

    private KeyGroups.Nulls nulls(KeyRuns runs, @Nullable KeyColumn nullness) throws NpzException {
        if (runs.keys() != null) {
            return new KeyGroups.Nulls(0, 0, -1, 0, runs.count());
        }
        KeyGroups.Nulls nulls = Scope.guarded(() -> KeyGroups.nulls(runs.starts(), runs.count()));
        if (nulls.runs() == 0) {
            return nulls;
        }
        if (spec.nullKeys() == NullKeys.ERROR) {
            throw error("a part of the key is null in row " + nulls.firstRow())
                    .remedy("Fill it, or pack with null keys dropped or kept")
                    .build();
        }
        if (spec.nullKeys() == NullKeys.KEEP) {
            if (nullness != null) {
                throw error("a session's time is null")
                        .remedy("Fill it, or pack with null keys dropped")
                        .build();
            }
            Scope.guard(() -> KeyGroups.unmark(runs.starts(), runs.count(), runs.starts()));
            return new KeyGroups.Nulls(0, 0, -1, 0, runs.count());
        }
        dropped = nulls.rows();
        return nulls;
    }

    private Groups inPlace(KeyRuns runs, KeyGroups.Nulls nulls, boolean merges) throws NpzException {
        InputOrder used = spec.order() == InputOrder.RUNS ? InputOrder.RUNS : InputOrder.SORTED;
        int kept = runs.count() - nulls.runs();
        int keptRows = rows - Math.toIntExact(dropped);
        if (nulls.keptAreOneRange(runs.count()) && !merges) {
            ArrowBuf offsets = runs.starts();
            if (nulls.firstKept() > 0) {
                ArrowBuf cut = scope.ints(kept + 1L, WHAT);
                KeyGroups.copy(offsets, nulls.firstKept(), kept, cut);
                offsets = cut;
            }
            // The run behind the kept ones is marked as null: its start is their end.
            int end = kept == 0 ? 0 : KeyGroups.get(runs.starts(), nulls.endKept());
            KeyGroups.set(offsets, kept, end ^ (end >> 31));
            offsets.writerIndex(4L * (kept + 1));
            return new Groups(kept, offsets, null, keptRows, null, runs.keys(), dropped, used, null);
        }
        ArrowBuf order = scope.ints(keptRows, WHAT);
        ArrowBuf offsets = scope.ints(kept + 1L, WHAT);
        KeyColumn[] merged = merges ? keys : NO_KEYS;
        int count = Scope.guarded(() -> KeyGroups.collect(runs.starts(), null, runs.count(), merged, order, offsets));
        offsets.writerIndex(4L * (count + 1));
        return new Groups(
                count, offsets, order, keptRows, null, null, dropped, used, "rows without key lie between the others");
    }

    private Groups sorted(KeyRuns runs, @Nullable KeyColumn clock, long firstSession, String reason)
            throws NpzException {
        if (!maySort) {
            throw error("the rows are not sorted, and batches are not sorted: " + reason)
                    .remedy("Pack with order RUNS, or read all batches into one root and pack that")
                    .build();
        }
        KeyRuns pieces = runs;
        KeyColumn[] by = keys;
        if (clock != null) {
            // Times differ within a run: every row is put in its place.
            pieces = KeyRuns.ofRows(rows, runs, scope);
            by = Arrays.copyOf(keys, keys.length + 1);
            by[keys.length] = clock;
        }
        int keptRows = rows - Math.toIntExact(dropped);
        // Null keys that are kept come last, which their codes do not say.
        boolean nullsKept = spec.nullKeys() == NullKeys.KEEP && keys[0].mayBeNull();
        if (clock == null && keys.length == 1 && keys[0].isWord() && !nullsKept) {
            CodedGroups coded = CodedGroups.of(runs, keys[0], keptRows, scope);
            return new Groups(
                    coded.count(),
                    coded.offsets(),
                    coded.rows(),
                    keptRows,
                    null,
                    coded.keys(),
                    dropped,
                    InputOrder.STABLE_SORT,
                    reason);
        }
        ArrowBuf order = SortedRuns.of(pieces, scope, by);
        ArrowBuf sorted = scope.ints(keptRows, WHAT);
        ArrowBuf offsets = scope.ints(pieces.count() + 1L, WHAT);
        KeyRuns all = pieces;
        int count = Scope.guarded(() -> KeyGroups.collect(all.starts(), order, all.count(), keys, sorted, offsets));
        offsets.writerIndex(4L * (count + 1));
        Groups groups =
                new Groups(count, offsets, sorted, keptRows, null, null, dropped, InputOrder.STABLE_SORT, reason);
        if (clock == null) {
            return groups;
        }
        Object result = split(groups, clock, firstSession);
        if (result instanceof Groups sessions) {
            return sessions;
        }
        throw new IllegalStateException("times are not sorted at row " + result);
    }

    /** The groups split into sessions, or the row at which time goes back. */
    private Object split(Groups groups, KeyColumn clock, long firstSession) throws NpzException {
        ArrowBuf offsets = scope.ints(groups.kept() + 1L, WHAT);
        ArrowBuf numbers = scope.longs(groups.kept(), WHAT);
        KeyGroups.Split found = Scope.guarded(() -> KeyGroups.sessions(
                groups.offsets(), groups.count(), groups.rows(), clock, gap, firstSession, offsets, numbers));
        if (found.badRow() >= 0) {
            return found.badRow();
        }
        int sessions = found.sessions();
        offsets.writerIndex(4L * (sessions + 1));
        numbers.writerIndex(8L * sessions);
        return groups.split(sessions, offsets, numbers);
    }

    private static NpzException.Builder error(String problem) {
        return Scope.NOWHERE.error(ErrorCode.VALUE, problem);
    }
}
