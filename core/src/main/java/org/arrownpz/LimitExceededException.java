package org.arrownpz;

/** A file asks for more than {@link ReadLimits} or the allocator grants. */
public final class LimitExceededException extends NpzException {
    private static final long serialVersionUID = 1L;

    LimitExceededException(Builder facts) {
        super(facts);
    }
}
