package org.arrownpz.support.column;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.ValueBytes;
import org.arrownpz.support.column.ArrowColumnPiece.IndexMaps;
import org.jspecify.annotations.Nullable;

/**
 * The entries of several dictionaries, those of the first in their places. An entry that an earlier dictionary has is left
 * out, as readers such as pandas want no entry twice; not so with nested ones or Booleans, or with millions.
 */
final class JoinedEntries implements AutoCloseable {
    private static final int LEAST_SLOTS = 16;
    /** Beyond, the places would take more of the heap than such dictionaries are worth. */
    private static final int MOST_COMPARED = 1 << 23;

    private final List<ArrowBuf> maps = new ArrayList<>();
    private final FieldVector vector;

    /** @param inner what indices within an entry become, by the number of its dictionary */
    JoinedEntries(List<FieldVector> dictionaries, BufferAllocator allocator, Location location, IndexMaps inner)
            throws NpzException {
        try (Rollback undo = Rollback.all(maps)) {
            VectorJoin join = new VectorJoin(dictionaries.get(0).getField());
            for (FieldVector dictionary : dictionaries) {
                long bytes = (long) Integer.BYTES * dictionary.getValueCount();
                maps.add(Allocations.allocate(allocator, bytes, location, "the indices of a dictionary"));
                join.add(dictionary);
            }
            try (FieldVector all = join.join(allocator, location, inner)) {
                VectorJoin once = new VectorJoin(all.getField());
                number(dictionaries, all).forEach(run -> once.add(all, run[0], run[1]));
                vector = once.join(allocator, location);
            }
            undo.commit();
        }
    }

    /** The dictionary. Owned by this object. */
    FieldVector vector() {
        return vector;
    }

    /** The new indices of a dictionary, or null for the first's, which stay as they are. */
    IndexMaps.@Nullable IndexMap map(int dictionary) {
        return dictionary == 0 ? null : new IndexMaps.IndexMap(maps.get(dictionary), vector.getValueCount());
    }

    private static void set(ArrowBuf map, int index, int entry) {
        map.setInt((long) Integer.BYTES * index, entry);
    }

    /** Fills the maps; gives the runs of entries that stay, as their first and their number. */
    private List<int[]> number(List<FieldVector> dictionaries, FieldVector all) {
        List<int[]> kept = new ArrayList<>();
        int[] run = {0, dictionaries.get(0).getValueCount()};
        kept.add(run);
        Places places = new Places(all);
        for (int i = 0; i < run[1]; i++) {
            set(maps.get(0), i, i);
            places.put(i, i);
        }
        int next = run[1];
        int from = run[1];
        for (int d = 1; d < dictionaries.size(); d++) {
            int count = dictionaries.get(d).getValueCount();
            for (int i = 0; i < count; i++) {
                int number = places.put(from + i, next);
                if (number == next) {
                    next++;
                    if (run[0] + run[1] == from + i) {
                        run[1]++;
                    } else {
                        run = new int[] {from + i, 1};
                        kept.add(run);
                    }
                }
                set(maps.get(d), i, number);
            }
            from += count;
        }
        return kept;
    }

    @Override
    public void close() {
        maps.forEach(ArrowBuf::close);
        vector.close();
    }

    /** The places of entries in the joined dictionary, found by their values. */
    private static final class Places {
        private final FieldVector all;
        private final @Nullable ValueBytes wanted;
        private final @Nullable ValueBytes other;
        /** Entries and their numbers, -1 where a slot is free. */
        private final int[] slots;

        /** The number of the null entry, -1 where there is none so far. */
        private int nullNumber = -1;

        Places(FieldVector all) {
            this.all = all;
            boolean compares = all.getValueCount() <= MOST_COMPARED;
            this.wanted = compares ? ValueBytes.of(all) : null;
            this.other = compares ? ValueBytes.of(all) : null;
            int room = 4 * Math.max(LEAST_SLOTS, Integer.highestOneBit(all.getValueCount()));
            this.slots = new int[wanted == null ? 0 : 2 * room];
            Arrays.fill(slots, -1);
        }

        /** The number of the entry; the given one where it is new. */
        int put(int entry, int number) {
            if (wanted == null || other == null) {
                return number;
            }
            if (all.isNull(entry)) {
                nullNumber = nullNumber < 0 ? number : nullNumber;
                return nullNumber;
            }
            int mask = slots.length / 2 - 1;
            int slot = (int) wanted.at(entry).hash() & mask;
            while (slots[2 * slot] >= 0) {
                if (wanted.sameAs(other.at(slots[2 * slot]))) {
                    return slots[2 * slot + 1];
                }
                slot = (slot + 1) & mask;
            }
            slots[2 * slot] = entry;
            slots[2 * slot + 1] = number;
            return number;
        }
    }
}
