package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/** Describes the offer: schemas, rows, and the tickets to get them with. */
final class FlightInfos {
    private static final String QUERY = "the query";

    private final ServedDirectory served;
    private final BufferAllocator allocator;
    private final Queries queries;

    FlightInfos(ServedDirectory served, BufferAllocator allocator, Queries queries) {
        this.served = served;
        this.allocator = allocator;
        this.queries = queries;
    }

    /**
     * The content that a JSON command describes: a part of a file, or a query's result.
     *
     * @param gone whether nobody waits for the answer any more
     */
    FlightInfo ofCommand(FlightDescriptor descriptor, BooleanSupplier gone) {
        String name = QUERY;
        try {
            JsonNode command = Json.read(descriptor.getCommand(), "command");
            if (!SqlQuery.isOne(command)) {
                NpzTicket part = NpzTicket.parse(command);
                name = part.name();
                return ofPart(part, descriptor);
            }
            return ofQuery(SqlQuery.parse(command), descriptor, gone);
        } catch (IOException | RuntimeException e) {
            throw FlightFaults.status(name, e);
        }
    }

    private FlightInfo ofQuery(SqlQuery query, FlightDescriptor descriptor, BooleanSupplier gone) {
        try {
            Schema schema = queries.schema(BoundStatement.of(query.sql(), false), gone);
            return new FlightInfo(schema, descriptor, List.of(new FlightEndpoint(query.toTicket())), -1, -1);
        } catch (IOException | RuntimeException e) {
            throw FlightFaults.ofStatement(e);
        }
    }

    /** Columns and rows of a file. Their bytes are not known before they are read. */
    private FlightInfo ofPart(NpzTicket part, FlightDescriptor descriptor) throws IOException {
        try (Frame frame = Frames.open(allocator, served.existing(part.name(), Caller.current()))) {
            Schema all = frame.interchangeSchema();
            List<Field> fields = new ArrayList<>();
            for (String column : part.columns()) {
                Field field = all.getFields().stream()
                        .filter(one -> one.getName().equals(column))
                        .findFirst()
                        .orElse(null);
                if (field == null || fields.contains(field)) {
                    throw FrameBatches.misnamed(
                            column, all.getFields().stream().map(Field::getName).toList());
                }
                fields.add(field);
            }
            Schema schema = fields.isEmpty() ? all : new Schema(fields, all.getCustomMetadata());
            long rest = frame.rowCount() - Math.min(part.offset(), frame.rowCount());
            long rows = part.limit() < 0 ? rest : Math.min(part.limit(), rest);
            return new FlightInfo(schema, descriptor, List.of(new FlightEndpoint(part.toTicket())), -1, rows);
        }
    }

    /** A whole file. */
    FlightInfo ofFile(String name, FlightDescriptor descriptor) throws IOException {
        Path file = served.existing(name, Caller.current());
        try (Frame frame = Frames.open(allocator, file)) {
            Schema schema = frame.interchangeSchema();
            // No location: "ask the server that you asked".
            FlightEndpoint endpoint = new FlightEndpoint(NpzTicket.of(name).toTicket());
            return new FlightInfo(schema, descriptor, List.of(endpoint), Files.size(file), frame.rowCount());
        }
    }
}
