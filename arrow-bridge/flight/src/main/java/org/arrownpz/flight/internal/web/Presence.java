package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Looks whether a client is still there that waits for its answer. Jetty reads nothing meanwhile, and would not see it go:
 * what comes is read here, of a connection that is not used again. Safe for use by several threads.
 */
final class Presence implements AutoCloseable {
    private static final long PERIOD_MILLIS = 250;

    private final Scheduler scheduler;
    private final SocketChannel channel;
    private Runnable gone = () -> {};
    private boolean left;
    private Scheduler.Task next;

    /** Of a request whose body was read to its end. */
    Presence(Exchange exchange) {
        Request request = exchange.request();
        exchange.response().getHeaders().put(HttpHeader.CONNECTION, "close");
        this.scheduler = request.getComponents().getScheduler();
        Object transport = request.getConnectionMetaData().getConnection().getEndPoint();
        while (transport instanceof EndPoint outer) {
            transport = outer.getTransport();
        }
        this.channel = (SocketChannel) transport;
        this.next = scheduler.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        try {
            left = channel.read(ByteBuffer.allocate(1 << 10)) < 0;
        } catch (IOException e) {
            left = true;
        }
        if (left) {
            gone.run();
        } else {
            next = scheduler.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    synchronized boolean isGone() {
        return left;
    }

    /** Does this when the client goes. */
    synchronized void onGone(Runnable action) {
        gone = action;
        if (left) {
            action.run();
        }
    }

    @Override
    public synchronized void close() {
        gone = () -> {};
        left = true;
        next.cancel();
    }
}
