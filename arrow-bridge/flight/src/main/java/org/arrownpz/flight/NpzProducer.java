package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightConstants;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlUtils;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Seals;
import org.arrownpz.flight.internal.put.PutLease;
import org.arrownpz.flight.internal.put.PutMessages;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.flight.internal.transport.Calls;
import org.arrownpz.flight.internal.transport.CompressedReplies;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.IpcCompression;

/** Answers Flight calls from the files of a directory. Streams run on an executor of the server. */
final class NpzProducer implements FlightProducer {
    private static final long WAIT_MILLIS = 1000;
    private static final Duration STALL_WHEN_FULL = Duration.ofSeconds(5);
    private static final String QUERY = "the query";

    private final ServedDirectory served;
    private final BufferAllocator allocator;
    private final ServerOptions options;
    private final ThreadPoolExecutor streams;
    private final PutLease lease;
    private final Queries queries;
    private final SqlService sql;
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger frames = new AtomicInteger();
    private volatile boolean closing;

    NpzProducer(
            ServedDirectory served,
            BufferAllocator allocator,
            ServerOptions options,
            ThreadPoolExecutor streams,
            PutLease lease,
            Seals seals) {
        this.lease = lease;
        this.queries = new Queries(served, allocator, options);
        this.sql = new SqlService(served, allocator, queries, seals);
        this.served = served;
        this.allocator = allocator;
        this.options = options;
        this.streams = streams;
    }

    /** Ends the streams that run, at their next batch, and the queries. */
    void stop() {
        closing = true;
        queries.stop();
    }

    /** How many files are being received. */
    int puts() {
        return puts.get();
    }

    /** How many files are open to be sent. */
    int frames() {
        return frames.get();
    }

    /** How many queries run. */
    int queries() {
        return queries.count();
    }

    @Override
    public void listFlights(CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
        byte[] expression = criteria.getExpression();
        String prefix = expression == null ? "" : new String(expression, StandardCharsets.UTF_8);
        for (String name : served.names(prefix)) {
            if (context.isCancelled()) {
                break;
            }
            try {
                listener.onNext(info(name, FlightDescriptor.path(name)));
            } catch (IOException e) {
                // A file that is no frame, or that was deleted meanwhile, is not listed.
                continue;
            }
        }
        listener.onCompleted();
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        if (isSql(descriptor)) {
            return ofSql(() -> sql.getFlightInfo(context, descriptor));
        }
        if (descriptor.isCommand()) {
            return commandInfo(context, descriptor);
        }
        String name = ServedDirectory.name(descriptor);
        try {
            return info(name, descriptor);
        } catch (IOException e) {
            throw FlightFaults.status(name, e);
        }
    }

    @Override
    public SchemaResult getSchema(CallContext context, FlightDescriptor descriptor) {
        return isSql(descriptor)
                ? ofSql(() -> sql.getSchema(context, descriptor))
                : FlightProducer.super.getSchema(context, descriptor);
    }

    private static boolean isSql(FlightDescriptor descriptor) {
        return descriptor.isCommand() && SqlService.isCommand(descriptor.getCommand());
    }

    /** Calls Flight SQL, where the server answers it, and gives its faults their status. */
    private <T> T ofSql(Supplier<T> call) {
        if (!options.sql()) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server answers no SQL");
        }
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw FlightFaults.status(QUERY, e);
        }
    }

    private FlightInfo commandInfo(CallContext context, FlightDescriptor descriptor) {
        String name = QUERY;
        try {
            JsonNode command = Json.read(descriptor.getCommand(), "command");
            if (!SqlQuery.isOne(command)) {
                NpzTicket part = NpzTicket.parse(command);
                name = part.name();
                return info(part, descriptor);
            }
            SqlQuery query = SqlQuery.parse(command);
            Schema schema = queries.schema(BoundStatement.of(query.sql()), () -> closing || context.isCancelled());
            return new FlightInfo(schema, descriptor, List.of(new FlightEndpoint(query.toTicket())), -1, -1);
        } catch (IOException | RuntimeException e) {
            throw FlightFaults.status(name, e);
        }
    }

    /** Columns and rows of a file. Their bytes are not known before they are read. */
    private FlightInfo info(NpzTicket part, FlightDescriptor descriptor) throws IOException {
        try (Frame frame = Frames.open(allocator, served.existing(part.name()))) {
            Schema all = frame.interchangeSchema();
            List<Field> fields = new ArrayList<>();
            for (String column : part.columns()) {
                Field field = all.getFields().stream()
                        .filter(one -> one.getName().equals(column))
                        .findFirst()
                        .orElse(null);
                if (field == null || fields.contains(field)) {
                    throw new IllegalArgumentException(FrameBatches.COLUMNS);
                }
                fields.add(field);
            }
            Schema schema = fields.isEmpty() ? all : new Schema(fields, all.getCustomMetadata());
            long rest = frame.rowCount() - Math.min(part.offset(), frame.rowCount());
            long rows = part.limit() < 0 ? rest : Math.min(part.limit(), rest);
            return new FlightInfo(schema, descriptor, List.of(new FlightEndpoint(part.toTicket())), -1, rows);
        }
    }

    private FlightInfo info(String name, FlightDescriptor descriptor) throws IOException {
        Path file = served.existing(name);
        try (Frame frame = Frames.open(allocator, file)) {
            Schema schema = frame.interchangeSchema();
            // No location: "ask the server that you asked".
            FlightEndpoint endpoint = new FlightEndpoint(NpzTicket.of(name).toTicket());
            return new FlightInfo(schema, descriptor, List.of(endpoint), Files.size(file), frame.rowCount());
        }
    }

    /** Returns at once: on the thread of the call, the callbacks that end the waiting for a slow client never come. */
    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        Pressure pressure = new Pressure(Calls.reset());
        Consumer<IpcCompression> compression = CompressedReplies.ofCall();
        pressure.register(listener);
        SqlService.Wanted wanted = null;
        if (SqlService.isTicket(ticket.getBytes())) {
            wanted = ofSql(() -> sql.wanted(ticket.getBytes()));
            if (wanted == null) {
                ofSql(() -> {
                    sql.getStream(context, ticket, listener);
                    return "";
                });
                return;
            }
        }
        SqlService.Wanted query = wanted;
        try {
            streams.execute(
                    query == null
                            ? () -> stream(ticket, listener, pressure, compression)
                            : () -> streamQuery(query, listener, pressure));
        } catch (RejectedExecutionException e) {
            listener.error(FlightFaults.of(CallStatus.UNAVAILABLE, "the server is busy or shuts down"));
        }
    }

    private void streamQuery(SqlService.Wanted wanted, ServerStreamListener listener, Pressure pressure) {
        try (Batches batches = queries.run(
                wanted.id(), wanted.statement(), () -> closing || listener.isCancelled(), pressure::onCancel)) {
            send(batches, listener, pressure);
        } catch (IOException | RuntimeException | InternalError e) {
            listener.error(FlightFaults.status(QUERY, e));
        }
    }

    private void stream(
            Ticket ticket, ServerStreamListener listener, Pressure pressure, Consumer<IpcCompression> compression) {
        String name = "";
        try {
            JsonNode wanted = Json.read(ticket.getBytes(), "ticket");
            if (SqlQuery.isOne(wanted)) {
                BoundStatement statement =
                        BoundStatement.of(SqlQuery.parse(wanted).sql());
                streamQuery(new SqlService.Wanted(UUID.randomUUID(), statement), listener, pressure);
                return;
            }
            NpzTicket file = NpzTicket.parse(wanted);
            name = file.name();
            frames.incrementAndGet();
            try (Frame frame = Frames.open(allocator, served.existing(name));
                    Batches batches =
                            new FrameBatches(frame, file, options.limits().batchBytes(), allocator)) {
                compression.accept(file.compression());
                send(batches, listener, pressure);
            } finally {
                frames.decrementAndGet();
            }
        } catch (IOException | RuntimeException | InternalError e) {
            listener.error(FlightFaults.status(name, e));
        }
    }

    private void send(Batches batches, ServerStreamListener listener, Pressure pressure) throws IOException {
        listener.setUseZeroCopy(true);
        listener.start(batches.root(), batches.dictionaries());
        while (ready(listener, pressure) && batches.next()) {
            listener.putNext();
        }
        if (closing) {
            throw FlightFaults.of(CallStatus.UNAVAILABLE, "the server shuts down");
        }
        listener.completed();
    }

    private boolean ready(ServerStreamListener listener, Pressure pressure) {
        long start = System.nanoTime();
        while (!closing && !listener.isCancelled()) {
            switch (pressure.waitForListener(WAIT_MILLIS)) {
                case READY -> {
                    return true;
                }
                case TIMEOUT -> {
                    Duration stall = stall();
                    if (System.nanoTime() - start > stall.toNanos()) {
                        pressure.reset();
                        throw FlightFaults.of(
                                CallStatus.TIMED_OUT, "the client read nothing for " + stall.toSeconds() + " seconds");
                    }
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /** How long a client is waited for; not long where others find no place. */
    private Duration stall() {
        Duration stall = options.limits().stall();
        boolean full = streams.getActiveCount() >= options.limits().streams();
        return full && stall.compareTo(STALL_WHEN_FULL) > 0 ? STALL_WHEN_FULL : stall;
    }

    /** Reads the call's messages itself; Flight's stream stays empty. */
    @Override
    public Runnable acceptPut(CallContext context, FlightStream stream, StreamListener<PutResult> results) {
        Caller caller = Caller.current();
        return () -> {
            String name = "";
            puts.incrementAndGet();
            PutMessages messages = PutMessages.ofCall();
            try (messages) {
                FlightDescriptor descriptor = messages.descriptor(
                        () -> closing || context.isCancelled(), options.limits().stall());
                if (isSql(descriptor)) {
                    putSql(descriptor, messages, results);
                    return;
                }
                requireWriter(caller);
                PutCommand command = PutCommand.parse(descriptor);
                name = command.name();
                new PutReceiver(served, allocator, lease).receive(command, messages);
                results.onCompleted();
            } catch (IOException | RuntimeException e) {
                results.onError(FlightFaults.status(name, messages.reason(e)));
            } finally {
                puts.decrementAndGet();
            }
        };
    }

    private void putSql(FlightDescriptor descriptor, PutMessages messages, StreamListener<PutResult> results)
            throws IOException {
        if (!options.sql()) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server answers no SQL");
        }
        sql.put(descriptor, messages, results);
        results.onCompleted();
    }

    private void requireWriter(Caller caller) {
        if (!options.writable()) {
            throw FlightFaults.of(CallStatus.UNAUTHORIZED, "this server is read-only");
        }
        if (!caller.writes()) {
            throw FlightFaults.of(CallStatus.UNAUTHORIZED, "this token may only read");
        }
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        if (!options.sql()) {
            listener.onError(FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server has no actions"));
            return;
        }
        try {
            sql.doAction(context, action, listener);
        } catch (RuntimeException e) {
            listener.onError(FlightFaults.status(QUERY, e));
        }
    }

    @Override
    public void listActions(CallContext context, StreamListener<ActionType> listener) {
        if (options.sql()) {
            listener.onNext(FlightSqlUtils.FLIGHT_SQL_CREATE_PREPARED_STATEMENT);
            listener.onNext(FlightSqlUtils.FLIGHT_SQL_CLOSE_PREPARED_STATEMENT);
            listener.onNext(FlightSqlUtils.FLIGHT_SQL_CANCEL_QUERY);
            listener.onNext(FlightConstants.CANCEL_FLIGHT_INFO);
        }
        listener.onCompleted();
    }

    /** Waits for the client, and tells when it goes. */
    private static final class Pressure extends BackpressureStrategy.CallbackBackpressureStrategy {
        private volatile Runnable action = () -> {};
        private volatile boolean gone;
        private final Runnable reset;

        Pressure(Runnable reset) {
            this.reset = reset;
        }

        /** Ends the call at once, with whatever waits to be sent. */
        void reset() {
            reset.run();
        }

        void onCancel(Runnable newAction) {
            action = newAction;
            if (gone) {
                newAction.run();
            }
        }

        @Override
        protected void cancelCallback() {
            gone = true;
            action.run();
        }
    }
}
