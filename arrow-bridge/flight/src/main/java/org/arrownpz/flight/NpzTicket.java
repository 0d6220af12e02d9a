package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.flight.Ticket;

/**
 * What a client asks for: {@code {"v":1,"name":"prices","columns":["close"],"offset":0,"limit":100}}. All but version
 * and name may be absent. A ticket carries no rights; every use is checked anew.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param name the file in the directory, without its extension
 * @param columns field names, index levels included, in the order wanted; empty for all
 * @param offset the first row
 * @param limit the number of rows at most, or -1 for all
 */
public record NpzTicket(String name, List<String> columns, long offset, long limit) {
    private static final int VERSION = 1;
    private static final Set<String> KEYS = Set.of("v", "name", "columns", "offset", "limit");

    public NpzTicket {
        columns = List.copyOf(columns);
        if (offset < 0 || limit < -1) {
            throw new IllegalArgumentException("offset and limit are not negative");
        }
    }

    /** All rows and columns of a file. */
    public static NpzTicket of(String name) {
        return new NpzTicket(name, List.of(), 0, -1);
    }

    /** Asks for these columns only, in this order. */
    public NpzTicket withColumns(String... names) {
        return new NpzTicket(name, List.of(names), offset, limit);
    }

    /** Asks for {@code count} rows from row {@code first} (0-based) on; a count of −1 is all that follow. */
    public NpzTicket withRows(long first, long count) {
        return new NpzTicket(name, columns, first, count);
    }

    /** The ticket as Flight sends it. */
    public Ticket toTicket() {
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
        return new Ticket(Json.bytes(node));
    }

    /**
     * Reads a ticket of a client.
     *
     * @throws IllegalArgumentException when it is not what it should be
     */
    static NpzTicket parse(JsonNode node) {
        if (node.path("v").asInt() != VERSION) {
            throw new IllegalArgumentException("the ticket's version \"v\" is not " + VERSION);
        }
        Json.requireKeys(node, KEYS, "ticket");
        if (!node.path("name").isTextual()) {
            throw new IllegalArgumentException("the ticket has no name");
        }
        List<String> columns = new ArrayList<>();
        for (JsonNode column : node.path("columns")) {
            if (!column.isTextual()) {
                throw new IllegalArgumentException("the ticket's columns are no names");
            }
            columns.add(column.textValue());
        }
        return new NpzTicket(
                node.path("name").textValue(), columns, number(node, "offset", 0), number(node, "limit", -1));
    }

    private static long number(JsonNode node, String key, long absent) {
        JsonNode value = node.get(key);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new IllegalArgumentException("the ticket's " + key + " is no row count");
        }
        return value.longValue();
    }
}
