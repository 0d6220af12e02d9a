package org.arrownpz;

/** The Arrow types that NumPy data become. Immutable and safe for use by several threads. */
public enum TypeMapping {
    /** The types that Arrow consumers expect; some dtypes are converted. */
    ARROW,
    /** Bit-identical views of everything, with extension metadata where Arrow has no such type. */
    STORAGE
}
