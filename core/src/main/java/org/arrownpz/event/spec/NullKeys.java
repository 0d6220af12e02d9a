package org.arrownpz.event.spec;

/**
 * What becomes of rows of which a part of the key is null, NaN or NaT. Immutable and safe for use by several threads.
 */
public enum NullKeys {
    /** They are left out, as framezip and pandas do. */
    DROP,
    /** They make groups like others, behind all others where keys are ordered. */
    KEEP,
    /** They are refused. */
    ERROR
}
