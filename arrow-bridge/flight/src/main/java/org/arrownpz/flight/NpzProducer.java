package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightConstants;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlUtils;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Rights;
import org.arrownpz.flight.internal.access.Seals;
import org.arrownpz.flight.internal.access.Shares;
import org.arrownpz.flight.internal.put.PutLease;
import org.arrownpz.flight.internal.put.PutMessages;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.flight.internal.sql.SqlTickets;
import org.arrownpz.flight.internal.transport.Calls;
import org.arrownpz.flight.internal.transport.Pressure;
import org.arrownpz.flight.internal.transport.Replies;
import org.arrownpz.flight.internal.watch.Watch;
import org.arrownpz.flight.internal.watch.WatchedCall;
import org.arrownpz.ipc.IpcOptions;

/** Answers Flight calls from the files of a directory. Streams run on an executor of the server. */
final class NpzProducer implements FlightProducer, AutoCloseable {
    /** The most bytes of schemas that are remembered. */
    private static final long KNOWN_BYTES = 64L << 20;
    /** The most files that are read before anybody asks. */
    private static final int MOST_PREPARED = 10_000;

    private final ServedDirectory served;
    private final BufferAllocator allocator;
    private final ServerOptions options;
    private final ThreadPoolExecutor streams;
    private final PutReceiver receiver;
    private final Queries queries;
    private final KnownFiles known;
    private final SqlTickets tickets;
    private final SqlService sql;
    private final FlightInfos infos;
    private final Sender sender;
    private final Shares shares;
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger frames = new AtomicInteger();
    private volatile boolean closing;

    NpzProducer(
            ServedDirectory served,
            BufferAllocator allocator,
            ServerOptions options,
            ThreadPoolExecutor streams,
            PutLease lease,
            Seals seals)
            throws NpzException {
        ServerLimits limits = options.limits();
        this.shares =
                new Shares(limits.callerStreams(), limits.callerQueries(), limits.callerPuts(), limits.callerBytes());
        this.receiver = new PutReceiver(served, allocator, lease, limits, shares);
        this.queries = new Queries(served, allocator, options, shares);
        this.tickets = new SqlTickets(seals);
        this.known = new KnownFiles(allocator, KNOWN_BYTES);
        this.sql = new SqlService(served, known, allocator, queries, tickets);
        this.infos = new FlightInfos(served, known, queries);
        this.sender = new Sender(limits, streams, () -> closing);
        this.served = served;
        this.allocator = allocator;
        this.options = options;
        this.streams = streams;
    }

    /** Tells of the queries. */
    void tell(Watch watch) {
        queries.tell(watch);
    }

    /** Reads what lists tell, before the first is asked for. */
    void prepare() {
        List<KnownFiles.Seen> files = served.flights("", new Caller("", Rights.ALL)).stream()
                .map(ServedDirectory.Served::seen)
                .limit(MOST_PREPARED)
                .toList();
        known.facts(files, () -> closing);
    }

    /** Ends the streams that run, at their next batch, and the queries. */
    void stop() {
        closing = true;
        queries.stop();
    }

    /** Ends what queries run in. */
    @Override
    public void close() {
        closing = true;
        queries.close();
    }

    /** The number of files that are being received. */
    int puts() {
        return puts.get();
    }

    /** The number of files that are open to be sent. */
    int frames() {
        return frames.get();
    }

    /** The refusals of callers that had their share. */
    Shares shares() {
        return shares;
    }

    /**
     * The same for HTTP.
     *
     * @param told the text of the metrics
     */
    WebStore web(Supplier<String> told) {
        return new WebStore(
                served, known, allocator, options, queries, receiver, shares, () -> closing, sender::stall, told);
    }

    @Override
    public void listFlights(CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
        byte[] expression = criteria.getExpression();
        String prefix = expression == null ? "" : new String(expression, StandardCharsets.UTF_8);
        infos.ofFiles(served.flights(prefix, Caller.current()), context::isCancelled, Replies.sender());
        listener.onCompleted();
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        if (isSql(descriptor)) {
            return ofSql(() -> sql.getFlightInfo(context, descriptor));
        }
        if (descriptor.isCommand()) {
            return infos.ofCommand(descriptor, () -> closing || context.isCancelled());
        }
        String name = ServedDirectory.name(descriptor);
        try {
            return infos.ofFile(name, descriptor);
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
            throw FlightFaults.ofStatement(e);
        }
    }

    /** Returns at once: on the thread of the call, the callbacks that end the waiting for a slow client never come. */
    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        Pressure pressure = new Pressure(Calls.reset());
        Consumer<IpcOptions.Compression> compression = Replies.compression();
        Caller caller = Caller.current();
        pressure.register(listener);
        SqlTickets.Wanted wanted = null;
        if (SqlTickets.isOne(ticket.getBytes())) {
            wanted = ofSql(() -> tickets.wanted(ticket.getBytes()));
            if (wanted == null) {
                ofSql(() -> {
                    sql.getStream(context, ticket, listener);
                    return "";
                });
                return;
            }
            WatchedCall.setCurrentId(wanted.id());
        }
        SqlTickets.Wanted query = wanted;
        UUID id = WatchedCall.currentId();
        Runnable give = shares.take(Shares.Kind.STREAM, caller.name());
        try {
            streams.execute(() -> {
                try {
                    if (query == null) {
                        stream(id, ticket, caller, listener, pressure, compression);
                    } else {
                        streamQuery(query, caller, listener, pressure);
                    }
                } finally {
                    give.run();
                }
            });
        } catch (RejectedExecutionException e) {
            give.run();
            listener.error(FlightFaults.of(CallStatus.UNAVAILABLE, "the server is busy or shuts down"));
        }
    }

    private void streamQuery(
            SqlTickets.Wanted wanted, Caller caller, ServerStreamListener listener, Pressure pressure) {
        BoundStatement query = wanted.statement();
        BooleanSupplier gone = () -> closing || listener.isCancelled();
        try (Batches batches = queries.run(
                wanted.id(), caller, query.sql(), query.values(allocator), query.java(), gone, pressure::onCancel)) {
            sender.send(batches, listener, pressure);
        } catch (IOException | RuntimeException | InternalError e) {
            listener.error(FlightFaults.ofStatement(e));
        }
    }

    private void stream(
            UUID id,
            Ticket ticket,
            Caller caller,
            ServerStreamListener listener,
            Pressure pressure,
            Consumer<IpcOptions.Compression> compression) {
        String name = "";
        try {
            JsonNode wanted = Json.read(ticket.getBytes(), "ticket");
            if (SqlQuery.isOne(wanted)) {
                BoundStatement statement =
                        BoundStatement.of(SqlQuery.parse(wanted).sql(), false);
                streamQuery(new SqlTickets.Wanted(id, statement), caller, listener, pressure);
                return;
            }
            NpzTicket file = NpzTicket.parse(wanted);
            name = file.name();
            frames.incrementAndGet();
            Path path = served.existing(name, caller).file();
            try (Batches batches = Batches.of(path, file, options.limits(), allocator, false)) {
                compression.accept(file.compression());
                sender.send(batches, listener, pressure);
            } finally {
                frames.decrementAndGet();
            }
        } catch (IOException | RuntimeException | InternalError e) {
            listener.error(FlightFaults.status(name, e));
        }
    }

    /** Reads the call's messages itself; Flight's stream stays empty. */
    @Override
    public Runnable acceptPut(CallContext context, FlightStream stream, StreamListener<PutResult> results) {
        Caller caller = Caller.current();
        return () -> {
            String name = "";
            Runnable give = () -> {};
            puts.incrementAndGet();
            PutMessages messages = PutMessages.ofCall();
            try (messages) {
                FlightDescriptor descriptor = messages.descriptor(
                        () -> closing || context.isCancelled(), options.limits().stall());
                if (isSql(descriptor)) {
                    putSql(descriptor, messages, results);
                    return;
                }
                requireWriter(options, caller);
                give = shares.take(Shares.Kind.STREAM, caller.name());
                shares.take(Shares.Kind.PUT, caller.name());
                PutCommand command = PutCommand.parse(descriptor);
                name = command.name();
                receiver.receive(command, messages, messages::isClosed, caller);
                results.onCompleted();
            } catch (IOException | RuntimeException e) {
                results.onError(FlightFaults.status(name, messages.reason(e)));
            } finally {
                give.run();
                puts.decrementAndGet();
            }
        };
    }

    private void putSql(FlightDescriptor descriptor, PutMessages messages, StreamListener<PutResult> results)
            throws IOException {
        if (!options.sql()) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server answers no SQL");
        }
        try {
            sql.put(descriptor, messages, results);
        } catch (RuntimeException e) {
            throw FlightFaults.ofStatement(e);
        }
        results.onCompleted();
    }

    /** Refuses a caller that may not put. */
    static void requireWriter(ServerOptions options, Caller caller) {
        if (!options.writable()) {
            throw FlightFaults.of(CallStatus.UNAUTHORIZED, "this server is read-only");
        }
        if (!caller.rights().writes("")) {
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
            listener.onError(FlightFaults.ofStatement(e));
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
}
