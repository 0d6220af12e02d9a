package org.arrownpz.compare.internal.measure;

import org.arrownpz.compare.report.Measurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times calls in turns: each round runs every call once, so that what else the machine does meets all of them. Short
 * calls are repeated within their turn, unless there is but one round. Slow ones stop early, but not before the third
 * sample.
 */
public final class Rounds {
    /** Warming up a call takes this long for each round after the first, up to a limit; but a few calls at least. */
    private static final long WARM_UP_PER_ROUND = 20_000_000L;

    private static final long LONGEST_WARM_UP = 250_000_000L;
    private static final int WARM_UP_CALLS = 200;
    private static final long TURN = 5_000_000L;
    private static final int LEAST_SAMPLES = 3;
    private static final long SLOW = 1_000_000_000L;

    /** A call to be timed. */
    @FunctionalInterface
    public interface Call {
        void run() throws Exception;
    }

    private final List<Entry> entries = new ArrayList<>();
    private final int rounds;
    private final long budget;

    /**
     * @param rounds turns of each call at most
     * @param budget nanoseconds after which a call has no further turn
     */
    public Rounds(int rounds, long budget) {
        this.rounds = rounds;
        this.budget = budget;
    }

    private static final class Entry {
        final String name;
        final Call call;
        long[] times = new long[16];
        int samples;
        long spent;

        Entry(String name, Call call) {
            this.name = name;
            this.call = call;
        }

        /** Calls as slow as these count from the first on: there is nothing to warm up, and time is short. */
        void forgetWarmUp() {
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

    /** Adds a call; its position is that of its result. */
    public void add(String name, Call call) {
        entries.add(new Entry(name, call));
    }

    /** Runs all calls; gives a measurement of each in the order in which they were added. */
    public List<Measurement> run(Consumer<String> progress) throws Exception {
        for (Entry entry : entries) {
            progress.accept("warming up " + entry.name);
            long end = System.nanoTime() + Math.min(LONGEST_WARM_UP, (rounds - 1) * WARM_UP_PER_ROUND);
            int least = rounds == 1 ? 1 : LEAST_SAMPLES;
            for (int i = 0; i < WARM_UP_CALLS && ((i < least && entry.spent < SLOW) || System.nanoTime() < end); i++) {
                entry.once();
            }
            entry.forgetWarmUp();
        }
        for (int round = 0; round < rounds; round++) {
            for (Entry entry : entries) {
                if (entry.spent > budget && entry.samples >= LEAST_SAMPLES) {
                    continue;
                }
                progress.accept("round " + (round + 1) + " of " + rounds + ", " + entry.name);
                long before = entry.spent;
                do {
                    entry.once();
                } while (rounds > 1 && entry.spent - before < TURN);
            }
        }
        List<Measurement> results = new ArrayList<>();
        for (Entry entry : entries) {
            results.add(Measurement.of(Arrays.copyOf(entry.times, entry.samples)));
        }
        return results;
    }
}
