package org.arrownpz.flight.internal.transport;

import org.apache.arrow.flight.BackpressureStrategy;

/** Waits for the client of a stream, and tells when it goes. */
public final class Pressure extends BackpressureStrategy.CallbackBackpressureStrategy {
    private volatile Runnable action = () -> {};
    private volatile boolean gone;
    private final Runnable reset;

    /** @param reset ends the call at once, whatever waits to be sent */
    public Pressure(Runnable reset) {
        this.reset = reset;
    }

    /** Ends the call at once, with whatever waits to be sent. */
    public void reset() {
        reset.run();
    }

    /** Does this when the client goes, or now where it is gone. */
    public void onCancel(Runnable newAction) {
        action = newAction;
        if (gone) {
            newAction.run();
        }
    }

    @Override
    protected void cancelCallback() {
        gone = true;
        action.run();
    }
}
