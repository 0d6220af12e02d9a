package org.arrownpz.flight.internal.transport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.arrownpz.ipc.IpcOptions;
import org.jspecify.annotations.Nullable;

/** Sends what Flight's server has no way to: buffers that are compressed on their way, and messages that are ready. */
public final class Replies implements ServerInterceptor {
    private static final Context.Key<Reply<?, ?>> CALL = Context.key("arrownpz.reply");
    /** Longer messages, which only dictionaries are, are sent as they are, as each message may be. */
    private static final int LONGEST = 64 << 20;

    /** Tells the call of this thread, which compresses the buffers of batches that it sends from then on. */
    public static Consumer<IpcOptions.Compression> compression() {
        @Nullable Reply<?, ?> reply = CALL.get();
        return reply == null ? wanted -> {} : wanted -> reply.compression = wanted;
    }

    /** Sends messages of the protocol as replies of the call of this thread; nothing where it serves none. */
    public static Consumer<Object> sender() {
        @Nullable Reply<?, ?> reply = CALL.get();
        if (reply == null) {
            return message -> {};
        }
        reply.sendHeaders(new Metadata());
        return reply::send;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Reply<Q, A> reply = new Reply<>(call);
        return Contexts.interceptCall(Context.current().withValue(CALL, reply), reply, headers, next);
    }

    private static final class Reply<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private volatile IpcOptions.Compression compression = IpcOptions.Compression.NONE;

        private Reply(ServerCall<Q, A> call) {
            super(call);
        }

        @SuppressWarnings("unchecked")
        private void send(Object message) {
            sendMessage((A) message);
        }

        @Override
        public void sendMessage(A message) {
            super.sendMessage(compression == IpcOptions.Compression.NONE ? message : packed(message));
        }

        /** A message in place of another; {@link GuardedService} takes bytes for any. */
        @SuppressWarnings("unchecked")
        private A packed(A message) {
            try (InputStream bytes = getMethodDescriptor().streamResponse(message)) {
                byte[] plain = bytes.readAllBytes();
                return (A) (plain.length > LONGEST ? plain : CompressedBatch.of(plain, compression));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
