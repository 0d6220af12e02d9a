package org.arrownpz;

/** An NPY header or its data are not what NumPy's format (NEP 1) allows. */
public final class NpyFormatException extends NpzException {
    private static final long serialVersionUID = 1L;

    NpyFormatException(Builder facts) {
        super(facts);
    }
}
