package org.arrownpz;

/**
 * A file asks for more than {@link ReadLimits} or the allocator grants.
 *
 * <p>As safe for several threads as every exception: what it tells never changes.
 */
public final class LimitExceededException extends NpzException {
    private static final long serialVersionUID = 1L;

    LimitExceededException(Builder facts) {
        super(facts);
    }
}
