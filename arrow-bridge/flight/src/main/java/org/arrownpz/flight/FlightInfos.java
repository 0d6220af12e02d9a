package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.jspecify.annotations.Nullable;

/** Describes the offer: schemas, rows, and the tickets to get them with. */
final class FlightInfos {
    private static final String QUERY = "the query";

    private final ServedDirectory served;
    private final KnownFiles known;
    private final Queries queries;

    FlightInfos(ServedDirectory served, KnownFiles known, Queries queries) {
        this.served = served;
        this.known = known;
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
        KnownFiles.Facts facts = known.table(served.existing(part.name(), Caller.current()));
        Schema all = facts.schema();
        List<Field> fields = Arrays.stream(FrameBatches.positions(all.getFields(), part.columns()))
                .mapToObj(all.getFields()::get)
                .toList();
        Schema schema = new Schema(fields, all.getCustomMetadata());
        long rest = Math.max(0, facts.rows() - part.offset());
        long rows = facts.rows() < 0 ? -1 : part.limit() < 0 ? rest : Math.min(part.limit(), rest);
        return new FlightInfo(schema, descriptor, List.of(new FlightEndpoint(part.toTicket())), -1, rows);
    }

    /** A whole file. */
    FlightInfo ofFile(String name, FlightDescriptor descriptor) throws IOException {
        KnownFiles.Seen file = served.existing(name, Caller.current());
        KnownFiles.Facts facts = known.table(file);
        // No location: "ask the server that you asked".
        List<FlightEndpoint> endpoints =
                List.of(new FlightEndpoint(NpzTicket.of(name).toTicket()));
        return new FlightInfo(
                facts.schema(), descriptor, endpoints, file.state().size(), facts.rows());
    }

    /** Whole files of a list, those alone that are tables, as {@link #ofFile} tells of them. */
    void ofFiles(List<ServedDirectory.Served> files, BooleanSupplier gone, Consumer<? super Flight.FlightInfo> taker) {
        List<KnownFiles.@Nullable Facts> all =
                known.facts(files.stream().map(ServedDirectory.Served::seen).toList(), gone);
        for (int i = 0; i < files.size() && !gone.getAsBoolean(); i++) {
            KnownFiles.Facts facts = all.get(i);
            if (facts != null && facts.table() != null) {
                String name = files.get(i).name();
                Ticket ticket = NpzTicket.of(name).toTicket();
                taker.accept(Flight.FlightInfo.newBuilder()
                        .setSchema(facts.message())
                        .setFlightDescriptor(Flight.FlightDescriptor.newBuilder()
                                .setType(Flight.FlightDescriptor.DescriptorType.PATH)
                                .addPath(name))
                        .addEndpoint(Flight.FlightEndpoint.newBuilder()
                                .setTicket(
                                        Flight.Ticket.newBuilder().setTicket(ByteString.copyFrom(ticket.getBytes()))))
                        .setTotalBytes(files.get(i).seen().state().size())
                        .setTotalRecords(facts.rows())
                        .build());
            }
        }
    }
}
