package org.arrownpz.event.spec;

/** The form of the columns that are not exploded. Immutable and safe for use by several threads. */
public enum KeyEncoding {
    /** Values are repeated for each element. */
    REPEATED,
    /** Run-end encoded: values stay as they are, and the lists' offsets become the run ends. Few consumers read it. */
    RUN_END
}
