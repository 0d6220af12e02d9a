package org.arrownpz.npz.internal.zip.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where members are found by their keys: those that count up by their numbers, the others in a table. Filled while the
 * directory is read, not changed afterwards.
 */
final class NameIndex {
    NameTable table;
    List<NameRun> runs = List.of();

    NameIndex(int members) {
        table = new NameTable(members);
    }

    /** The member of a key, or -1. */
    int find(CentralDirectory directory, byte[] key, int from, int length) {
        for (int slot = table.first(key, from, length); table.at(slot) >= 0; slot = table.next(slot)) {
            if (directory.hasKey(table.at(slot), key, from, length)) {
                return table.at(slot);
            }
        }
        for (NameRun run : runs) {
            int member = run.find(key, from, length);
            if (member >= 0) {
                return member;
            }
        }
        return -1;
    }

    /** The run of names that are these two texts with a number between them, or null. */
    @Nullable
    NameRun runBetween(String before, String after) {
        for (NameRun run : runs) {
            if (run.isBetween(before, after)) {
                return run;
            }
        }
        return null;
    }
}
