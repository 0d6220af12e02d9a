package org.arrownpz;

/**
 * Reading or writing failed, or the file changed while it was in use.
 *
 * <p>As safe for several threads as every exception: what it tells never changes.
 */
public final class StorageException extends NpzException {
    private static final long serialVersionUID = 1L;

    StorageException(Builder facts) {
        super(facts);
    }
}
