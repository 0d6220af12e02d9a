package org.arrownpz.compare.report;

import java.util.Locale;

/** What is measured. Immutable and safe for use by several threads. */
public enum Operation {
    /** Write the whole table to a file, over the file of the call before. */
    WRITE,
    /** Open until every column is an Arrow vector, and close. Mapped values are not read. */
    OPEN,
    /** Open, read one cell by its labels as StaticFrame's article does, and close. */
    CELL,
    /** Open, read every value, and close: the time to compare by. */
    TOUCH,
    /** 1,000 rows of the first five columns by their numbers, from a file that was opened before. */
    TAKE,
    /** Open, take those rows, and close. */
    OPEN_TAKE;

    /** The name in JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
