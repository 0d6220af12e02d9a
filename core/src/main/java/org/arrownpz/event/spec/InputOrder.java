package org.arrownpz.event.spec;

/**
 * How the rows of one key lie in the input, and so what packing has to do.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum InputOrder {
    /**
     * Rows are sorted by key. Checked; rows that are not are sorted as by {@link #STABLE_SORT}, and the report says so.
     */
    SORTED,
    /** Consecutive rows of equal keys make a group; a key that comes back makes another. */
    RUNS,
    /** Rows in any order are sorted by key, rows of one key keeping theirs. Sorted input is left where it is. */
    STABLE_SORT
}
