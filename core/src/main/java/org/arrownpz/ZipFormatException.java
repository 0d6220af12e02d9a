package org.arrownpz;

/**
 * An archive is not a complete, unambiguous zip file.
 *
 * <p>As safe for several threads as every exception: what it tells never changes.
 */
public final class ZipFormatException extends NpzException {
    private static final long serialVersionUID = 1L;

    ZipFormatException(Builder facts) {
        super(facts);
    }
}
