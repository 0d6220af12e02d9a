package org.arrownpz.vector;

/** What becomes of NaT in datetime64 and timedelta64 columns. */
public enum NatPolicy {
    /** NaT is null; the values are scanned once. */
    NULL,
    /** NaT stays the value −2⁶³ and nothing is scanned. Only for columns that are viewed, not converted. */
    SENTINEL
}
