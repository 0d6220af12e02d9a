package org.arrownpz.cli.console;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/** The user's wish that a command that runs for ever ends: Ctrl+C or SIGTERM. A second one ends it the hard way. */
public final class StopSignal {
    private static final String[] NAMES = {"INT", "TERM"};

    private final CountDownLatch told = new CountDownLatch(1);

    private StopSignal() {}

    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        for (String name : NAMES) {
            try {
                Signal.handle(new Signal(name), stop::tell);
            } catch (IllegalArgumentException e) {
                // The JVM runs with -Xrs, or the platform has no such signal: it ends as it always does.
            }
        }
        return stop;
    }

    private void tell(Signal signal) {
        if (told.getCount() == 0) {
            Runtime.getRuntime().halt(128 + signal.getNumber());
        }
        told.countDown();
    }

    public void await() throws InterruptedException {
        told.await();
    }
}
