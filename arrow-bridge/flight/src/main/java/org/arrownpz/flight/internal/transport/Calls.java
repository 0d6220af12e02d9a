package org.arrownpz.flight.internal.transport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.TimeoutException;
import org.arrownpz.flight.internal.watch.ServerLog;
import org.arrownpz.flight.internal.watch.WatchedCall;
import org.jspecify.annotations.Nullable;

/**
 * Knows the call that a thread of gRPC serves, and can end it at once.
 *
 * @param readyBytes how many bytes may wait for a client before it counts as slow
 */
public record Calls(int readyBytes) implements ServerInterceptor {
    private static final Context.Key<Context.CancellableContext> CALL = Context.key("arrownpz.call");
    private static final Metadata.Key<String> ID = Metadata.Key.of("query-id", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        call.setOnReadyThreshold(readyBytes);
        WatchedCall watched = WatchedCall.current();
        ServerCall<Q, A> known = watched == null ? call : new KnownCall<>(call, watched);
        if (Context.current() instanceof Context.CancellableContext root) {
            return Contexts.interceptCall(root.withValue(CALL, root), known, headers, next);
        }
        return next.startCall(known, headers);
    }

    /** Tells its client its id, and in words where the server's log has more to tell of it. */
    private static final class KnownCall<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        private final WatchedCall watched;

        private KnownCall(ServerCall<Q, A> call, WatchedCall watched) {
            super(call);
            this.watched = watched;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            headers.put(ID, watched.id().toString());
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            trailers.put(ID, watched.id().toString());
            super.close(
                    ServerLog.tells(status)
                            ? status.withDescription(status.getDescription() + " (call " + watched.id() + ")")
                            : status,
                    trailers);
        }
    }

    /**
     * Ends the call that this thread serves, whatever waits to be sent to its client, whose memory is released. gRPC
     * resets a call whose time is over; in every other way it keeps what waits until the client reads it.
     */
    public static Runnable reset() {
        Context.@Nullable CancellableContext root = CALL.get();
        return root == null ? () -> {} : () -> root.cancel(new TimeoutException("the client does not read"));
    }

    /** Does this when the call that this thread serves is cancelled; what is returned ends that. */
    public static Runnable onCancel(Runnable action) {
        Context call = Context.current();
        Context.CancellationListener listener = cancelled -> action.run();
        call.addListener(listener, Runnable::run);
        return () -> call.removeListener(listener);
    }
}
