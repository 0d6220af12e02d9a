package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Predicate;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.Effort;

/**
 * An allocator that refuses one request after it was told to begin, from whatever thread the request comes.
 *
 * <p>Requests of Arrow's classes for the C data interface are granted unless asked for otherwise: refused, they lose what
 * they have at hand (Arrow 18.3: {@code ReferenceCountedArrowArray.unsafeAssociateAllocation} retains before it asks, and
 * {@code ArrayExporter} drops children that it has exported), so that nothing can be said of the balance.
 */
final class Refusals implements AllocationListener {
    private static final String C_DATA = "org.apache.arrow.c.";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final long refused;
    private final BufferAllocator allocator;
    private final boolean arrowsOwn;
    private boolean counting;
    private long requests;

    private Refusals(long refused, boolean arrowsOwn) {
        this.refused = refused;
        this.arrowsOwn = arrowsOwn;
        this.allocator = new RootAllocator(this, Long.MAX_VALUE);
    }

    /** An action under test, which closes all that it makes. */
    @FunctionalInterface
    interface Action {
        void run(Refusals refusals) throws Exception;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /** Requests count from now on. What was taken before is preparation. */
    synchronized void begin() {
        counting = true;
    }

    /** Requests are granted again from now on. */
    synchronized void end() {
        counting = false;
    }

    /** Whether the request to be refused has come. */
    synchronized boolean happened() {
        return requests >= refused;
    }

    // Below the importer and the exporter there may be code of this library, which the exporter calls for the next
    // batch.
    private static boolean isArrowsOwn() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.startsWith(C_DATA)
                                || name.startsWith("org.arrownpz.") && !name.equals(Refusals.class.getName()))
                        .findFirst()
                        .filter(name -> name.startsWith(C_DATA))
                        .isPresent());
    }

    @Override
    public synchronized void onPreAllocation(long size) {
        if (!counting || isArrowsOwn() != arrowsOwn) {
            return;
        }
        if (++requests == refused) {
            throw new OutOfMemoryException("Request " + requests + " of " + size + " bytes is refused by the test");
        }
    }

    /** What this library's own entry points throw. */
    static boolean isLimit(Throwable thrown) {
        return thrown instanceof NpzException typed && typed.code() == ErrorCode.LIMIT;
    }

    /** What Arrow's own classes throw: whatever it is, it says that memory was refused, native code between or not. */
    static boolean isNamed(Throwable thrown) {
        String text = String.valueOf(thrown.getMessage());
        return isLimit(thrown)
                || Faults.isOutOfMemory(thrown)
                || text.contains("refused by the test")
                || text.contains("the allocator cannot give the memory");
    }

    /**
     * Runs the action with the first request refused, then with the second and so on (all of them at night, else fewer
     * the later they come), until one run needs no more. Each refusal must come out as {@code expected} says, and no run leaves memory behind.
     *
     * @return the number of requests that the action makes
     */
    static long each(Predicate<Throwable> expected, Action action) throws Exception {
        return each(1, expected, false, action);
    }

    /** {@link #each}, where the action may do without what it was refused, as long as its result is right. */
    static long eachOrWithout(Predicate<Throwable> expected, Action action) throws Exception {
        return each(1, expected, true, action);
    }

    /** {@link #eachOrWithout}, of every so many requests. */
    static long eachOrWithout(int step, Predicate<Throwable> expected, Action action) throws Exception {
        return each(step, expected, true, action);
    }

    private static long each(int step, Predicate<Throwable> expected, boolean without, Action action) throws Exception {
        for (long k = 1; ; k += Effort.NIGHTLY ? step : step + k / 4) {
            Refusals refusals = new Refusals(k, false);
            Throwable thrown = null;
            try {
                action.run(refusals);
            } catch (Exception e) {
                thrown = e;
            }
            refusals.end();
            boolean happened = refusals.happened();
            if (thrown != null && (!happened || !expected.test(thrown))) {
                throw new AssertionError("request " + k + " refused: " + happened, thrown);
            }
            if (!without) {
                assertThat(thrown != null)
                        .as("request %d refused, the action fails", k)
                        .isEqualTo(happened);
            }
            refusals.close(k);
            if (!happened) {
                return refusals.requests;
            }
        }
    }

    /**
     * Runs the action with the first requests of Arrow's classes for the C data interface refused, one each time. What
     * they lose stays; the action must fail as {@code expected} says.
     */
    static void ofArrowsOwn(int times, Predicate<Throwable> expected, Action action) {
        for (long k = 1; k <= times; k++) {
            Refusals refusals = new Refusals(k, true);
            Throwable thrown = null;
            try {
                action.run(refusals);
            } catch (Exception e) {
                thrown = e;
            }
            if (!refusals.happened() || thrown == null || !expected.test(thrown)) {
                throw new AssertionError("request " + k + " refused: " + refusals.happened(), thrown);
            }
        }
    }

    /** Native code and network threads may give back later. */
    private void close(long k) {
        Await.holds(PATIENCE, () -> allocator.getAllocatedMemory() == 0);
        assertThat(allocator.getAllocatedMemory())
                .as("bytes left when request %d is refused: %s", k, allocator)
                .isZero();
        allocator.close();
    }
}
