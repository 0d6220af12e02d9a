package org.arrownpz.crash;

/** What the kills of one writer in the course of a write left behind. */
final class Tally {
    private final String target;
    private int old;
    private int replaced;
    private int aside;
    private int leftovers;
    private int idle;

    Tally(String target) {
        this.target = target;
    }

    /** What lies at the target: what lay there before the write, what was written, or neither, both lying beside it. */
    enum Found {
        OLD,
        NEW,
        ASIDE
    }

    synchronized void add(Found found, boolean leftover) {
        switch (found) {
            case OLD -> old++;
            case NEW -> replaced++;
            case ASIDE -> aside++;
        }
        leftovers += leftover ? 1 : 0;
    }

    /** A kill between two writes, which does not count. */
    synchronized void addIdle() {
        idle++;
    }

    synchronized int kills() {
        return old + replaced + aside;
    }

    @Override
    public synchronized String toString() {
        return target + ": " + kills() + " kills, " + old + " old, " + replaced + " new, " + aside
                + " both beside the target, " + leftovers + " with leftovers; " + idle + " between writes";
    }
}
