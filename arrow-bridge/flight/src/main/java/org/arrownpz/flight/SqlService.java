package org.arrownpz.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightConstants;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.flight.sql.BasicFlightSqlProducer;
import org.apache.arrow.flight.sql.CancelResult;
import org.apache.arrow.flight.sql.FlightSqlUtils;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCancelQueryRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCrossReference;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetExportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetImportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetXdbcTypeInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.DoPutPreparedStatementResult;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Seals;
import org.arrownpz.flight.internal.put.PutMessages;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.flight.internal.sql.Metadata;
import org.arrownpz.flight.internal.sql.Parameters;
import org.arrownpz.flight.internal.sql.SqlFacts;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.jspecify.annotations.Nullable;

/**
 * Flight SQL over the files: statements, prepared ones, and what drivers ask about tables and server. It keeps nothing for
 * clients: tickets and handles hold the statement and its parameters, signed for their caller and a short time.
 */
final class SqlService extends BasicFlightSqlProducer {
    private static final String COMMANDS = "type.googleapis.com/arrow.flight.protocol.sql.";
    private static final String TICKET = "ticket";
    private static final String HANDLE = "prepared statement";
    private static final Duration TICKET_LIFE = Duration.ofMinutes(10);
    private static final Duration HANDLE_LIFE = Duration.ofHours(12);
    private static final byte QUERY = 'Q';
    private static final byte METADATA = 'M';
    private static final int ID_BYTES = 2 * Long.BYTES;

    private final ServedDirectory served;
    private final BufferAllocator allocator;
    private final Queries queries;
    private final Seals seals;
    private final SqlInfoBuilder facts = SqlFacts.all();
    /** Arrow's sender fails at others. */
    private final Set<Integer> known = SqlFacts.numbers(facts);

    SqlService(ServedDirectory served, BufferAllocator allocator, Queries queries, Seals seals) {
        this.served = served;
        this.allocator = allocator;
        this.queries = queries;
        this.seals = seals;
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

    /** Whether a ticket is one of these, signed, and no JSON. */
    static boolean isTicket(byte[] ticket) {
        // The first byte of its time; no JSON begins with it.
        return ticket.length > 0 && ticket[0] == 0;
    }

    /** A statement that a ticket asks for, by the number that cancels it. */
    record Wanted(UUID id, BoundStatement statement) {}

    /**
     * The query of a ticket, or null when it asks for something about the server.
     *
     * @throws IllegalArgumentException when the ticket is not of this server, for this caller, or too old
     */
    @Nullable
    Wanted wanted(byte[] ticket) {
        ByteBuffer bytes = ByteBuffer.wrap(seals.open(TICKET, Caller.current().name(), ticket));
        if (bytes.remaining() <= ID_BYTES || bytes.get() != QUERY) {
            return null;
        }
        return new Wanted(new UUID(bytes.getLong(), bytes.getLong()), BoundStatement.read(bytes));
    }

    private byte[] ticket(byte kind, byte[] content) {
        return ticket(
                ByteBuffer.allocate(1 + content.length).put(kind).put(content).array());
    }

    private byte[] ticket(byte[] content) {
        return seals.seal(TICKET, Caller.current().name(), content, TICKET_LIFE);
    }

    /** Sends what a ticket asks for that is no query. */
    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        byte[] content = seals.open(TICKET, Caller.current().name(), ticket.getBytes());
        if (content.length == 0 || content[0] != METADATA) {
            throw new IllegalArgumentException("the ticket is none of this server");
        }
        super.getStream(context, new Ticket(Arrays.copyOfRange(content, 1, content.length)), listener);
    }

    @Override
    protected <T extends Message> List<FlightEndpoint> determineEndpoints(
            T request, FlightDescriptor descriptor, Schema schema) {
        byte[] command = Any.pack(request).toByteArray();
        return List.of(new FlightEndpoint(new Ticket(ticket(METADATA, command))));
    }

    private FlightInfo info(BoundStatement statement, CallContext context, FlightDescriptor descriptor) {
        byte[] bytes = statement.bytes();
        UUID id = UUID.randomUUID();
        byte[] content = ByteBuffer.allocate(1 + ID_BYTES + bytes.length)
                .put(QUERY)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(bytes)
                .array();
        return new FlightInfo(
                schema(statement, context),
                descriptor,
                List.of(new FlightEndpoint(new Ticket(ticket(content)))),
                -1,
                -1);
    }

    private Schema schema(BoundStatement statement, CallContext context) {
        try {
            return queries.schema(statement, context::isCancelled);
        } catch (IOException | RuntimeException e) {
            throw FlightFaults.status("the query", e);
        }
    }

    @Override
    public FlightInfo getFlightInfoStatement(
            CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        requireNoTransaction(command.hasTransactionId());
        return info(BoundStatement.of(command.getQuery()), context, descriptor);
    }

    @Override
    public SchemaResult getSchemaStatement(
            CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return new SchemaResult(schema(BoundStatement.of(command.getQuery()), context));
    }

    @Override
    public FlightInfo getFlightInfoPreparedStatement(
            CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return info(statement(command.getPreparedStatementHandle()), context, descriptor);
    }

    @Override
    public SchemaResult getSchemaPreparedStatement(
            CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return new SchemaResult(schema(statement(command.getPreparedStatementHandle()), context));
    }

    private BoundStatement statement(ByteString handle) {
        return BoundStatement.read(
                ByteBuffer.wrap(seals.open(HANDLE, Caller.current().name(), handle.toByteArray())));
    }

    private ByteString handle(BoundStatement statement) {
        return ByteString.copyFrom(seals.seal(HANDLE, Caller.current().name(), statement.bytes(), HANDLE_LIFE));
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
        BoundStatement statement = BoundStatement.of(request.getQuery());
        try {
            Queries.Prepared prepared = queries.prepare(statement.sql(), context::isCancelled);
            ActionCreatePreparedStatementResult result = ActionCreatePreparedStatementResult.newBuilder()
                    .setPreparedStatementHandle(handle(statement))
                    .setDatasetSchema(ByteString.copyFrom(prepared.schema().serializeAsMessage()))
                    .setParameterSchema(ByteString.copyFrom(
                            Parameters.schema(prepared.parameters()).serializeAsMessage()))
                    .build();
            listener.onNext(new Result(Any.pack(result).toByteArray()));
            listener.onCompleted();
        } catch (IOException | RuntimeException e) {
            listener.onError(FlightFaults.status("the query", e));
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
        BoundStatement statement =
                statement(command.unpack(CommandPreparedStatementQuery.class).getPreparedStatementHandle());
        try (IpcFile stream = Ipc.readStream(allocator, messages, "parameters")) {
            statement = statement.with(stream.reader());
        } catch (org.arrownpz.NpzException e) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "the parameters are no Arrow stream: " + e.code());
        }
        byte[] answer = DoPutPreparedStatementResult.newBuilder()
                .setPreparedStatementHandle(handle(statement))
                .build()
                .toByteArray();
        try (ArrowBuf buffer = allocator.buffer(answer.length)) {
            buffer.writeBytes(answer);
            results.onNext(PutResult.metadata(buffer));
        }
    }

    /**
     * Refuses what Arrow's reading of it would take for a failure of the server. The schema of a query to cancel says
     * nothing, and Arrow would allocate as much for it as it claims: it is left out before it is read.
     */
    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        Action safe = action;
        try {
            if (action.getType().equals(FlightConstants.CANCEL_FLIGHT_INFO.getType())) {
                Flight.CancelFlightInfoRequest request = Flight.CancelFlightInfoRequest.parseFrom(action.getBody());
                byte[] body = request.toBuilder()
                        .setInfo(request.getInfo().toBuilder().clearSchema())
                        .build()
                        .toByteArray();
                CancelFlightInfoRequest.deserialize(ByteBuffer.wrap(body));
                safe = new Action(action.getType(), body);
            } else if (action.getType().equals(FlightSqlUtils.FLIGHT_SQL_CANCEL_QUERY.getType())) {
                ByteString info = Any.parseFrom(action.getBody())
                        .unpack(ActionCancelQueryRequest.class)
                        .getInfo();
                ByteString body = Flight.FlightInfo.parseFrom(info).toBuilder()
                        .clearSchema()
                        .build()
                        .toByteString();
                FlightInfo.deserialize(body.asReadOnlyByteBuffer());
                safe = new Action(
                        action.getType(),
                        Any.pack(ActionCancelQueryRequest.newBuilder()
                                        .setInfo(body)
                                        .build())
                                .toByteArray());
            }
        } catch (IOException | URISyntaxException | RuntimeException e) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "the action's body is none of " + action.getType());
        }
        super.doAction(context, safe, listener);
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
            Wanted wanted = wanted(endpoint.getTicket().getBytes());
            any |= wanted != null && queries.cancel(wanted.id());
        }
        return any;
    }

    @Override
    public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_CATALOGS_SCHEMA, List.of(), listener);
    }

    @Override
    public void getStreamSchemas(CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
        Predicate<String> pattern =
                Metadata.like(command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        if (isCatalog(command.hasCatalog(), command.getCatalog())) {
            served.schemaNames().stream()
                    .filter(pattern)
                    .forEach(schema -> rows.add(Arrays.<@Nullable Object>asList(null, schema)));
        }
        Metadata.send(allocator, Schemas.GET_SCHEMAS_SCHEMA, rows, listener);
    }

    /** There are no catalogs, which an empty name asks for. */
    private static boolean isCatalog(boolean present, String name) {
        return !present || name.isEmpty();
    }

    @Override
    public void getStreamTables(CommandGetTables command, CallContext context, ServerStreamListener listener) {
        Schema columns = command.getIncludeSchema() ? Schemas.GET_TABLES_SCHEMA : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
        List<List<@Nullable Object>> rows = new ArrayList<>();
        Predicate<String> schema =
                Metadata.like(command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null);
        Predicate<String> table =
                Metadata.like(command.hasTableNameFilterPattern() ? command.getTableNameFilterPattern() : null);
        boolean any = isCatalog(command.hasCatalog(), command.getCatalog())
                && (command.getTableTypesCount() == 0
                        || command.getTableTypesList().contains(Metadata.TABLE_TYPE));
        List<ServedDirectory.TableName> tables = any
                ? served.tableNames().stream()
                        .filter(name -> schema.test(name.schema()) && table.test(name.table()))
                        .toList()
                : List.of();
        List<@Nullable Schema> schemas = command.getIncludeSchema() ? schemas(tables, context) : List.of();
        for (int i = 0; i < tables.size(); i++) {
            List<@Nullable Object> row = new ArrayList<>();
            ServedDirectory.TableName name = tables.get(i);
            Collections.addAll(row, null, name.schema(), name.table(), Metadata.TABLE_TYPE);
            if (command.getIncludeSchema()) {
                Schema found = schemas.get(i);
                if (found == null) {
                    continue;
                }
                row.add(found.serializeAsMessage());
            }
            rows.add(row);
        }
        Metadata.send(allocator, columns, rows, listener);
    }

    private List<@Nullable Schema> schemas(List<ServedDirectory.TableName> tables, CallContext context) {
        try {
            return queries.tables(tables, context::isCancelled);
        } catch (IOException | RuntimeException e) {
            throw FlightFaults.status("the tables", e);
        }
    }

    @Override
    public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_TABLE_TYPES_SCHEMA, List.of(List.of(Metadata.TABLE_TYPE)), listener);
    }

    @Override
    public void getStreamTypeInfo(CommandGetXdbcTypeInfo request, CallContext context, ServerStreamListener listener) {
        Metadata.send(
                allocator,
                Schemas.GET_TYPE_INFO_SCHEMA,
                Metadata.types(request.hasDataType() ? (Integer) request.getDataType() : null),
                listener);
    }

    @Override
    public void getStreamSqlInfo(CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
        List<Integer> wanted =
                command.getInfoList().stream().filter(known::contains).toList();
        if (wanted.isEmpty() && command.getInfoCount() > 0) {
            Metadata.send(allocator, Schemas.GET_SQL_INFO_SCHEMA, List.of(), listener);
        } else {
            facts.send(wanted, listener);
        }
    }

    @Override
    public void getStreamPrimaryKeys(
            CommandGetPrimaryKeys command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_PRIMARY_KEYS_SCHEMA, List.of(), listener);
    }

    @Override
    public void getStreamExportedKeys(
            CommandGetExportedKeys command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_EXPORTED_KEYS_SCHEMA, List.of(), listener);
    }

    @Override
    public void getStreamImportedKeys(
            CommandGetImportedKeys command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_IMPORTED_KEYS_SCHEMA, List.of(), listener);
    }

    @Override
    public void getStreamCrossReference(
            CommandGetCrossReference command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_CROSS_REFERENCE_SCHEMA, List.of(), listener);
    }
}
