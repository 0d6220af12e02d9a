package org.arrownpz.flight.internal.watch;

import com.google.protobuf.CodedInputStream;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The call Check of gRPC's health service (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). There is no
 * Watch, which that document leaves to the server: everybody may ask without a token, each would hold a call, and they
 * would keep the server from stopping.
 */
public final class Health {
    private static final String SERVICE = "grpc.health.v1.Health";
    /** The whole server, and the only other service that it has. */
    private static final Set<String> KNOWN = Set.of("", "arrow.flight.protocol.FlightService");

    /** Field 1 of the request, a string. */
    private static final int SERVICE_TAG = 10;

    private static final int MAX_REQUEST_BYTES = 1024;
    /** Field 1 of the answer, an enum. */
    private static final byte STATUS_TAG = 8;

    private static final byte SERVING = 1;
    private static final byte NOT_SERVING = 2;

    private Health() {}

    /** The service; it says that the server serves while {@code ready} does. */
    public static ServerServiceDefinition service(BooleanSupplier ready) {
        MethodDescriptor<String, byte[]> check = MethodDescriptor.<String, byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Check"))
                .setRequestMarshaller(new Request())
                .setResponseMarshaller(new Answer())
                .build();
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(check, ServerCalls.asyncUnaryCall((String service, StreamObserver<byte[]> answer) -> {
                    if (!KNOWN.contains(service)) {
                        answer.onError(Status.NOT_FOUND
                                .withDescription("this server has no such service")
                                .asRuntimeException());
                        return;
                    }
                    answer.onNext(new byte[] {STATUS_TAG, ready.getAsBoolean() ? SERVING : NOT_SERVING});
                    answer.onCompleted();
                }))
                .build();
    }

    /** The name of the service that is asked about. */
    private static final class Request implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            throw new UnsupportedOperationException("a server sends no requests");
        }

        @Override
        public String parse(InputStream stream) {
            try (stream) {
                CodedInputStream input = CodedInputStream.newInstance(stream.readNBytes(MAX_REQUEST_BYTES));
                String service = "";
                for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                    if (tag == SERVICE_TAG) {
                        service = input.readStringRequireUtf8();
                    } else {
                        input.skipField(tag);
                    }
                }
                return service;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Answer implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("a server gets no answers");
        }
    }
}
