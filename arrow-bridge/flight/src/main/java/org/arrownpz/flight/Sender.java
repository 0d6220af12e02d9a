package org.arrownpz.flight;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.transport.Pressure;

/** Sends batches to clients, and waits for those that read slowly, though not for ever. */
final class Sender {
    private static final long WAIT_MILLIS = 1000;
    private static final Duration STALL_WHEN_FULL = Duration.ofSeconds(5);

    private final ServerLimits limits;
    private final ThreadPoolExecutor streams;
    private final BooleanSupplier closing;

    /**
     * @param streams where all streams run
     * @param closing whether the server shuts down
     */
    Sender(ServerLimits limits, ThreadPoolExecutor streams, BooleanSupplier closing) {
        this.limits = limits;
        this.streams = streams;
        this.closing = closing;
    }

    /**
     * Sends all batches, each once the client takes it, and says that they are all.
     *
     * @throws org.apache.arrow.flight.FlightRuntimeException TIMED_OUT when the client takes nothing for too long,
     *     UNAVAILABLE when the server shuts down
     */
    void send(Batches batches, ServerStreamListener listener, Pressure pressure) throws IOException {
        listener.setUseZeroCopy(true);
        listener.start(batches.root(), batches.dictionaries());
        while (ready(listener, pressure) && batches.next()) {
            listener.putNext();
        }
        if (closing.getAsBoolean()) {
            throw FlightFaults.of(CallStatus.UNAVAILABLE, "the server shuts down");
        }
        listener.completed();
    }

    private boolean ready(ServerStreamListener listener, Pressure pressure) {
        long start = System.nanoTime();
        while (!closing.getAsBoolean() && !listener.isCancelled()) {
            switch (pressure.waitForListener(WAIT_MILLIS)) {
                case READY -> {
                    return true;
                }
                case TIMEOUT -> {
                    Duration stall = stall();
                    if (System.nanoTime() - start > stall.toNanos()) {
                        pressure.reset();
                        throw FlightFaults.of(
                                CallStatus.TIMED_OUT, "the client read nothing for " + stall.toSeconds() + " seconds");
                    }
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /** The time for which a client is waited for; not long where others find no place. */
    Duration stall() {
        Duration stall = limits.stall();
        boolean full = streams.getActiveCount() >= limits.streams();
        return full && stall.compareTo(STALL_WHEN_FULL) > 0 ? STALL_WHEN_FULL : stall;
    }
}
