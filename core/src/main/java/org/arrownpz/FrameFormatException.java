package org.arrownpz;

/**
 * An archive or directory is not a consistent StaticFrame frame.
 *
 * <p>As safe for several threads as every exception: what it tells never changes.
 */
public final class FrameFormatException extends NpzException {
    private static final long serialVersionUID = 1L;

    FrameFormatException(Builder facts) {
        super(facts);
    }
}
