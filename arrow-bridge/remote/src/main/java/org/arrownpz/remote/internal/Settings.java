package org.arrownpz.remote.internal;

import java.time.Duration;

/**
 * The bounds of fetching, each a system property {@code arrownpz.remote.NAME}.
 *
 * @param parallel requests in flight for one file
 * @param cacheBytes bytes of one file that are kept on the heap
 * @param tries of a request that may be repeated
 * @param backoff before the second try; doubled for each further one
 * @param stall the longest time without a byte, the answer's first one included
 * @param whole the longest time of one request
 */
record Settings(int parallel, long cacheBytes, int tries, Duration backoff, Duration stall, Duration whole) {
    static final Settings DEFAULT = new Settings(
            Math.max(1, Integer.getInteger("arrownpz.remote.parallel", 8)),
            Long.getLong("arrownpz.remote.cacheBytes", 32L << 20),
            Math.max(1, Integer.getInteger("arrownpz.remote.tries", 4)),
            Duration.ofMillis(Long.getLong("arrownpz.remote.backoffMillis", 100)),
            Duration.ofMillis(Long.getLong("arrownpz.remote.stallMillis", 30_000)),
            Duration.ofMillis(Long.getLong("arrownpz.remote.requestMillis", 300_000)));
}
