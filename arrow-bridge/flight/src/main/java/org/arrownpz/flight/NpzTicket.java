package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.Ticket;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.ipc.IpcOptions;
import org.jspecify.annotations.Nullable;

/**
 * A client's request: {@code {"v":1,"name":"prices","columns":["close"],"offset":0,"limit":100,"compression":"zstd"}}.
 * All but version and name may be absent. A ticket carries no rights; every use is checked anew.
 *
 * <pre>{@code
 * try (FlightClient client = FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", 31337)).build();
 *         FlightStream rows = client.getStream(NpzTicket.of("prices").withColumns("close").withRows(0, 100).toTicket())) {
 *     while (rows.next()) {
 *         System.out.println(rows.getRoot().contentToTSVString());
 *     }
 * }
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param name the file in the directory, without its extension; with it where another format's file has the name, too
 * @param columns field names, index levels included, in the order wanted; empty for all
 * @param offset the first row
 * @param limit the number of rows at most, or -1 for all
 * @param compression of the buffers on their way, {@code "lz4"} or {@code "zstd"}, which the client must know
 */
public record NpzTicket(
        String name, List<String> columns, long offset, long limit, IpcOptions.Compression compression) {
    private static final int VERSION = 1;
    private static final String WHAT = "ticket";
    private static final String COMPRESSION = "compression";
    private static final Set<String> KEYS = Set.of("v", "name", "columns", "offset", "limit", COMPRESSION);

    public NpzTicket {
        Json.requireName(name);
        columns = List.copyOf(columns);
        if (offset < 0 || limit < -1) {
            throw new IllegalArgumentException("offset and limit are not negative");
        }
    }

    /** Without compression. */
    public NpzTicket(String name, List<String> columns, long offset, long limit) {
        this(name, columns, offset, limit, IpcOptions.Compression.NONE);
    }

    /** All rows and columns of a file. */
    public static NpzTicket of(String name) {
        return new NpzTicket(name, List.of(), 0, -1);
    }

    /** Asks for these columns only, in this order. */
    public NpzTicket withColumns(String... names) {
        return new NpzTicket(name, List.of(names), offset, limit, compression);
    }

    /** Asks for {@code count} rows from row {@code first} (0-based) on; a count of −1 is all that follow. */
    public NpzTicket withRows(long first, long count) {
        return new NpzTicket(name, columns, first, count, compression);
    }

    /** Asks for buffers that are compressed in this way. */
    public NpzTicket withCompression(IpcOptions.Compression wanted) {
        return new NpzTicket(name, columns, offset, limit, wanted);
    }

    /** The ticket as Flight sends it. */
    public Ticket toTicket() {
        return new Ticket(bytes());
    }

    /** The command descriptor by which a client asks for the schema, the number of rows and the ticket. */
    public FlightDescriptor toDescriptor() {
        return FlightDescriptor.command(bytes());
    }

    private byte[] bytes() {
        ObjectNode node = Json.object().put("v", VERSION).put("name", name);
        if (!columns.isEmpty()) {
            ArrayNode list = node.putArray("columns");
            columns.forEach(list::add);
        }
        if (offset > 0) {
            node.put("offset", offset);
        }
        if (limit >= 0) {
            node.put("limit", limit);
        }
        if (compression != IpcOptions.Compression.NONE) {
            node.put(COMPRESSION, compression.name().toLowerCase(Locale.ROOT));
        }
        return Json.bytes(node);
    }

    /**
     * Reads a ticket of a client.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static NpzTicket parse(JsonNode node) {
        Json.requireVersion(node, VERSION, false, WHAT);
        Json.requireKeys(node, KEYS, WHAT);
        return new NpzTicket(
                Json.name(node, WHAT),
                Json.texts(node, "columns", WHAT),
                Math.max(0, Json.rows(node, "offset", WHAT)),
                Json.rows(node, "limit", WHAT),
                compression(node.get(COMPRESSION)));
    }

    private static IpcOptions.Compression compression(@Nullable JsonNode name) {
        if (name == null) {
            return IpcOptions.Compression.NONE;
        }
        return switch (name.isTextual() ? name.textValue() : "") {
            case "none" -> IpcOptions.Compression.NONE;
            case "lz4" -> IpcOptions.Compression.LZ4;
            case "zstd" -> IpcOptions.Compression.ZSTD;
            default -> throw new IllegalArgumentException("the ticket's compression is none of none, lz4, zstd");
        };
    }
}
