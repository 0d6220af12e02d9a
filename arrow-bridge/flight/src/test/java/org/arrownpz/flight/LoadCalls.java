package org.arrownpz.flight;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.testing.Await;

/** The calls of one client under load. They fail with a FlightRuntimeException, or an AssertionError for wrong data. */
final class LoadCalls {
    static final String TOKEN = "a token of the test";
    static final String BASE = "base";
    static final String SHARED = "shared";
    static final int BASE_ROWS = 40_000;
    static final int ROWS = 3_000;
    /** Twice as much as the server takes in one message. */
    private static final int TOO_MANY_ROWS = FlightServerRun.MESSAGE_BYTES / 4;

    private static final long CALL_MINUTES = 5;

    private static final CallOption AUTHORISED = new CredentialCallOption(new BearerCredentialWriter(TOKEN));

    private final BufferAllocator allocator;

    LoadCalls(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Rows that all hold the value, or their own number if it is negative. */
    static VectorSchemaRoot root(BufferAllocator allocator, int rows, long value) {
        BigIntVector key = new BigIntVector("key", allocator);
        key.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            key.set(i, value < 0 ? i : value);
        }
        key.setValueCount(rows);
        return VectorSchemaRoot.of(key);
    }

    static CallOption timeout() {
        return CallOptions.timeout(CALL_MINUTES, TimeUnit.MINUTES);
    }

    static CallOption[] options() {
        return new CallOption[] {timeout(), AUTHORISED};
    }

    void get(FlightClient client, String name, int pauseMillis) throws Exception {
        read(client, NpzTicket.of(name).toTicket(), pauseMillis, options());
    }

    /** Reads a file of which all rows hold the same value, or the row's number. */
    static void read(FlightClient client, Ticket ticket, int pauseMillis, CallOption... options) throws Exception {
        boolean base = new String(ticket.getBytes(), StandardCharsets.UTF_8).contains("\"" + BASE + "\"");
        try (FlightStream stream = client.getStream(ticket, options)) {
            int rows = 0;
            long value = -1;
            while (stream.next()) {
                VectorSchemaRoot root = stream.getRoot();
                BigIntVector key = (BigIntVector) root.getVector("key");
                for (int i = 0; i < root.getRowCount(); i++, rows++) {
                    value = rows == 0 ? key.get(i) : value;
                    if (key.get(i) != (base ? rows : value)) {
                        throw new AssertionError("row " + rows + " holds " + key.get(i));
                    }
                }
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
            if (rows != (base ? BASE_ROWS : ROWS)) {
                throw new AssertionError(rows + " rows");
            }
        }
    }

    void cancel(FlightClient client) throws Exception {
        try (FlightStream stream = client.getStream(NpzTicket.of(BASE).toTicket(), options())) {
            stream.next();
            stream.cancel("enough", null);
            try {
                while (stream.next()) {
                    // What had been sent.
                }
            } catch (FlightRuntimeException e) {
                if (e.status().code() != FlightStatusCode.CANCELLED) {
                    throw e;
                }
            }
        }
    }

    /** Asks for the rows of a file and the least and the greatest of its values, by Flight SQL. */
    void query(FlightClient client, String table) throws Exception {
        boolean base = table.equals(BASE);
        String sql = "SELECT count(*), min(key), max(key) FROM " + table;
        FlightInfo info = new FlightSqlClient(client).execute(sql, options());
        try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket(), options())) {
            long rows = 0;
            while (stream.next()) {
                VectorSchemaRoot root = stream.getRoot();
                rows += root.getRowCount();
                long[] values = new long[3];
                for (int i = 0; i < values.length; i++) {
                    values[i] = ((BigIntVector) root.getVector(i)).get(0);
                }
                boolean right = base
                        ? values[0] == BASE_ROWS && values[1] == 0 && values[2] == BASE_ROWS - 1
                        : values[0] == ROWS && values[1] == values[2];
                if (!right) {
                    throw new AssertionError(table + " is " + Arrays.toString(values));
                }
            }
            if (rows != 1) {
                throw new AssertionError(rows + " rows");
            }
        }
    }

    /** Asks for more rows than the server gives. */
    static void queryTooMuch(FlightClient client) throws Exception {
        FlightInfo info = new FlightSqlClient(client)
                .execute("SELECT * FROM range(" + 100 * FlightServerRun.QUERY_ROWS + ")", options());
        try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket(), options())) {
            long rows = 0;
            while (stream.next()) {
                rows += stream.getRoot().getRowCount();
            }
            throw new AssertionError(rows + " rows");
        }
    }

    /** Begins to get a file, and is gone with its connection, as a client is that was killed. */
    static void vanish(int port) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + TOKEN);
        ManagedChannel channel = ManagedChannelBuilder.forAddress("localhost", port)
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
        try {
            ClientCalls.blockingServerStreamingCall(
                            channel,
                            RawBytes.DO_GET,
                            io.grpc.CallOptions.DEFAULT,
                            message(NpzTicket.of(BASE).toTicket()))
                    .next();
        } catch (StatusRuntimeException e) {
            throw CallStatus.UNAVAILABLE.withCause(e).toRuntimeException();
        } finally {
            channel.shutdownNow();
        }
    }

    /** Field 1 of a ticket, of less than 16,384 bytes. */
    private static byte[] message(Ticket ticket) {
        byte[] json = ticket.getBytes();
        return ByteBuffer.allocate(3 + json.length)
                .put((byte) 10)
                .put((byte) (json.length & 0x7f | 0x80))
                .put((byte) (json.length >> 7))
                .put(json)
                .array();
    }

    /** How long the messages are that a ticket brings. */
    static long bytesOf(ManagedChannel channel, Ticket ticket) {
        long[] sum = {0};
        ClientCalls.blockingServerStreamingCall(channel, RawBytes.DO_GET, io.grpc.CallOptions.DEFAULT, message(ticket))
                .forEachRemaining(bytes -> sum[0] += bytes.length);
        return sum[0];
    }

    /** Messages as they are. */
    private static final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {
        private static final MethodDescriptor<byte[], byte[]> DO_GET = MethodDescriptor.newBuilder(
                        new RawBytes(), new RawBytes())
                .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                .setFullMethodName("arrow.flight.protocol.FlightService/DoGet")
                .build();

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try (stream) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    void put(FlightClient client, FlightDescriptor descriptor, int rows, long value, CallOption... options) {
        try (VectorSchemaRoot root = root(allocator, rows, value)) {
            FlightClient.ClientStreamListener stream = client.startPut(
                    descriptor, root, new AsyncPutListener(), options.length == 0 ? options() : options);
            stream.putNext();
            stream.completed();
            stream.getResult();
        }
    }

    /** A put of more than the server takes in one message; it may end the connection. */
    void putTooMuch(FlightClient client, String name) throws Exception {
        try (VectorSchemaRoot root = root(allocator, TOO_MANY_ROWS, 1)) {
            AsyncPutListener listener = new AsyncPutListener();
            FlightClient.ClientStreamListener stream =
                    client.startPut(FlightDescriptor.path(name), root, listener, options());
            stream.putNext();
            stream.completed();
            // Flight's client now and then misses that the connection has ended.
            if (!Await.holds(Duration.ofSeconds(10), listener::isCancelled)) {
                stream.error(new IOException("no answer"));
                throw CallStatus.TIMED_OUT.toRuntimeException();
            }
            stream.getResult();
        }
    }

    /** Begins a put and gives it up. */
    void abort(FlightClient client, String name) {
        try (VectorSchemaRoot root = root(allocator, ROWS, 1)) {
            FlightClient.ClientStreamListener stream =
                    client.startPut(FlightDescriptor.path(name), root, new AsyncPutListener(), options());
            stream.putNext();
            stream.error(new IOException("given up"));
            stream.getResult();
        }
    }
}
