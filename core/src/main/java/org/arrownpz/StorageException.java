package org.arrownpz;

/** Reading or writing failed, or the file changed while it was in use. */
public final class StorageException extends NpzException {
    private static final long serialVersionUID = 1L;

    StorageException(Builder facts) {
        super(facts);
    }
}
