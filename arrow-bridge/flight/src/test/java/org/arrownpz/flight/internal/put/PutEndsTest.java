package org.arrownpz.flight.internal.put;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who says why a put ended: gRPC, where it ended the call, as for a message that is too long. */
class PutEndsTest {
    private final Call call = new Call();

    /** The call as the service sees it. */
    private ServerCall<byte[], byte[]> served() {
        AtomicReference<ServerCall<byte[], byte[]>> served = new AtomicReference<>();
        PutMessages.interceptor().interceptCall(call, new Metadata(), (given, headers) -> {
            served.set(given);
            return new ServerCall.Listener<>() {};
        });
        return served.get();
    }

    @Test
    void isSaidByTheServiceWhileTheCallGoesOn() {
        served().close(Status.CANCELLED, new Metadata());
        assertThat(call.ends).containsExactly(Status.CANCELLED);
    }

    @Test
    void isLeftToGrpcOnceTheCallIsCancelled() {
        ServerCall<byte[], byte[]> served = served();
        call.cancelled = true;
        served.close(Status.CANCELLED, new Metadata());
        assertThat(call.ends).isEmpty();
    }

    @Test
    void isLeftToGrpcOnceItsContextIsCancelled() throws Exception {
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            ServerCall<byte[], byte[]> served = context.call(this::served);
            context.cancel(null);
            served.close(Status.CANCELLED, new Metadata());
        }
        assertThat(call.ends).isEmpty();
    }

    private static final class Call extends ServerCall<byte[], byte[]> {
        private final List<Status> ends = new ArrayList<>();
        private boolean cancelled;

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(byte[] message) {}

        @Override
        public void close(Status status, Metadata trailers) {
            ends.add(status);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public MethodDescriptor<byte[], byte[]> getMethodDescriptor() {
            return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName("arrow.flight.protocol.FlightService/DoPut")
                    .build();
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    }
}
