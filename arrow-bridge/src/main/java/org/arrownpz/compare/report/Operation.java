package org.arrownpz.compare.report;

import java.util.Locale;

/** What is measured. Immutable and safe for use by several threads. */
public enum Operation {
    /** The whole table into a file that replaces the one of the call before. */
    WRITE,
    /** Until every column is there as an Arrow vector, and closing. What is mapped has not been read then. */
    OPEN,
    /** The same, and one cell read by the labels of its row and column: the probe of StaticFrame's article. */
    CELL,
    /** The same as {@link #OPEN}, and every value read: the figure that compares. */
    TOUCH;

    /** The name in JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
