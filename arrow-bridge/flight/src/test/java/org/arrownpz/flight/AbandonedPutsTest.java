package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.flight.internal.put.PutMessages;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Puts whose client goes before it has said what it puts. */
@ExtendWith(LeakCheck.class)
class AbandonedPutsTest {
    @TempDir
    Path directory;

    private static long waiting() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> java.util.Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().startsWith(PutMessages.class.getName())
                                && frame.getMethodName().equals("await")))
                .count();
    }

    private static void until(Callable<Boolean> condition, String what) {
        Await.until(condition, () -> what);
    }

    /** A put of which nothing is sent. */
    private static StreamObserver<Flight.FlightData> begin(ManagedChannel channel, CountDownLatch ended) {
        return FlightServiceGrpc.newStub(channel).doPut(new StreamObserver<>() {
            @Override
            public void onNext(Flight.PutResult result) {}

            @Override
            public void onError(Throwable e) {
                ended.countDown();
            }

            @Override
            public void onCompleted() {
                ended.countDown();
            }
        });
    }

    @Test
    void doNotKeepThreadsWaiting(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults())) {
            ManagedChannel channel = ManagedChannelBuilder.forAddress("localhost", server.port())
                    .usePlaintext()
                    .build();
            try {
                StreamObserver<Flight.FlightData> put = begin(channel, new CountDownLatch(1));
                until(() -> waiting() == 1, "the put arrives");
                put.onError(new IllegalStateException("given up"));
                until(() -> waiting() == 0, "the server's thread is free again");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void leaveNothingOfWhatWasSent(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults())) {
            ManagedChannel channel = ManagedChannelBuilder.forAddress("localhost", server.port())
                    .usePlaintext()
                    .build();
            try {
                StreamObserver<Flight.FlightData> put = begin(channel, new CountDownLatch(1));
                PutDictionariesTest.send(PutDictionariesTest.resource("nested_enum.arrows"), true, "half", put);
                until(() -> waiting() == 1, "the server wants more");
                put.onError(new IllegalStateException("given up"));
                until(() -> waiting() == 0, "the server's thread is free again");
            } finally {
                channel.shutdownNow();
            }
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void doNotHoldUpTheServersEnd(BufferAllocator allocator) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
        ManagedChannel channel = ManagedChannelBuilder.forAddress("localhost", server.port())
                .usePlaintext()
                .build();
        try {
            begin(channel, ended);
            until(() -> waiting() == 1, "the put arrives");
            server.close();
            until(() -> waiting() == 0, "the server's thread is free again");
            until(() -> ended.getCount() == 0, "the client hears of it");
        } finally {
            server.close();
            channel.shutdownNow();
        }
    }
}
