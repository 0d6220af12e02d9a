package org.arrownpz;

/** The form in which dictionary-encoded columns are written. Immutable and safe for use by several threads. */
public enum DictionaryEncoding {
    /** Indices and dictionary as Arrow buffers: nothing is lost, NumPy sees the indices. */
    BUFFERS,
    /** Plain values, which NumPy and StaticFrame see. */
    DECODE
}
