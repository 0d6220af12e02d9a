package org.arrownpz.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.FlightServerMiddleware;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Seals;
import org.arrownpz.flight.internal.access.Shares;
import org.arrownpz.flight.internal.put.PutLease;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.flight.internal.sql.SqlTickets;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;

/**
 * What a client may send, given to what reads it, without a network between. Statements are taken apart and not run. Each
 * is answered, or refused with a status that says what is wrong with it: the server is never at fault.
 */
public final class ClientInput {
    /** What there is to send. */
    public enum Kind {
        TICKET,
        COMMAND,
        PUT,
        PATH,
        /** What a ticket holds that the server signed. */
        SIGNED_TICKET,
        /** What the handle of a prepared statement holds that the server signed. */
        SIGNED_HANDLE,
        ACTION,
        PARAMETERS,
        CRITERIA
    }

    private static final List<String> ACTIONS = List.of(
            "CreatePreparedStatement",
            "ClosePreparedStatement",
            "CancelQuery",
            "CancelFlightInfo",
            "BeginTransaction",
            "none");
    private static final int ROWS = 5;
    /** Of a schema, as long as names may be: patterns must not take ever longer with it. */
    private static final String LONG_NAME = "a".repeat(190);

    private final BufferAllocator allocator = new RootAllocator();
    private final ServedDirectory served;
    private final Seals seals;
    private final NpzProducer producer;
    private final SqlTickets tickets;
    private final SqlService sql;

    private ClientInput(Path directory) throws IOException {
        FlightCalls.write(Files.createDirectories(directory).resolve("prices.npz"), ROWS, allocator);
        Files.createDirectories(directory.resolve(LONG_NAME));
        served = new ServedDirectory(directory);
        seals = Seals.of(null);
        ServerOptions options = ServerOptions.defaults();
        ThreadPoolExecutor streams = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
            @Override
            public void execute(Runnable task) {
                task.run();
            }
        };
        producer = new NpzProducer(served, allocator, options, streams, new PutLease(served.directory()), seals);
        tickets = new SqlTickets(seals);
        // Without SQL: a statement that could run is UNIMPLEMENTED.
        sql = new SqlService(
                served,
                new KnownFiles(allocator, 1 << 20),
                allocator,
                new Queries(served, allocator, options, new Shares(1, 1, 1, Long.MAX_VALUE)),
                tickets);
    }

    /** Serves a directory, which is made. */
    public static ClientInput in(Path directory) {
        try {
            return new ClientInput(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends it. */
    public void send(Kind kind, byte[] bytes) {
        Answer answer = new Answer(kind == Kind.SIGNED_TICKET);
        try {
            send(kind, bytes, answer);
        } catch (IOException | RuntimeException e) {
            answer.error(e);
        }
        if (allocator.getAllocatedMemory() != 0) {
            throw new AssertionError(allocator.getAllocatedMemory() + " bytes are left");
        }
    }

    private void send(Kind kind, byte[] bytes, Answer answer) throws IOException {
        switch (kind) {
            case TICKET -> stream(new Ticket(bytes), answer);
            case COMMAND -> command(bytes, answer);
            case PUT ->
                served.target(PutCommand.parse(FlightDescriptor.command(bytes)).name());
            case PATH ->
                producer.getFlightInfo(
                        answer,
                        FlightDescriptor.path(List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1))));
            case SIGNED_TICKET -> stream(new Ticket(seals.seal("ticket", "", bytes, Duration.ofHours(1))), answer);
            case SIGNED_HANDLE -> {
                byte[] handle = seals.seal("prepared statement", "", bytes, Duration.ofHours(1));
                command(
                        Any.pack(CommandPreparedStatementQuery.newBuilder()
                                        .setPreparedStatementHandle(ByteString.copyFrom(handle))
                                        .build())
                                .toByteArray(),
                        answer);
            }
            case ACTION -> {
                if (bytes.length > 0) {
                    byte[] body = java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
                    sql.doAction(
                            answer, new Action(ACTIONS.get((bytes[0] & 0xff) % ACTIONS.size()), body), answer.of());
                }
            }
            case PARAMETERS -> {
                try (IpcFile stream =
                        Ipc.readStream(allocator, Channels.newChannel(new ByteArrayInputStream(bytes)), "parameters")) {
                    BoundStatement.read(java.nio.ByteBuffer.wrap(BoundStatement.of("SELECT ?", false)
                                    .with(stream.reader())
                                    .bytes()))
                            .values(allocator);
                } catch (org.arrownpz.NpzException e) {
                    // As the service does: what the client sent is at fault.
                    e.code();
                }
            }
            case CRITERIA -> producer.listFlights(answer, new Criteria(bytes), answer.of());
        }
    }

    private void stream(Ticket ticket, Answer answer) {
        if (!SqlTickets.isOne(ticket.getBytes())) {
            producer.getStream(answer, ticket, answer);
        } else if (tickets.wanted(ticket.getBytes()) == null) {
            sql.getStream(answer, ticket, answer);
        }
    }

    /** Asks, and gets what the answer says. */
    private void command(byte[] bytes, Answer answer) {
        FlightDescriptor descriptor = FlightDescriptor.command(bytes);
        boolean ours = !SqlService.isCommand(bytes);
        FlightInfo info = ours ? producer.getFlightInfo(answer, descriptor) : sql.getFlightInfo(answer, descriptor);
        for (FlightEndpoint endpoint : info.getEndpoints()) {
            stream(endpoint.getTicket(), answer);
        }
        if (ours) {
            producer.getSchema(answer, descriptor);
        } else {
            sql.getSchema(answer, descriptor);
        }
    }

    /** Who waits for the answer, and looks at errors. */
    private static final class Answer implements FlightProducer.CallContext, FlightProducer.ServerStreamListener {
        private final boolean signed;

        private Answer(boolean signed) {
            this.signed = signed;
        }

        @Override
        public void error(Throwable fault) {
            FlightStatusCode code = FlightFaults.status("input", fault).status().code();
            // The server signs commands that it could read, and nobody else signs.
            boolean impossible = signed && isOfProtobuf(fault);
            if (!impossible && (code == FlightStatusCode.INTERNAL || code == FlightStatusCode.UNKNOWN)) {
                throw new AssertionError("the server is at fault", fault);
            }
        }

        private static boolean isOfProtobuf(Throwable fault) {
            Throwable cause = fault;
            while (cause != null && !(cause instanceof InvalidProtocolBufferException)) {
                cause = cause.getCause();
            }
            return cause != null;
        }

        private <T> FlightProducer.StreamListener<T> of() {
            return new FlightProducer.StreamListener<>() {
                @Override
                public void onNext(T value) {}

                @Override
                public void onError(Throwable fault) {
                    error(fault);
                }

                @Override
                public void onCompleted() {}
            };
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setUseZeroCopy(boolean enabled) {}

        @Override
        public void start(VectorSchemaRoot root, DictionaryProvider dictionaries, IpcOption option) {}

        @Override
        public void putNext() {}

        @Override
        public void putNext(ArrowBuf metadata) {
            metadata.close();
        }

        @Override
        public void putMetadata(ArrowBuf metadata) {
            metadata.close();
        }

        @Override
        public void completed() {}

        @Override
        public String peerIdentity() {
            return "";
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public <T extends FlightServerMiddleware> T getMiddleware(FlightServerMiddleware.Key<T> key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<FlightServerMiddleware.Key<?>, FlightServerMiddleware> getMiddleware() {
            return Map.of();
        }
    }
}
