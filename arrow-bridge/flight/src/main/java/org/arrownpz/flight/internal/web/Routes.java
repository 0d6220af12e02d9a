package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Answers below {@code /tables}. */
final class Routes {
    private final Holdings holdings;
    private final Descriptions descriptions;

    Routes(Holdings holdings) {
        this.holdings = holdings;
        this.descriptions = new Descriptions(holdings);
    }

    void get(Exchange exchange) throws IOException {
        List<String> path = exchange.path();
        if (path.size() == 1) {
            exchange.json(200, descriptions.list(exchange));
            return;
        }
        // A name has one segment or, unescaped, several.
        int last = path.size() - 1;
        Path file = last < 2 ? null : file(exchange, last);
        if (file != null && path.get(last).equals("data")) {
            data(exchange, file);
            return;
        }
        file = file(exchange, path.size());
        if (file == null) {
            throw Exchange.notFound("there is no table of that name");
        }
        exchange.json(200, descriptions.describe(name(exchange, path.size()), file));
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
                Data.send(exchange, form, reader, rows.from(), holdings::closing);
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
