package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.put;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.root;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service meets that runs unattended: slow and failing clients, wrong requests, its own end. */
@ExtendWith(LeakCheck.class)
class ServiceTrialTest {
    @TempDir
    Path directory;

    private NpzFlightServer start(BufferAllocator allocator, ServerOptions options) throws Exception {
        return NpzFlightServer.start(allocator, directory, options);
    }

    private static NpzFlightServer start(BufferAllocator allocator, Path directory) throws Exception {
        return NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("localhost", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void letsRunningPutsEndWhenItStops(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, directory);
                FlightClient client = client(server, allocator);
                VectorSchemaRoot root = root(1000, allocator)) {
            FlightClient.ClientStreamListener put =
                    client.startPut(FlightDescriptor.path("late"), root, new AsyncPutListener());
            put.putNext();
            CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> server.shutdown(Duration.ofSeconds(30)));
            Await.until(() -> !listens(server.port()), () -> "the server still listens");
            put.putNext();
            put.completed();
            put.getResult();
            stop.get(20, TimeUnit.SECONDS);
        }
        try (Frame frame = Frames.open(allocator, directory.resolve("late.npz"))) {
            assertThat(frame.rowCount()).isEqualTo(2000);
        }
    }

    @Test
    void endsPutsThatDoNotEndInTime(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, directory);
                FlightClient client = client(server, allocator);
                VectorSchemaRoot root = root(1000, allocator)) {
            FlightClient.ClientStreamListener put =
                    client.startPut(FlightDescriptor.path("late"), root, new AsyncPutListener());
            put.putNext();
            long start = System.nanoTime();
            server.shutdown(Duration.ofMillis(500));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
            fails(FlightStatusCode.CANCELLED, put::getResult);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void servesOthersWhileOneClientReadsNothing(BufferAllocator allocator) throws Exception {
        write(directory.resolve("small.npz"), 5, allocator);
        writeLong(allocator);
        ServerOptions options = ServerOptions.defaults()
                .withLimits(ServerLimits.defaults().withBatchBytes(64 << 10).withCalls(4, 8));
        try (NpzFlightServer server = start(allocator, options);
                FlightClient slow = client(server, allocator);
                FlightClient other = client(server, allocator)) {
            List<FlightStream> streams = new ArrayList<>();
            try {
                // Before the others: a client that learns of the limit late sends what was refused behind what it sent
                // since.
                streams.add(slow.getStream(NpzTicket.of("long").toTicket()));
                streams.get(0).next();
                for (int i = 1; i < 32; i++) {
                    streams.add(slow.getStream(NpzTicket.of("long").toTicket()));
                }
                assertThat(read(other, NpzTicket.of("small").toTicket())[0]).isEqualTo(5);
            } finally {
                for (FlightStream stream : streams) {
                    stream.close();
                }
            }
        }
    }

    private void writeLong(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = LoadCalls.root(allocator, 3_000_000, -1)) {
            Frames.write(root, directory.resolve("long.npz"), WriteOptions.defaults());
        }
    }

    /** Whether a thread sends a stream, or waits for its client. */
    private static boolean isSending() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(Sender.class.getName()));
    }

    @Test
    void givesUpStreamsThatNobodyReadsAndTheirMemory(BufferAllocator allocator) throws Exception {
        writeLong(allocator);
        ServerOptions options = ServerOptions.defaults()
                .withLimits(ServerLimits.defaults().withBatchBytes(64 << 10).withStall(Duration.ofSeconds(1)));
        try (BufferAllocator own = allocator.newChildAllocator("server", 0, Long.MAX_VALUE);
                NpzFlightServer server = NpzFlightServer.start(own, directory, options);
                FlightClient client = client(server, allocator);
                FlightStream stream = client.getStream(NpzTicket.of("long").toTicket())) {
            stream.next();
            Await.until(ServiceTrialTest::isSending, own::toVerboseString);
            Await.until(() -> !isSending(), own::toVerboseString);
            // A batch that is sent and one that waits, whatever the file holds.
            assertThat(own.getPeakMemoryAllocation()).isLessThan(3 * (64 << 10));
            // Reset, or with the reason where that arrives first.
            assertThatThrownBy(() -> {
                        while (stream.next()) {
                            // What had been received.
                        }
                    })
                    .isInstanceOf(FlightRuntimeException.class);
        }
    }

    @Test
    void givesUpPutsThatSendNothing(BufferAllocator allocator) throws Exception {
        ServerOptions options =
                ServerOptions.defaults().withLimits(ServerLimits.defaults().withStall(Duration.ofSeconds(1)));
        try (NpzFlightServer server = start(allocator, options);
                FlightClient client = client(server, allocator);
                VectorSchemaRoot root = root(10, allocator)) {
            FlightClient.ClientStreamListener put =
                    client.startPut(FlightDescriptor.path("half"), root, new AsyncPutListener());
            put.putNext();
            fails(FlightStatusCode.TIMED_OUT, put::getResult);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void keepsAPutWithARowCountOnlyWhenItIsWhole(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, directory);
                FlightClient client = client(server, allocator)) {
            PutCommand command = new PutCommand("a", false).withRows(21);
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> put(client, command.toDescriptor(), 10, allocator));
            assertThat(directory.resolve("a.npz")).doesNotExist();
            put(client, command.withRows(20).toDescriptor(), 10, allocator);
            assertThat(directory.resolve("a.npz")).exists();
        }
    }

    @Test
    void keepsAPutWithAClosingMarkOnlyWhenItComes(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, directory);
                FlightClient client = client(server, allocator)) {
            FlightDescriptor command =
                    new PutCommand("a", false).withClosingMark().toDescriptor();
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> put(client, command, 10, allocator));
            assertThat(directory.resolve("a.npz")).doesNotExist();
            try (VectorSchemaRoot root = root(10, allocator)) {
                FlightClient.ClientStreamListener put = client.startPut(command, root, new AsyncPutListener());
                put.putNext();
                ArrowBuf mark = allocator.buffer(3);
                mark.writeBytes(PutCommand.closingMark());
                put.putMetadata(mark);
                put.completed();
                put.getResult();
            }
            assertThat(directory.resolve("a.npz")).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":1,\"name\":\"a\",\"columns\":\"s\"}",
                "{\"v\":1,\"name\":\"a\",\"columns\":{\"s\":1}}",
                "{\"v\":1,\"name\":\"a\",\"columns\":null}",
                "{\"v\":true,\"name\":\"a\"}",
                "{\"v\":\"1\",\"name\":\"a\"}",
                "{\"v\":1.5,\"name\":\"a\"}",
                "{\"v\":1,\"name\":\"a.npz\"}",
                "{\"v\":1,\"name\":\"a\",\"limit\":null}",
                "{\"v\":true,\"sql\":\"SELECT 1\"}",
            })
    void refusesWhatOnlyLooksLikeATicketOrACommand(String json, BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 3, allocator);
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        ServerOptions options = ServerOptions.defaults();
        try (NpzFlightServer server = start(allocator, json.contains("sql") ? options.withSql(64 << 20) : options);
                FlightClient client = client(server, allocator)) {
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> read(client, new org.apache.arrow.flight.Ticket(bytes)));
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.getInfo(FlightDescriptor.command(bytes)));
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> put(client, FlightDescriptor.command(bytes), 1, allocator));
        }
        assertThat(directory.toFile().list()).containsExactly("a.npz");
    }

    @Test
    void saysThatAMessageIsTooLong(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults().withMaxMessageBytes(1 << 20));
                FlightClient client = client(server, allocator)) {
            fails(
                    FlightStatusCode.RESOURCE_EXHAUSTED,
                    () -> put(client, FlightDescriptor.path("big"), 200_000, allocator));
        }
    }

    @Test
    void saysThatAnArchiveHoldsNoTable(BufferAllocator allocator) throws Exception {
        Npz.save(directory.resolve("arrays.npz"), java.util.Map.of("x", new double[3], "y", new double[5]));
        try (NpzFlightServer server = start(allocator, directory);
                FlightClient client = client(server, allocator)) {
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.getInfo(FlightDescriptor.path("arrays")));
            fails(
                    FlightStatusCode.INVALID_ARGUMENT,
                    () -> read(client, NpzTicket.of("arrays").toTicket()));
        }
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"GetFlightInfo", "DoGet", "DoPut", "DoAction", "ListFlights", "GetSchema"})
    void refusesWhatIsNoProtobufWithoutAWordInTheLog(String method, BufferAllocator allocator) throws Exception {
        List<LogRecord> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                synchronized (records) {
                    records.add(entry);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.grpc");
        logger.addHandler(handler);
        ManagedChannel channel = null;
        try (NpzFlightServer server = start(allocator, directory)) {
            channel = ManagedChannelBuilder.forAddress("localhost", server.port())
                    .usePlaintext()
                    .build();
            MethodDescriptor<byte[], byte[]> call = MethodDescriptor.newBuilder(BYTES, BYTES)
                    .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                    .setFullMethodName("arrow.flight.protocol.FlightService/" + method)
                    .build();
            Status.Code code = Status.Code.OK;
            try {
                ClientCalls.blockingServerStreamingCall(
                                channel, call, CallOptions.DEFAULT, new byte[] {-1, -1, -1, -1, 5})
                        .forEachRemaining(answer -> {});
            } catch (StatusRuntimeException e) {
                code = e.getStatus().getCode();
            }
            assertThat(code).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(records).isEmpty();
        } finally {
            logger.removeHandler(handler);
            if (channel != null) {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void describesColumnsAndRowsOfADescriptor(BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 100, allocator);
        try (NpzFlightServer server = start(allocator, directory);
                FlightClient client = client(server, allocator)) {
            FlightInfo info = client.getInfo(NpzTicket.of("a")
                    .withColumns("name", "twice")
                    .withRows(90, 50)
                    .toDescriptor());
            assertThat(info.getSchema().getFields()).extracting(Field::getName).containsExactly("name", "twice");
            assertThat(info.getRecords()).isEqualTo(10);
            assertThat(read(client, info.getEndpoints().get(0).getTicket())[0]).isEqualTo(10);
            fails(
                    FlightStatusCode.INVALID_ARGUMENT,
                    () -> client.getInfo(NpzTicket.of("a").withColumns("none").toDescriptor()));
            fails(
                    FlightStatusCode.NOT_FOUND,
                    () -> client.getInfo(NpzTicket.of("none").toDescriptor()));
        }
    }
}
