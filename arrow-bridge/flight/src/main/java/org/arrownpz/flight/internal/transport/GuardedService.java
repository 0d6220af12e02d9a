package org.arrownpz.flight.internal.transport;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.arrownpz.support.Faults;

/**
 * A service in which a request that cannot be read ends its call with INVALID_ARGUMENT. gRPC would take it for a failure
 * of the server, and log it with a stack trace.
 */
public final class GuardedService {
    /** Stands for what cannot be read. */
    private static final AutoCloseable UNREADABLE = () -> {};

    private GuardedService() {}

    /** The same service, guarded. */
    public static ServerServiceDefinition of(ServerServiceDefinition service) {
        ServerServiceDefinition.Builder guarded =
                ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
        service.getMethods().forEach(method -> guarded.addMethod(guarded(method)));
        return guarded.build();
    }

    private static <Q, A> ServerMethodDefinition<Object, Object> guarded(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        return ServerMethodDefinition.create(
                descriptor.toBuilder(
                                new Requests<>(descriptor.getRequestMarshaller()),
                                new Replies<>(descriptor.getResponseMarshaller()))
                        .build(),
                new Handler<>(method.getServerCallHandler()));
    }

    private record Requests<Q>(MethodDescriptor.Marshaller<Q> marshaller)
            implements MethodDescriptor.Marshaller<Object> {
        @Override
        @SuppressWarnings("unchecked")
        public InputStream stream(Object value) {
            if (value == UNREADABLE) {
                throw new IllegalArgumentException("the message could not be read");
            }
            return marshaller.stream((Q) value);
        }

        @Override
        public Object parse(InputStream stream) {
            try {
                return marshaller.parse(stream);
            } catch (RuntimeException e) {
                Faults.closeQuietly(stream);
                return UNREADABLE;
            }
        }
    }

    /** Replies of the service, or the bytes of one. */
    private record Replies<A>(MethodDescriptor.Marshaller<A> marshaller)
            implements MethodDescriptor.Marshaller<Object> {
        @Override
        @SuppressWarnings("unchecked")
        public InputStream stream(Object value) {
            return value instanceof byte[] bytes ? new ByteArrayInputStream(bytes) : marshaller.stream((A) value);
        }

        @Override
        public Object parse(InputStream stream) {
            throw new UnsupportedOperationException("a server gets no replies");
        }
    }

    private record Handler<Q, A>(ServerCallHandler<Q, A> handler) implements ServerCallHandler<Object, Object> {
        @Override
        @SuppressWarnings("unchecked")
        public ServerCall.Listener<Object> startCall(ServerCall<Object, Object> call, Metadata headers) {
            ServerCall.Listener<Q> listener = handler.startCall((ServerCall<Q, A>) (ServerCall<?, ?>) call, headers);
            return new SimpleForwardingServerCallListener<>(
                    (ServerCall.Listener<Object>) (ServerCall.Listener<?>) listener) {
                private boolean ended;

                @Override
                public void onMessage(Object message) {
                    if (message == UNREADABLE && !ended) {
                        ended = true;
                        call.close(
                                Status.INVALID_ARGUMENT.withDescription("the message is no protobuf of this call"),
                                new Metadata());
                    } else if (!ended) {
                        super.onMessage(message);
                    }
                }

                @Override
                public void onHalfClose() {
                    if (!ended) {
                        super.onHalfClose();
                    }
                }
            };
        }
    }
}
