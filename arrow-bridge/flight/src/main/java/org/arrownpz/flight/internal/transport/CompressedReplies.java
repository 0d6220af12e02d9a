package org.arrownpz.flight.internal.transport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.arrownpz.ipc.IpcOptions;
import org.jspecify.annotations.Nullable;

/** Compresses what a call of DoGet sends, where its client asks for that. Flight's server has no way to. */
public final class CompressedReplies implements ServerInterceptor {
    private static final Context.Key<AtomicReference<IpcOptions.Compression>> WANTED =
            Context.key("arrownpz.compression");
    private static final String GET = "DoGet";
    /** Longer messages, which only dictionaries are, are sent as they are, as each message may be. */
    private static final int LONGEST = 64 << 20;

    /** Tells the call of this thread, which compresses the buffers of batches that it sends from then on. */
    public static Consumer<IpcOptions.Compression> ofCall() {
        @Nullable AtomicReference<IpcOptions.Compression> wanted = WANTED.get();
        return wanted == null ? compression -> {} : wanted::set;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!GET.equals(call.getMethodDescriptor().getBareMethodName())) {
            return next.startCall(call, headers);
        }
        AtomicReference<IpcOptions.Compression> wanted = new AtomicReference<>(IpcOptions.Compression.NONE);
        Context context = Context.current().withValue(WANTED, wanted);
        return Contexts.interceptCall(
                context,
                new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                    @Override
                    public void sendMessage(A message) {
                        IpcOptions.Compression compression =
                                Objects.requireNonNullElse(wanted.get(), IpcOptions.Compression.NONE);
                        super.sendMessage(
                                compression == IpcOptions.Compression.NONE
                                        ? message
                                        : packed(call, message, compression));
                    }
                },
                headers,
                next);
    }

    /** A message in place of another; {@link GuardedService} takes bytes for any. */
    @SuppressWarnings("unchecked")
    private static <Q, A> A packed(ServerCall<Q, A> call, A message, IpcOptions.Compression compression) {
        try (InputStream bytes = call.getMethodDescriptor().streamResponse(message)) {
            byte[] plain = bytes.readAllBytes();
            return (A) (plain.length > LONGEST ? plain : CompressedBatch.of(plain, compression));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
