package org.arrownpz.event.internal.keys;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.SortRows;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.kernel.GatherRows;

/** Sorts runs by their keys, the least significant key first; text is replaced by its rank before. */
final class SortedRuns {
    private static final String WHAT = "sorting rows";

    private SortedRuns() {}

    static ArrowBuf of(KeyRuns runs, Scope scope, KeyColumn... keys) throws NpzException {
        int count = runs.count();
        ArrowBuf rows = scope.ints(count, WHAT);
        ArrowBuf items = Gather.range(scope, 0, count);
        ArrowBuf scratch = scope.ints(count, WHAT);
        ArrowBuf codes = scope.longs(count, WHAT);
        ArrowBuf order = Gather.range(scope, 0, count);
        Scope.guard(() -> KeyGroups.unmark(runs.starts(), count, rows));
        for (int k = keys.length - 1; k >= 0; k--) {
            KeyColumn key = keys[k];
            Scope.guard(() -> {
                SortRows.codes(key, rows, count, codes);
                if (!key.isWord()) {
                    GatherRows.range(0, count, items);
                    SortRows.byCode(codes, items, scratch, count);
                    SortRows.ranks(key, rows, codes, items, scratch, count);
                }
                SortRows.byCode(codes, order, scratch, count);
                if (key.mayBeNull() && SortRows.nullCodes(key, rows, count, codes)) {
                    SortRows.byCode(codes, order, scratch, count);
                }
            });
        }
        scope.release(codes);
        scope.release(scratch);
        scope.release(items);
        scope.release(rows);
        return order;
    }
}
