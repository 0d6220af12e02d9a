package org.arrownpz;

/** The way from a root's columns to arrays of a file. Immutable and safe for use by several threads. */
public enum ColumnLayout {
    /** Columns that NumPy can hold become blocks, the others Arrow buffers. */
    AUTO,
    /** Every column becomes a block; a column that NumPy cannot hold is refused. */
    NUMPY,
    /** Every column is stored as its Arrow buffers, so that reading back copies nothing. */
    ARROW
}
