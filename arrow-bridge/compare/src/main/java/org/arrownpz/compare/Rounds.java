package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times calls in turns: each round runs every call once, so that other work of the machine slows all of them alike. Short
 * calls are repeated within their turn, unless there is only one round. Slow calls stop early, but not before they have
 * the least number of samples. Used by one thread.
 */
public final class Rounds {
    private static final long WARM_UP_PER_ROUND = 20_000_000L;
    private static final long LONGEST_WARM_UP = 250_000_000L;
    private static final long TURN = 5_000_000L;
    private static final int MIN_SAMPLES = 3;
    private static final long SLOW = 1_000_000_000L;

    private final List<Entry> entries = new ArrayList<>();
    private final int rounds;
    private final long budget;
    private final int minSamples;
    private final long warmUp;

    /** A call to be timed. */
    @FunctionalInterface
    public interface Call {
        void run() throws Exception;
    }

    /**
     * Times of one call, in nanoseconds. Immutable and safe for use by several threads.
     *
     * @param median the median
     * @param best the minimum
     * @param low the first quartile
     * @param high the third quartile
     * @param samples how many calls were timed
     */
    public record Measurement(double median, double best, double low, double high, int samples) {
        /**
         * Summarises times in nanoseconds.
         *
         * @throws IllegalArgumentException when there are none
         */
        public static Measurement of(long... nanoseconds) {
            if (nanoseconds.length == 0) {
                throw new IllegalArgumentException("no samples");
            }
            long[] sorted = nanoseconds.clone();
            Arrays.sort(sorted);
            return new Measurement(
                    quantile(sorted, 0.5), sorted[0], quantile(sorted, 0.25), quantile(sorted, 0.75), sorted.length);
        }

        private static double quantile(long[] sorted, double part) {
            double at = part * (sorted.length - 1);
            int below = (int) at;
            int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
        }

        /** Half of all samples lie within this part of the median: 0.1 is plus or minus 5 %. */
        public double spread() {
            return median == 0 ? 0 : (high - low) / median;
        }

        /** The number of times that this is as long as the other. */
        public double over(Measurement other) {
            return median / Math.max(1, other.median);
        }

        /** Whether this is shorter by a tenth at least, and the middle halves of the samples lie apart. */
        boolean isClearlyBelow(Measurement other) {
            return median * 1.1 <= other.median && high < other.low;
        }
    }

    /** Takes at least three samples of each call; the more rounds, the longer the warm-up, up to a quarter of a second. */
    public Rounds(int rounds, long budget) {
        this(rounds, budget, MIN_SAMPLES, Math.min(LONGEST_WARM_UP, (rounds - 1) * WARM_UP_PER_ROUND));
    }

    /**
     * Takes as many samples as is said.
     *
     * @param rounds turns of each call at most
     * @param budget nanoseconds after which a call has no further turn
     * @param minSamples samples that each call has all the same, as far as there are rounds
     * @param warmUp nanoseconds for which each call runs first, untimed; a few calls at least
     */
    public Rounds(int rounds, long budget, int minSamples, long warmUp) {
        this.rounds = rounds;
        this.budget = budget;
        this.minSamples = minSamples;
        this.warmUp = warmUp;
    }

    private static final class Entry {
        final String name;
        final Call call;
        final Consumer<Measurement> result;
        long[] times = new long[16];
        int samples;
        long spent;

        Entry(String name, Call call, Consumer<Measurement> result) {
            this.name = name;
            this.call = call;
            this.result = result;
        }

        void warmUp(int calls, long nanoseconds) throws Exception {
            long end = System.nanoTime() + nanoseconds;
            for (int i = 0; (i < calls && spent < SLOW) || System.nanoTime() < end; i++) {
                once();
            }
            // Very slow calls count from the first on: warming up changes little there and takes long.
            if (times[0] < SLOW) {
                samples = 0;
                spent = 0;
            }
        }

        void once() throws Exception {
            long start = System.nanoTime();
            call.run();
            long time = System.nanoTime() - start;
            if (samples == times.length) {
                times = Arrays.copyOf(times, samples * 2);
            }
            times[samples++] = time;
            spent += time;
        }
    }

    /** Adds a call, and the receiver of its times in the end; results are handed out in the order of adding. */
    public void add(String name, Call call, Consumer<Measurement> result) {
        entries.add(new Entry(name, call, result));
    }

    /** Runs all calls. */
    public void run(Consumer<String> progress) throws Exception {
        for (Entry entry : entries) {
            progress.accept("warming up " + entry.name);
            entry.warmUp(rounds == 1 ? 1 : MIN_SAMPLES, warmUp);
        }
        for (int round = 0; round < rounds; round++) {
            for (Entry entry : entries) {
                if (entry.spent > budget && entry.samples >= minSamples) {
                    continue;
                }
                progress.accept("round " + (round + 1) + " of " + rounds + ", " + entry.name);
                long before = entry.spent;
                do {
                    entry.once();
                } while (rounds > 1 && entry.spent - before < TURN);
            }
        }
        entries.forEach(entry -> entry.result.accept(Measurement.of(Arrays.copyOf(entry.times, entry.samples))));
    }
}
