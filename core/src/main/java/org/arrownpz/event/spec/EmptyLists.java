package org.arrownpz.event.spec;

/** The fate of rows whose lists are empty or null. Immutable and safe for use by several threads. */
public enum EmptyLists {
    /** One row with nulls, as framezip and pandas do. */
    NULL_ROW,
    /** No row, as SQL's UNNEST does. */
    DROP
}
