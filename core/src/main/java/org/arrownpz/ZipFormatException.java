package org.arrownpz;

/** An archive is not a complete, unambiguous zip file. */
public final class ZipFormatException extends NpzException {
    private static final long serialVersionUID = 1L;

    ZipFormatException(Builder facts) {
        super(facts);
    }
}
