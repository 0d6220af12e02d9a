package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;

/** An allocator that refuses one request, for tests of what happens then. */
public final class AllocationFaults implements AllocationListener {
    private final long refused;
    private long requests;

    private AllocationFaults(long refused) {
        this.refused = refused;
    }

    /** An action under test. */
    @FunctionalInterface
    public interface Action {
        void run(BufferAllocator allocator) throws Exception;
    }

    /** A root allocator that refuses the k-th request (from 1) with Arrow's own exception; the caller closes it. */
    public static BufferAllocator refusing(long k) {
        return new RootAllocator(new AllocationFaults(k), Long.MAX_VALUE);
    }

    /**
     * Runs the action again and again, with the first request refused, then the second and so on (all of them at night,
     * else fewer the later they come), until one run needs no more. Each refusal must come out as LIMIT, and leave no memory behind.
     *
     * @return the number of requests that the action makes
     */
    public static long refuseEach(Action action) throws Exception {
        for (long k = 1; ; k += Effort.NIGHTLY ? 1 : 1 + k / 4) {
            AllocationFaults faults = new AllocationFaults(k);
            try (BufferAllocator allocator = new RootAllocator(faults, Long.MAX_VALUE)) {
                boolean failed = false;
                try {
                    action.run(allocator);
                } catch (NpzException e) {
                    failed = true;
                    assertThat(e.code()).as("request %d refused", k).isEqualTo(ErrorCode.LIMIT);
                }
                boolean refusal = faults.requests >= k;
                assertThat(failed).as("request %d refused, the action fails", k).isEqualTo(refusal);
                assertThat(allocator.getAllocatedMemory())
                        .as("bytes left when request %d is refused", k)
                        .isZero();
                if (!refusal) {
                    return faults.requests;
                }
            }
        }
    }

    @Override
    public synchronized void onPreAllocation(long size) {
        requests++;
        if (requests == refused) {
            throw new OutOfMemoryException("Request " + requests + " of " + size + " bytes is refused by the test");
        }
    }
}
