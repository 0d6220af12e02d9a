package org.arrownpz.flight.internal.watch;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One call, from its first byte to its end. Safe for use by several threads. */
public final class WatchedCall extends ServerStreamTracer {
    private static final Context.Key<WatchedCall> KEY = Context.key("arrownpz.watched");

    private final Watch watch;
    private final String name;
    private final long start = System.nanoTime();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile UUID id = UUID.randomUUID();
    private volatile String caller = "";
    private volatile String peer;

    WatchedCall(Watch watch, String name, String peer) {
        this.watch = watch;
        this.name = name;
        this.peer = peer;
    }

    /** Gives the call that this thread serves the id of a statement. */
    public static void setCurrentId(UUID statement) {
        WatchedCall call = KEY.get();
        if (call != null) {
            call.id = statement;
        }
    }

    /** Takes the id of the statement that this call runs, which its client may know. */
    public void setId(UUID statement) {
        id = statement;
    }

    /** The id by which answers and logs tell this call from others. */
    public UUID id() {
        return id;
    }

    /** The call that this thread serves, or null. */
    public static @Nullable WatchedCall current() {
        return KEY.get();
    }

    /** The id of the call that this thread serves, or one of none. */
    public static UUID currentId() {
        WatchedCall call = KEY.get();
        return call == null ? UUID.randomUUID() : call.id;
    }

    /** Notes who makes this call. */
    public void callBy(String name) {
        caller = name;
    }

    /** Notes who makes the call that this thread serves. */
    public static void setCaller(String caller) {
        WatchedCall call = KEY.get();
        if (call != null) {
            call.callBy(caller);
        }
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> info) {
        Attributes attributes = info.getAttributes();
        SocketAddress address = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        peer = address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : String.valueOf(address);
    }

    @Override
    public void inboundWireSize(long bytes) {
        received.add(bytes);
    }

    @Override
    public void outboundWireSize(long bytes) {
        sent.add(bytes);
    }

    @Override
    public void streamClosed(Status status) {
        if (ended.compareAndSet(false, true)) {
            watch.end(this, status, System.nanoTime() - start);
        }
    }

    /** The method without its service. */
    String name() {
        return name;
    }

    /** As the token or the certificate says; empty where nobody is asked, or was refused. */
    String caller() {
        return caller;
    }

    /** The address without the port. */
    String peer() {
        return peer;
    }

    long received() {
        return received.sum();
    }

    long sent() {
        return sent.sum();
    }
}
