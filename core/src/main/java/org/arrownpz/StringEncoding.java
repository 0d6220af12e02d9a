package org.arrownpz;

/** The form in which Utf8 and Binary columns are written. Immutable and safe for use by several threads. */
public enum StringEncoding {
    /**
     * {@code <U} (Binary: {@code S}) while that takes at most eight times the bytes of the values plus 1 MiB and no value
     * ends in NUL, else Arrow buffers, with the reason in the report.
     */
    AUTO,
    /** Always {@code <U} or {@code S}; a value ending in NUL is refused. */
    UNICODE,
    /** Always Arrow buffers. */
    ARROW
}
