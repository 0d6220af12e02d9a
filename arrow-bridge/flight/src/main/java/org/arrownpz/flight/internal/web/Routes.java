package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** Answers below {@code /tables}. */
final class Routes {
    private final Holdings holdings;
    private final Descriptions descriptions;
    private final RawFiles files = new RawFiles();

    Routes(Holdings holdings) {
        this.holdings = holdings;
        this.descriptions = new Descriptions(holdings);
    }

    void get(Exchange exchange) throws IOException {
        List<String> path = exchange.path();
        int size = path.size();
        if (size == 1) {
            exchange.json(HttpStatus.OK_200, descriptions.list(exchange));
            return;
        }
        // A name has one segment or, unescaped, several: what follows it is looked at first.
        Path file = size < 3 ? null : file(exchange, size - 1);
        if (file != null && path.get(size - 1).equals("data")) {
            data(exchange, file);
            return;
        }
        if (file != null && path.get(size - 1).equals("stats")) {
            stats(exchange, file);
            return;
        }
        boolean image = path.get(size - 1).equals("image");
        int arrays = size - (image ? 3 : 2);
        file = arrays < 2 || !path.get(arrays).equals("arrays") ? null : file(exchange, arrays);
        if (file != null && image) {
            Arrays.image(holdings.allocator(), file, path.get(arrays + 1), exchange);
            return;
        }
        if (file != null) {
            Arrays.values(holdings.allocator(), file, path.get(arrays + 1), exchange);
            return;
        }
        exchange.json(HttpStatus.OK_200, descriptions.describe(name(exchange, size), known(exchange)));
    }

    /** A file as it is. */
    void raw(Exchange exchange) throws IOException {
        files.send(exchange, known(exchange));
    }

    void put(Exchange exchange) throws IOException {
        String name = name(exchange, exchange.path().size());
        boolean overwrite = "true".equals(exchange.parameter("overwrite"));
        try (PutBody body = new PutBody(Content.Source.asInputStream(exchange.request()))) {
            holdings.put(name, overwrite, exchange.count("rows", -1), body, exchange.caller());
            exchange.call().inboundWireSize(body.count());
        }
        exchange.json(HttpStatus.CREATED_201, Json.object().put("name", name));
    }

    private Path known(Exchange exchange) {
        Path file = exchange.path().size() < 2
                ? null
                : file(exchange, exchange.path().size());
        if (file == null) {
            throw Exchange.notFound("there is no table of that name");
        }
        return file;
    }

    static void requireSql(Holdings holdings) {
        if (!holdings.answersSql()) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server answers no SQL");
        }
    }

    private void stats(Exchange exchange, Path file) throws IOException {
        requireSql(holdings);
        String column = exchange.parameter("column");
        if (column == null) {
            throw new IllegalArgumentException("column says of which column");
        }
        ArrowType type;
        try (ArrowReader rows = holdings.rows(file, List.of(column), 0, 0)) {
            Field field = rows.getVectorSchemaRoot().getSchema().getFields().get(0);
            type = field.getDictionary() == null ? field.getType() : ArrowType.Utf8.INSTANCE;
        }
        List<String> path = exchange.path().subList(1, exchange.path().size() - 1);
        String name = String.join("/", path);
        int slash = name.lastIndexOf('/');
        String table = (slash < 0 ? "" : Statistics.quote(name.substring(0, slash)) + ".")
                + Statistics.quote(name.substring(slash + 1));
        Statistics.send(holdings, exchange, table, file, column, type);
    }

    private @Nullable Path file(Exchange exchange, int end) {
        return holdings.file(name(exchange, end), exchange.caller());
    }

    private static String name(Exchange exchange, int end) {
        return String.join("/", exchange.path().subList(1, end));
    }

    private void data(Exchange exchange, Path file) throws IOException {
        Form form = Form.of(
                exchange.parameter("format"), exchange.request().getHeaders().get(HttpHeader.ACCEPT));
        Exchange.Range rows = exchange.range("rows");
        try (ArrowReader reader = holdings.rows(file, columns(exchange, file), rows.from(), rows.length())) {
            if (exchange.isHead()) {
                exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, form.mediaType);
            } else {
                Data.send(exchange, form, reader, rows.from(), holdings::givesUp);
            }
        }
    }

    /** By name, or a window of them by number. */
    private List<String> columns(Exchange exchange, Path file) throws IOException {
        List<String> names = exchange.columns();
        if (exchange.parameter("cols") == null) {
            return names;
        }
        Exchange.Range window = exchange.range("cols");
        if (names.isEmpty()) {
            names = holdings.columns(file);
        }
        int to = (int) Math.min(names.size(), window.to());
        return names.subList((int) Math.min(to, window.from()), to);
    }
}
