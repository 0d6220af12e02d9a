package org.arrownpz.event.internal.keys;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.vector.internal.gather.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The rows of each group. All memory is the scope's.
 *
 * @param count the number of groups
 * @param offsets where each begins and the last ends: 32-bit places in {@code rows}, or rows
 * @param rows the rows in the order of the groups, or null where they lie so already
 * @param kept how many rows there are in all groups
 * @param numbers 64-bit numbers of sessions, or null
 * @param keys the key of each group, where it is one column of 64-bit integers without nulls that is known already
 * @param dropped rows without key
 * @param used the order that was worked with
 * @param reason why rows do not stay where they are, or null
 */
public record Groups(
        int count,
        ArrowBuf offsets,
        @Nullable ArrowBuf rows,
        int kept,
        @Nullable ArrowBuf numbers,
        @Nullable ArrowBuf keys,
        long dropped,
        InputOrder used,
        @Nullable String reason) {

    Groups split(int sessions, ArrowBuf sessionOffsets, ArrowBuf sessionNumbers) {
        return new Groups(sessions, sessionOffsets, rows, kept, sessionNumbers, null, dropped, used, reason);
    }

    /** The first row of each group. */
    public ArrowBuf firstRows(Scope scope) throws NpzException {
        ArrowBuf all = rows;
        if (all == null) {
            return offsets;
        }
        ArrowBuf first = scope.ints(count, "the first rows of groups");
        KeyGroups.firstRows(all, offsets, count, first);
        return first;
    }

    /** The last row of each group. */
    public ArrowBuf lastRows(Scope scope) throws NpzException {
        ArrowBuf last = scope.ints(count, "the last rows of groups");
        KeyGroups.lastRows(rows, offsets, count, last);
        return last;
    }
}
