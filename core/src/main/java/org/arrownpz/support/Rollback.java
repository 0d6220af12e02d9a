package org.arrownpz.support;

import org.jspecify.annotations.Nullable;

/**
 * Releases what a block has made where the block fails: the resource of a {@code try} that undoes unless
 * {@link #commit()} was called. For one thread.
 */
public final class Rollback implements AutoCloseable {
    private final AutoCloseable undo;
    private boolean committed;

    private Rollback(AutoCloseable undo) {
        this.undo = undo;
    }

    /** Closes this, or runs it, where the block does not commit. */
    public static Rollback of(AutoCloseable undo) {
        return new Rollback(undo);
    }

    /** Closes all that the lists hold by then where the block does not commit. */
    @SafeVarargs
    public static Rollback all(Iterable<? extends AutoCloseable>... owned) {
        return new Rollback(() -> {
            for (Iterable<? extends AutoCloseable> list : owned) {
                for (AutoCloseable each : list) {
                    each.close();
                }
            }
        });
    }

    /** Keeps what the block has made. */
    public void commit() {
        committed = true;
    }

    /** {@link #commit()}, and the result of the block. */
    public <T extends @Nullable Object> T commit(T result) {
        committed = true;
        return result;
    }

    @Override
    public void close() {
        if (committed) {
            return;
        }
        try {
            undo.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
