package org.arrownpz;

/**
 * An NPY header or its data are not what NumPy's format (NEP 1) allows.
 *
 * <p>As safe for several threads as every exception: what it tells never changes.
 */
public final class NpyFormatException extends NpzException {
    private static final long serialVersionUID = 1L;

    NpyFormatException(Builder facts) {
        super(facts);
    }
}
