package org.arrownpz.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.SetSessionOptionsRequest;
import org.apache.arrow.flight.SetSessionOptionsResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.CancelResult;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.DoPutPreparedStatementResult;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.put.PutMessages;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.flight.internal.sql.CancelRequests;
import org.arrownpz.flight.internal.sql.JavaClient;
import org.arrownpz.flight.internal.sql.Parameters;
import org.arrownpz.flight.internal.sql.SqlTickets;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.sql.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Flight SQL over the files: statements and prepared ones, beside what drivers ask about tables and server. It keeps
 * nothing for clients: {@link SqlTickets} hold the statement and its parameters.
 */
final class SqlService extends SqlMetadata {
    private static final String COMMANDS = "type.googleapis.com/arrow.flight.protocol.sql.";

    private final BufferAllocator allocator;
    private final Queries queries;
    private final SqlTickets tickets;

    SqlService(
            ServedDirectory served, KnownFiles known, BufferAllocator allocator, Queries queries, SqlTickets tickets) {
        super(served, known, allocator, queries);
        this.allocator = allocator;
        this.queries = queries;
        this.tickets = tickets;
    }

    /** Whether a command is one of Flight SQL, not of ours. */
    static boolean isCommand(byte[] command) {
        return parse(command) != null;
    }

    private static @Nullable Any parse(byte[] command) {
        try {
            Any any = Any.parseFrom(command);
            return any.getTypeUrl().startsWith(COMMANDS) ? any : null;
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    /** Sends what a ticket asks for that is no query. */
    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        super.getStream(context, new Ticket(tickets.command(ticket.getBytes())), listener);
    }

    @Override
    protected <T extends Message> List<FlightEndpoint> determineEndpoints(
            T request, FlightDescriptor descriptor, Schema schema) {
        byte[] command = Any.pack(request).toByteArray();
        return List.of(new FlightEndpoint(new Ticket(tickets.ofCommand(command))));
    }

    private FlightInfo info(BoundStatement statement, CallContext context, FlightDescriptor descriptor) {
        return new FlightInfo(
                schema(statement, context),
                descriptor,
                List.of(new FlightEndpoint(new Ticket(tickets.of(statement)))),
                -1,
                -1);
    }

    private Schema schema(BoundStatement statement, CallContext context) {
        try {
            return queries.schema(statement, context::isCancelled);
        } catch (IOException | RuntimeException e) {
            throw FlightFaults.ofStatement(e);
        }
    }

    @Override
    public FlightInfo getFlightInfoStatement(
            CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        requireNoTransaction(command.hasTransactionId());
        return info(BoundStatement.of(command.getQuery(), JavaClient.isCurrent()), context, descriptor);
    }

    @Override
    public SchemaResult getSchemaStatement(
            CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return new SchemaResult(schema(BoundStatement.of(command.getQuery(), JavaClient.isCurrent()), context));
    }

    @Override
    public FlightInfo getFlightInfoPreparedStatement(
            CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return info(tickets.statement(command.getPreparedStatementHandle().toByteArray()), context, descriptor);
    }

    @Override
    public SchemaResult getSchemaPreparedStatement(
            CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return new SchemaResult(
                schema(tickets.statement(command.getPreparedStatementHandle().toByteArray()), context));
    }

    private static void requireNoTransaction(boolean present) {
        if (present) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server has no transactions: it only reads");
        }
    }

    @Override
    public void createPreparedStatement(
            ActionCreatePreparedStatementRequest request, CallContext context, StreamListener<Result> listener) {
        requireNoTransaction(request.hasTransactionId());
        BoundStatement statement = BoundStatement.of(request.getQuery(), JavaClient.isCurrent());
        try {
            Sql.Description prepared = queries.prepare(statement, context::isCancelled);
            ActionCreatePreparedStatementResult result = ActionCreatePreparedStatementResult.newBuilder()
                    .setPreparedStatementHandle(ByteString.copyFrom(tickets.handle(statement)))
                    .setDatasetSchema(ByteString.copyFrom(prepared.schema().serializeAsMessage()))
                    .setParameterSchema(ByteString.copyFrom(
                            Parameters.schema(prepared.parameters()).serializeAsMessage()))
                    .build();
            listener.onNext(new Result(Any.pack(result).toByteArray()));
            listener.onCompleted();
        } catch (IOException | RuntimeException e) {
            listener.onError(FlightFaults.ofStatement(e));
        }
    }

    /** There is nothing to close. */
    @Override
    public void closePreparedStatement(
            ActionClosePreparedStatementRequest request, CallContext context, StreamListener<Result> listener) {
        listener.onCompleted();
    }

    /**
     * Takes what a client puts with a command of Flight SQL: parameters of a query, and nothing else. The answer has the
     * handle of the statement with them.
     */
    void put(FlightDescriptor descriptor, PutMessages messages, StreamListener<PutResult> results) throws IOException {
        Any command = parse(descriptor.getCommand());
        if (command == null || !command.is(CommandPreparedStatementQuery.class)) {
            throw FlightFaults.of(
                    CallStatus.INVALID_ARGUMENT,
                    "statements only read here: nothing is updated or ingested by Flight SQL");
        }
        BoundStatement statement = tickets.statement(command.unpack(CommandPreparedStatementQuery.class)
                .getPreparedStatementHandle()
                .toByteArray());
        try (IpcFile stream = Ipc.readStream(allocator, messages, "parameters")) {
            statement = statement.with(stream.reader());
        } catch (org.arrownpz.NpzException e) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "the parameters are no Arrow stream: " + e.code());
        }
        byte[] answer = DoPutPreparedStatementResult.newBuilder()
                .setPreparedStatementHandle(ByteString.copyFrom(tickets.handle(statement)))
                .build()
                .toByteArray();
        try (ArrowBuf buffer = allocator.buffer(answer.length)) {
            buffer.writeBytes(answer);
            results.onNext(PutResult.metadata(buffer));
        }
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        super.doAction(context, CancelRequests.safe(action), listener);
    }

    /** Refuses a catalog or schema for all that comes: nothing is kept for clients. */
    @Override
    public void setSessionOptions(
            SetSessionOptionsRequest request, CallContext context, StreamListener<SetSessionOptionsResult> listener) {
        listener.onError(FlightFaults.of(
                CallStatus.UNIMPLEMENTED,
                "this server keeps no options for clients: name the schema in the statement, such as eu.prices"));
    }

    @Override
    public void cancelFlightInfo(
            CancelFlightInfoRequest request, CallContext context, StreamListener<CancelStatus> listener) {
        listener.onNext(cancel(request.getInfo()) ? CancelStatus.CANCELLED : CancelStatus.NOT_CANCELLABLE);
        listener.onCompleted();
    }

    @Override
    public void cancelQuery(FlightInfo info, CallContext context, StreamListener<CancelResult> listener) {
        listener.onNext(cancel(info) ? CancelResult.CANCELLED : CancelResult.NOT_CANCELLABLE);
        listener.onCompleted();
    }

    private boolean cancel(FlightInfo info) {
        boolean any = false;
        for (FlightEndpoint endpoint : info.getEndpoints()) {
            SqlTickets.Wanted wanted = tickets.wanted(endpoint.getTicket().getBytes());
            any |= wanted != null && queries.cancel(wanted.id());
        }
        return any;
    }
}
