package org.arrownpz.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Sizes of tests that take long: a second or two in every build, in full under {@code mvn -Pnightly}. */
public final class Effort {
    /** Set by the profile {@code nightly}. */
    public static final boolean NIGHTLY = Boolean.getBoolean("arrownpz.nightly");

    private Effort() {}

    /** The number of rounds, rows, seconds: the first in every build, the second at night. */
    public static int of(int quick, int full) {
        return NIGHTLY ? full : quick;
    }

    /** All at night; else so many, evenly spread, the first among them. */
    public static <T> List<T> some(int quick, Collection<T> all) {
        List<T> list = List.copyOf(all);
        if (NIGHTLY || list.size() <= quick) {
            return list;
        }
        List<T> some = new ArrayList<>();
        for (long i = 0; i < quick; i++) {
            some.add(list.get((int) (i * list.size() / quick)));
        }
        return some;
    }
}
