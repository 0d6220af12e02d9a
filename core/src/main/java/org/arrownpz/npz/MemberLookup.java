package org.arrownpz.npz;

import java.util.ArrayList;
import java.util.List;
import org.arrownpz.npz.internal.zip.MemberNames;
import org.arrownpz.npz.internal.zip.read.CentralDirectory;
import org.arrownpz.npz.internal.zip.read.NumberedMembers;
import org.jspecify.annotations.Nullable;

/**
 * Finds members by name or key. They are mostly asked for in the directory's order, which spares the way through its
 * table. Safe for use by several threads: a race costs a look-up at worst.
 */
final class MemberLookup {
    private final CentralDirectory directory;
    private volatile @Nullable List<NpzEntry> entries;
    /** The member that is probably asked for next. */
    private int likely;
    /** Asked for last. */
    private @Nullable NumberedMembers numbered;

    MemberLookup(CentralDirectory directory) {
        this.directory = directory;
    }

    /** A member, or a negative number. It is probably asked for again. */
    int find(String nameOrKey) {
        int guess = likely;
        if (directory.isNamed(guess, nameOrKey)) {
            return guess;
        }
        int member = directory.find(nameOrKey);
        if (member >= 0) {
            likely = member;
        }
        return member;
    }

    /** A member, or a negative number. The one behind it is probably asked for next. */
    int findInTurn(String nameOrKey) {
        int guess = likely;
        int member = directory.isNamed(guess, nameOrKey) ? guess : directory.find(nameOrKey);
        if (member >= 0) {
            likely = member + 1;
        }
        return member;
    }

    /** A member with a number in its name, or a negative number, also where its name has to be tried. */
    int find(String before, int number, String after) {
        NumberedMembers known = numbered;
        if (known == null || !known.isBetween(before, after)) {
            known = directory.numbered(before, after);
            numbered = known;
        }
        return known == null ? -1 : known.find(number);
    }

    /** All members in the directory's order. Made at the first call. */
    List<NpzEntry> entries() {
        List<NpzEntry> known = entries;
        if (known == null) {
            List<NpzEntry> made = new ArrayList<>(directory.count());
            for (int member = 0; member < directory.count(); member++) {
                made.add(entry(member));
            }
            known = List.copyOf(made);
            entries = known;
        }
        return known;
    }

    NpzEntry entry(int member) {
        String name = directory.name(member);
        return new NpzEntry(
                name,
                MemberNames.key(name),
                directory.method(member),
                directory.size(member),
                directory.compressedSize(member),
                Integer.toUnsignedLong(directory.crc(member)),
                directory.encrypted(member),
                directory.offset(member));
    }
}
