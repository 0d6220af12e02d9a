package org.arrownpz.flight.internal.watch;

import com.google.protobuf.CodedInputStream;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * gRPC's health service (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). Everybody may ask without a
 * token, so that only some may watch at a time, and watching ends when the server begins to stop.
 */
public final class Health implements AutoCloseable {
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
    private static final byte SERVICE_UNKNOWN = 3;

    private static final int MOST_WATCHES = 64;
    private static final long POLL_MILLIS = 1000;

    private final BooleanSupplier ready;
    private final Set<Watching> watches = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arrow-npz-health");
        thread.setDaemon(true);
        return thread;
    });
    private final Future<?> polling;
    private volatile boolean closed;

    /** Says that the server serves while {@code ready} does. */
    public Health(BooleanSupplier ready) {
        this.ready = ready;
        polling = clock.scheduleWithFixedDelay(this::tell, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Tells those who watch what has changed. */
    private void tell() {
        if (!watches.isEmpty()) {
            byte now = now();
            watches.forEach(watch -> watch.tell(now));
        }
    }

    private byte now() {
        return !closed && ready.getAsBoolean() ? SERVING : NOT_SERVING;
    }

    /** Ends all watching: the server stops. */
    @Override
    public void close() {
        closed = true;
        polling.cancel(false);
        clock.shutdown();
        watches.forEach(Watching::end);
    }

    /** One who watches. */
    private final class Watching {
        private final ServerCallStreamObserver<byte[]> answers;
        private final boolean known;
        private byte told;
        private boolean ended;

        private Watching(ServerCallStreamObserver<byte[]> answers, boolean known) {
            this.answers = answers;
            this.known = known;
        }

        private synchronized void tell(byte now) {
            byte status = known ? now : SERVICE_UNKNOWN;
            // Who reads nothing gets the state of the time when it reads again.
            if (!ended && status != told && answers.isReady()) {
                told = status;
                answers.onNext(new byte[] {STATUS_TAG, status});
            }
        }

        private synchronized void end() {
            tell(NOT_SERVING);
            if (leave()) {
                answers.onCompleted();
            }
        }

        /** Whether it has not left before. */
        private synchronized boolean leave() {
            boolean first = !ended;
            ended = true;
            if (first) {
                watches.remove(this);
                count.decrementAndGet();
            }
            return first;
        }
    }

    private void watch(String service, StreamObserver<byte[]> answers) {
        if (count.incrementAndGet() > MOST_WATCHES || closed) {
            count.decrementAndGet();
            answers.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("more than " + MOST_WATCHES + " watch already, or the server stops")
                    .asRuntimeException());
            return;
        }
        ServerCallStreamObserver<byte[]> observer = (ServerCallStreamObserver<byte[]>) answers;
        Watching watching = new Watching(observer, KNOWN.contains(service));
        observer.setOnCancelHandler(watching::leave);
        watches.add(watching);
        watching.tell(now());
        if (closed) {
            watching.end();
        }
    }

    /** The service. */
    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(
                        method(MethodDescriptor.MethodType.UNARY, "Check"),
                        ServerCalls.asyncUnaryCall((String service, StreamObserver<byte[]> answer) -> {
                            if (!KNOWN.contains(service)) {
                                answer.onError(Status.NOT_FOUND
                                        .withDescription("this server has no such service")
                                        .asRuntimeException());
                                return;
                            }
                            answer.onNext(new byte[] {STATUS_TAG, now()});
                            answer.onCompleted();
                        }))
                .addMethod(
                        method(MethodDescriptor.MethodType.SERVER_STREAMING, "Watch"),
                        ServerCalls.asyncServerStreamingCall(this::watch))
                .build();
    }

    private static MethodDescriptor<String, byte[]> method(MethodDescriptor.MethodType type, String name) {
        return MethodDescriptor.<String, byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Request())
                .setResponseMarshaller(new Answer())
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
