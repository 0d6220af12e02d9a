package org.arrownpz.npz.internal.zip.read;

/** Members whose names count up, found by their numbers. Immutable. */
public final class NumberedMembers {
    private final NameRun run;
    private final String before;
    private final String after;

    NumberedMembers(NameRun run, String before, String after) {
        this.run = run;
        this.before = before;
        this.after = after;
    }

    /** Whether these are the members between those texts: the very objects, so that asking costs nothing. */
    @SuppressWarnings("ReferenceEquality")
    public boolean isBetween(String one, String other) {
        return before == one && after == other;
    }

    /** The member with a number, or -1 where none of these has it. */
    public int find(int number) {
        return run.find(number);
    }
}
