package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.web.Holdings.Statement;
import org.arrownpz.sql.Sql;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** SQL: a statement and its result, and the end of a statement that runs. */
final class Statements {
    private static final int MAX_BYTES = 1 << 20;
    private static final long DEFAULT_LIMIT = 10_000;
    private static final Set<String> KEYS = Set.of("sql", "parameters");

    private final Holdings holdings;

    Statements(Holdings holdings) {
        this.holdings = holdings;
    }

    void run(Exchange exchange) throws IOException {
        String type = exchange.request().getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(Exchange.JSON)) {
            // No page of another site can send this without asking the server first, which says no.
            throw new Problems.Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "send " + Exchange.JSON, -1);
        }
        Statement statement = statement(exchange);
        Form form = Form.of(
                exchange.parameter("format"), exchange.request().getHeaders().get(HttpHeader.ACCEPT));
        exchange.call().setId(statement.id());
        exchange.response().getHeaders().put(Exchange.ID, statement.id().toString());
        try (Presence client = new Presence(exchange);
                ArrowReader rows = holdings.query(statement, exchange.caller(), client::isGone, client::onGone)) {
            if (form == Form.JSON_ROWS) {
                answer(exchange, statement.id(), rows);
            } else {
                Data.send(exchange, form, rows, 0, holdings::givesUp);
            }
        } catch (Sql.StatementException e) {
            throw new Problems.Refusal(
                    HttpStatus.BAD_REQUEST_400,
                    FlightFaults.ofStatement(e).status().description(),
                    position(statement.sql(), e.excerpt()));
        } catch (RuntimeException e) {
            throw FlightFaults.ofStatement(e);
        }
    }

    void cancel(Exchange exchange) throws IOException {
        if (exchange.path().size() != 2 || !holdings.cancel(id(exchange.path().get(1)))) {
            throw Exchange.notFound("no statement of that id runs");
        }
        exchange.response().setStatus(HttpStatus.NO_CONTENT_204);
    }

    private static UUID id(String text) {
        if (text.length() != 36) {
            throw new IllegalArgumentException("an id is a UUID");
        }
        return UUID.fromString(text);
    }

    private static Statement statement(Exchange exchange) throws IOException {
        JsonNode body;
        try (InputStream in = Content.Source.asInputStream(exchange.request())) {
            body = Json.read(in.readNBytes(MAX_BYTES + 1), "statement");
        }
        Json.requireKeys(body, KEYS, "statement");
        if (!body.path("sql").isTextual()) {
            throw new IllegalArgumentException("the statement's \"sql\" is no text");
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonNode value : body.path("parameters")) {
            values.add(value(value));
        }
        String id = exchange.request().getHeaders().get(Exchange.ID);
        return new Statement(
                id == null ? exchange.call().id() : id(id), body.get("sql").textValue(), values);
    }

    private static @Nullable Object value(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.canConvertToExactIntegral() && value.canConvertToLong()) {
            return value.longValue();
        }
        if (value.isNumber()) {
            return value.doubleValue();
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("a parameter is a text, a number, true, false or null");
        }
        return value.textValue();
    }

    private void answer(Exchange exchange, UUID id, ArrowReader rows) throws IOException {
        exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
        JsonGenerator json = Data.generator(new Reply(exchange.response(), holdings::givesUp));
        json.writeStartObject();
        json.writeStringField("id", id.toString());
        json.writeArrayFieldStart("columns");
        for (Field field : rows.getVectorSchemaRoot().getSchema().getFields()) {
            json.writeStartObject();
            json.writeStringField("name", field.getName());
            json.writeStringField("type", field.getType().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        boolean more = Data.rows(rows, exchange.count("limit", DEFAULT_LIMIT), 1, json) < 0;
        json.writeBooleanField("more", more);
        json.writeEndObject();
        json.close();
    }

    /** The place in a statement that an excerpt of it points at, or −1. */
    static int position(String sql, String excerpt) {
        int line = excerpt.indexOf('\n');
        int head = excerpt.indexOf(": ") + 2;
        int caret = excerpt.indexOf('^') - line - 1;
        if (line < 0 || head < 2 || caret < head || !excerpt.startsWith("LINE ")) {
            return -1;
        }
        int start = 0;
        for (int left = Integer.parseInt(excerpt.substring(5, head - 2)); left > 1; left--) {
            start = sql.indexOf('\n', start) + 1;
        }
        String before = excerpt.substring(head, Math.min(line, caret));
        if (!before.startsWith("...")) {
            return start + before.length();
        }
        int found = sql.indexOf(before.substring(3), start);
        return found < 0 ? -1 : found + before.length() - 3;
    }
}
