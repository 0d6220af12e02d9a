package org.arrownpz.flight.internal.transport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Knows the call that a thread of gRPC serves, and can end it at once.
 *
 * @param readyBytes how many bytes may wait for a client before it counts as slow
 */
public record Calls(int readyBytes) implements ServerInterceptor {
    private static final Context.Key<Context.CancellableContext> CALL = Context.key("arrownpz.call");

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        call.setOnReadyThreshold(readyBytes);
        if (Context.current() instanceof Context.CancellableContext root) {
            return Contexts.interceptCall(root.withValue(CALL, root), call, headers, next);
        }
        return next.startCall(call, headers);
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
