package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.util.AutoCloseables;

/**
 * One hold on what a frame owns. It is freed when all holds are closed, by the thread that closes the last, so that a
 * method which takes a hold of its own is safe from a close by another thread. Safe for several threads.
 */
public final class Lifetime implements AutoCloseable {
    private final Owned owned;
    private boolean closed;

    /** The owned resource, and the number of those who hold it. */
    private static final class Owned {
        private final Iterable<? extends AutoCloseable> parts;
        private final List<AutoCloseable> first = new ArrayList<>();
        private final List<AutoCloseable> last = new ArrayList<>();
        private int holds;

        Owned(Iterable<? extends AutoCloseable> parts) {
            this.parts = parts;
        }

        synchronized void hold() {
            holds++;
        }

        synchronized boolean release() {
            return --holds == 0;
        }
    }

    /** The first hold on things that are closed, in their order, with the last hold. */
    public Lifetime(Iterable<? extends AutoCloseable> parts) {
        this(new Owned(parts));
    }

    private Lifetime(Owned owned) {
        this.owned = owned;
        owned.hold();
    }

    /**
     * Another hold on the same.
     *
     * @throws IllegalStateException when this one is closed
     */
    public synchronized Lifetime share() {
        requireOpen();
        return new Lifetime(owned);
    }

    /**
     * Fails after {@link #close}.
     *
     * @throws IllegalStateException when this hold is closed
     */
    public synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The frame is closed");
        }
    }

    /** Adds something to what is owned: it is closed before all else. */
    public synchronized void own(AutoCloseable part) {
        requireOpen();
        synchronized (owned) {
            owned.first.add(part);
        }
    }

    /** Adds something to what is owned: it is closed after all else. */
    public synchronized void ownLast(AutoCloseable part) {
        requireOpen();
        synchronized (owned) {
            owned.last.add(part);
        }
    }

    /** Gives up this hold. May be called more than once. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        // Outside of the lock: what is closed may be much, and nothing can take a hold any more.
        if (owned.release()) {
            AutoCloseables.closeNoChecked(() -> AutoCloseables.close(owned.first, owned.parts, owned.last));
        }
    }
}
