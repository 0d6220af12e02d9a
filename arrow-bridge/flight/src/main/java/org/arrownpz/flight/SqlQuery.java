package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.Ticket;
import org.arrownpz.flight.internal.Json;

/**
 * A SQL statement over the server's files, as command descriptor and as ticket: {@code {"v":1,"sql":"SELECT …"}}; the
 * version may be absent. Files are tables under their names, with or without {@code .npz}.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param sql one query, in DuckDB's dialect
 */
public record SqlQuery(String sql) {
    private static final int VERSION = 1;
    private static final String KEY = "sql";
    private static final Set<String> KEYS = Set.of("v", KEY);

    /** The descriptor by which a client asks for the schema and the ticket. */
    public FlightDescriptor toDescriptor() {
        return FlightDescriptor.command(Json.bytes(node()));
    }

    /** The ticket by which a client asks for the rows. */
    public Ticket toTicket() {
        return new Ticket(Json.bytes(node()));
    }

    private ObjectNode node() {
        return Json.object().put("v", VERSION).put(KEY, sql);
    }

    /** Whether a ticket or command is a statement, well-formed or not. */
    static boolean isOne(JsonNode node) {
        return node.has(KEY);
    }

    /**
     * Reads what a client sent.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static SqlQuery parse(JsonNode node) {
        Json.requireKeys(node, KEYS, "query");
        Json.requireVersion(node, VERSION, true, "query");
        if (!node.path(KEY).isTextual()) {
            throw new IllegalArgumentException("the query's \"sql\" is no text");
        }
        return new SqlQuery(node.path(KEY).textValue());
    }
}
