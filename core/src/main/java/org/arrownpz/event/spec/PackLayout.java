package org.arrownpz.event.spec;

/** The form of the packed columns. Immutable and safe for use by several threads. */
public enum PackLayout {
    /** One list column for each: parallel lists over one offsets buffer. */
    LISTS,
    /** One column of lists of structs, a struct field for each. */
    LIST_OF_STRUCT
}
