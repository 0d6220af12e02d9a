package org.arrownpz.compare;

import java.util.List;

/**
 * A component of a fixture, such as {@code v(int,bool)}.
 *
 * @param letter its name
 * @param at where it starts
 * @param arguments what stands in its parentheses
 */
record DslComponent(String letter, int at, List<Argument> arguments) {
    /** A name, an integer or a tuple of names. */
    sealed interface Argument {
        /** Where it starts. */
        int at();
    }

    /** A name. */
    record Name(String text, int at) implements Argument {}

    /** An integer, in decimal digits. */
    record Number(String digits, int at) implements Argument {}

    /** A tuple of names. */
    record Tuple(List<Name> names, int at) implements Argument {}
}
