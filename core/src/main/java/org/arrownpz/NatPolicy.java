package org.arrownpz;

/** The meaning of NaT in datetime64 and timedelta64 columns. Immutable and safe for use by several threads. */
public enum NatPolicy {
    /** NaT is null; the values are scanned once. */
    NULL,
    /** NaT stays the value −2⁶³ and nothing is scanned. Only for columns that are viewed, not converted. */
    SENTINEL
}
