package org.arrownpz.event.spec;

import java.util.Arrays;
import java.util.List;

/**
 * A column by name or by position. Positions count a root's fields, or a frame's columns without its index; negative
 * ones count from the end. Index levels of a frame go by name.
 *
 * <p>Immutable and safe for use by several threads.
 */
public sealed interface ColumnRef {
    /** By name. */
    record Name(String name) implements ColumnRef {
        @Override
        public String toString() {
            return name;
        }
    }

    /** By position. */
    record Position(int position) implements ColumnRef {
        @Override
        public String toString() {
            return Integer.toString(position);
        }
    }

    static ColumnRef of(String name) {
        return new Name(name);
    }

    static ColumnRef of(int position) {
        return new Position(position);
    }

    /** References by name, in this order. */
    static List<ColumnRef> names(String... names) {
        return Arrays.stream(names).map(ColumnRef::of).toList();
    }

    /** References by position, in this order. */
    static List<ColumnRef> positions(int... positions) {
        return Arrays.stream(positions).mapToObj(ColumnRef::of).toList();
    }
}
