package org.arrownpz.roundtrip;

/** One seeded trial; a failure names the seed that repeats it. */
interface Trial {
    void run() throws Exception;

    static void of(long seed, String what, Trial trial) {
        try {
            trial.run();
        } catch (Throwable failure) {
            throw new AssertionError("seed " + seed + ": " + what, failure);
        }
    }
}
