package org.arrownpz.flight.internal.put;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.arrownpz.flight.internal.FlightFaults;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a put as the Arrow IPC stream that they are: metadata with their length before them, then the body.
 * Flight's own stream, which sees none of them, takes deltas of dictionaries for whole ones, puts the children of unions
 * in the wrong places, and waits for what a client never sends.
 *
 * <p>Filled by the threads of the call, read and closed by one other.
 */
public final class PutMessages implements ReadableByteChannel {
    /** The application metadata of a message that closes a put. */
    public static final String CLOSING_MARK = "end";

    private static final Context.Key<PutMessages> CALL = Context.key("arrownpz.put");
    private static final String PUT = "DoPut";
    /** Messages that a client may send before the first of them is done with. */
    private static final int AHEAD = 5;

    private static final long PERIOD_MILLIS = 100;
    private static final int CHUNK = 1 << 16;

    private final BlockingQueue<PutMessage> queue = new LinkedBlockingQueue<>();
    private final Runnable more;
    private final byte[] chunk = new byte[CHUNK];
    private BooleanSupplier vain = () -> false;
    private Duration stall = Duration.ofMinutes(1);
    private boolean closed;
    private @Nullable PutMessage current;
    private boolean ended;
    private volatile @Nullable FlightRuntimeException fault;
    private boolean discarding;

    /** @param more asks the client for another message */
    private PutMessages(Runnable more) {
        this.more = more;
    }

    /** Keeps the messages of puts from Flight's own stream. */
    public static ServerInterceptor interceptor() {
        return new Interceptor();
    }

    /** The messages of the call that the thread serves. */
    public static PutMessages ofCall() {
        return CALL.get();
    }

    /**
     * The client's target, once it has said so.
     *
     * @param noMore whether the client sends no more
     * @param patience how long a message is waited for
     */
    public FlightDescriptor descriptor(BooleanSupplier noMore, Duration patience) throws IOException {
        vain = noMore;
        stall = patience;
        current = await();
        FlightDescriptor descriptor = current == null ? null : current.descriptor();
        if (descriptor == null) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "a put begins with its schema and a descriptor");
        }
        return descriptor;
    }

    /** Whether the last message that was read is the mark that closes a put. */
    public boolean isClosed() {
        return closed;
    }

    /** Why a put failed: the call's own reason, where it has one. */
    public Throwable reason(Throwable thrown) {
        FlightRuntimeException own = fault;
        return own == null ? thrown : own;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        while (!ended && target.hasRemaining()) {
            if (current == null) {
                current = await();
                ended = current == null;
                continue;
            }
            int count = current.read(target, chunk);
            if (count > 0) {
                return count;
            }
            current.close();
            current = null;
            more.run();
        }
        return ended ? -1 : 0;
    }

    /** The next message, or null behind the last one. */
    private @Nullable PutMessage await() throws IOException {
        long end = System.nanoTime() + stall.toNanos();
        try {
            while (true) {
                if (System.nanoTime() > end) {
                    fail(CallStatus.TIMED_OUT.withDescription(
                            "nothing came for " + stall.toSeconds() + " seconds; nothing is kept of the put"));
                }
                if (vain.getAsBoolean()) {
                    fail(CallStatus.CANCELLED.withDescription("the call or the server ends"));
                }
                if (fault != null) {
                    throw new IOException("the put failed", fault);
                }
                PutMessage message = queue.poll(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                if (message == PutMessage.END && fault == null) {
                    return null;
                }
                if (message != null && message != PutMessage.END) {
                    closed = message.isClosing();
                    return message;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(CallStatus.CANCELLED.withDescription("the server ends"));
            throw new IOException(e);
        }
    }

    private void fail(CallStatus status) {
        if (fault == null) {
            fault = status.toRuntimeException();
        }
        queue.add(PutMessage.END);
    }

    private synchronized void add(PutMessage message) {
        if (discarding) {
            message.close();
        } else {
            queue.add(message);
        }
    }

    /** Releases what has been read. */
    private synchronized void discard() {
        discarding = true;
        for (PutMessage message = queue.poll(); message != null; message = queue.poll()) {
            message.close();
        }
        queue.add(PutMessage.END);
    }

    @Override
    public boolean isOpen() {
        return !ended;
    }

    /** Gives back all messages. To be called by the thread that reads. */
    @Override
    public void close() {
        ended = true;
        if (current != null) {
            current.close();
            current = null;
        }
        discard();
    }

    /** A call that gRPC ends by itself, as for a message that is too long, and which then says why itself. */
    private static final class Ended<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        /** Cancelled before its listener hears of it, and before gRPC has sent its reason. */
        private final Context context = Context.current();

        private volatile boolean cancelled;

        private Ended(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!cancelled && !isCancelled() && !context.isCancelled()) {
                super.close(status, trailers);
            }
        }
    }

    private static final class Interceptor implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (!PUT.equals(call.getMethodDescriptor().getBareMethodName())) {
                return next.startCall(call, headers);
            }
            PutMessages messages = new PutMessages(() -> call.request(1));
            Context context = Context.current().withValue(CALL, messages);
            Ended<Q, A> ended = new Ended<>(call);
            return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
                    Contexts.interceptCall(context, ended, headers, next)) {
                private boolean begun;

                // Flight asks for the first message only, since it sees none.
                @Override
                public void onMessage(Q message) {
                    try {
                        InputStream bytes = call.getMethodDescriptor().streamRequest(message);
                        messages.add(PutMessage.of((AutoCloseable) message, bytes));
                    } catch (IOException | RuntimeException e) {
                        PutMessage.discard((AutoCloseable) message);
                        messages.fail(CallStatus.INVALID_ARGUMENT.withDescription(
                                "a message is no Arrow message, or the first one is no schema"));
                    }
                    if (!begun) {
                        begun = true;
                        call.request(AHEAD - 1);
                    }
                }

                @Override
                public void onHalfClose() {
                    messages.add(PutMessage.END);
                    super.onHalfClose();
                }

                @Override
                public void onCancel() {
                    ended.cancelled = true;
                    messages.fail(CallStatus.CANCELLED.withDescription("the client is gone"));
                    messages.discard();
                    super.onCancel();
                }

                @Override
                public void onComplete() {
                    messages.discard();
                    super.onComplete();
                }
            };
        }
    }
}
