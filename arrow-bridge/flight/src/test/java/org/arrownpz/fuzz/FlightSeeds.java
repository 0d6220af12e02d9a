package org.arrownpz.fuzz;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.ClientInput.Kind;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;

/** Where fuzzing of the Flight server begins: every command, action and ticket that it knows, and some that are near. */
public final class FlightSeeds {
    private static final List<String> TEXTS = List.of(
            "{\"v\":1,\"name\":\"prices\"}",
            "{\"v\":1,\"name\":\"prices\",\"columns\":[\"twice\",\"key\"],\"offset\":1,\"limit\":2}",
            "{\"v\":1,\"name\":\"prices\",\"compression\":\"zstd\"}",
            "{\"v\":1,\"name\":\"prices\",\"compression\":\"lz4\",\"limit\":0}",
            "{\"v\":1,\"name\":\"none\",\"offset\":9223372036854775807}",
            "{\"v\":1,\"name\":\"copy\",\"overwrite\":true,\"rows\":1000,\"closing\":false}",
            "{\"v\":1,\"sql\":\"SELECT * FROM prices\"}",
            "{\"sql\":\"SELECT 1\"}",
            "prices",
            "prices.npz",
            "../prices",
            "a\nb",
            "",
            "{",
            "[[[[",
            "\0\0\0\0");

    private final Map<String, byte[]> inputs = new LinkedHashMap<>();

    private FlightSeeds() {}

    public static Map<String, byte[]> all() {
        FlightSeeds seeds = new FlightSeeds();
        for (int i = 0; i < TEXTS.size(); i++) {
            byte[] text = TEXTS.get(i).getBytes(StandardCharsets.UTF_8);
            for (Kind kind : List.of(Kind.TICKET, Kind.COMMAND, Kind.PUT, Kind.PATH, Kind.CRITERIA)) {
                seeds.put("text" + i, kind, text);
            }
        }
        seeds.commands();
        seeds.actions();
        seeds.parameters();
        return seeds.inputs;
    }

    /** Writes seeds and regressions: the target's class (there is one), and the folder. */
    public static void main(String[] arguments) throws Exception {
        SeedFiles.write(Path.of(arguments[1]), all());
        SeedFiles.write(Path.of(arguments[1]), SeedFiles.regressions(FlightCommandsTarget.class.getSimpleName()));
    }

    private void put(String name, Kind kind, byte[] bytes) {
        inputs.put(
                kind + "-" + name,
                ByteBuffer.allocate(1 + bytes.length)
                        .put((byte) kind.ordinal())
                        .put(bytes)
                        .array());
    }

    private void commands() {
        List<Message> messages = List.of(
                FlightSql.CommandStatementQuery.newBuilder()
                        .setQuery("SELECT 1")
                        .build(),
                FlightSql.CommandStatementQuery.newBuilder()
                        .setQuery("SELECT 1")
                        .setTransactionId(ByteString.copyFromUtf8("t"))
                        .build(),
                FlightSql.CommandStatementSubstraitPlan.newBuilder().build(),
                FlightSql.CommandStatementUpdate.newBuilder()
                        .setQuery("DROP VIEW prices")
                        .build(),
                FlightSql.CommandStatementIngest.newBuilder().setTable("prices").build(),
                FlightSql.CommandPreparedStatementQuery.newBuilder()
                        .setPreparedStatementHandle(ByteString.copyFromUtf8("h"))
                        .build(),
                FlightSql.CommandPreparedStatementUpdate.newBuilder().build(),
                FlightSql.CommandGetCatalogs.newBuilder().build(),
                FlightSql.CommandGetDbSchemas.newBuilder()
                        .setCatalog("")
                        .setDbSchemaFilterPattern("ma%")
                        .build(),
                FlightSql.CommandGetTables.newBuilder()
                        .setDbSchemaFilterPattern("%")
                        .setTableNameFilterPattern("p_i\\%%")
                        .addTableTypes("TABLE")
                        .build(),
                FlightSql.CommandGetTables.newBuilder().setIncludeSchema(true).build(),
                FlightSql.CommandGetTableTypes.newBuilder().build(),
                FlightSql.CommandGetSqlInfo.newBuilder().addInfo(0).addInfo(500).build(),
                FlightSql.CommandGetXdbcTypeInfo.newBuilder().setDataType(4).build(),
                FlightSql.CommandGetPrimaryKeys.newBuilder().setTable("prices").build(),
                FlightSql.CommandGetExportedKeys.newBuilder().setTable("prices").build(),
                FlightSql.CommandGetImportedKeys.newBuilder().setTable("prices").build(),
                FlightSql.CommandGetCrossReference.newBuilder()
                        .setPkTable("prices")
                        .setFkTable("prices")
                        .build(),
                FlightSql.TicketStatementQuery.newBuilder().build());
        for (Message message : messages) {
            String name = message.getDescriptorForType().getName();
            byte[] bytes = Any.pack(message).toByteArray();
            put(name + inputs.size(), Kind.COMMAND, bytes);
            put(
                    name + inputs.size(),
                    Kind.SIGNED_TICKET,
                    ByteBuffer.allocate(1 + bytes.length)
                            .put((byte) 'M')
                            .put(bytes)
                            .array());
        }
        byte[] statement = BoundStatement.of("SELECT 1", true).bytes();
        put("statement", Kind.SIGNED_HANDLE, statement);
        put(
                "statement",
                Kind.SIGNED_TICKET,
                ByteBuffer.allocate(17 + statement.length)
                        .put((byte) 'Q')
                        .putLong(1)
                        .putLong(2)
                        .put(statement)
                        .array());
    }

    private void actions() {
        List<Message> bodies = List.of(
                FlightSql.ActionCreatePreparedStatementRequest.newBuilder()
                        .setQuery("SELECT ?")
                        .build(),
                FlightSql.ActionClosePreparedStatementRequest.newBuilder()
                        .setPreparedStatementHandle(ByteString.copyFromUtf8("h"))
                        .build(),
                FlightSql.ActionCancelQueryRequest.newBuilder()
                        .setInfo(ByteString.copyFrom(info().serialize()))
                        .build(),
                FlightSql.ActionBeginTransactionRequest.newBuilder().build());
        for (int type = 0; type < 6; type++) {
            for (Message body : bodies) {
                action("action" + inputs.size(), type, Any.pack(body).toByteArray());
            }
            action("action" + inputs.size(), type, bytes(new CancelFlightInfoRequest(info()).serialize()));
        }
    }

    private void action(String name, int type, byte[] body) {
        put(
                name,
                Kind.ACTION,
                ByteBuffer.allocate(1 + body.length).put((byte) type).put(body).array());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static FlightInfo info() {
        return new FlightInfo(
                new Schema(List.of()),
                FlightDescriptor.path("prices"),
                List.of(new FlightEndpoint(new Ticket(new byte[50]))),
                -1,
                -1);
    }

    /** A row of each type. */
    private void parameters() {
        try (BufferAllocator allocator = new RootAllocator()) {
            int number = 0;
            for (Field field : AllTypes.all()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                RandomVectors random = new RandomVectors(allocator, number++, true);
                try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(random.vector(field, 1)));
                        ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
                    writer.writeBatch();
                    writer.end();
                }
                put(field.getName(), Kind.PARAMETERS, bytes.toByteArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
