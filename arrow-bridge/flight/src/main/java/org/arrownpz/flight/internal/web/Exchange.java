package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.flight.CallStatus;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.watch.WatchedCall;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * A request of a caller that is let in, and its answer.
 *
 * @param path the decoded segments of the path
 */
record Exchange(Request request, Response response, List<String> path, Caller caller, WatchedCall call) {
    static final String JSON = "application/json";
    /** A header: the id of a call, or of a statement. */
    static final String ID = "Query-Id";

    static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
    private static final long MAX_COUNT = 1L << 62;

    /** A part of a sequence, from one position to, exclusively, another. */
    record Range(long from, long to) {
        long length() {
            return to - from;
        }
    }

    /** The segments of a path, each decoded by itself. */
    static List<String> segments(String rawPath) {
        return Stream.of(rawPath.substring(1).split("/", -1))
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
    }

    boolean isHead() {
        return request.getMethod().equals("HEAD");
    }

    private Fields query() {
        try {
            return Request.extractQueryParameters(request);
        } catch (Exception e) {
            // Jetty throws an IOException that it does not declare.
            throw new IllegalArgumentException("the query of the URL is no text", e);
        }
    }

    @Nullable
    String parameter(String name) {
        return query().getValue(name);
    }

    /** The columns that are wanted: {@code columns=a,b}, and each {@code column=} one whose name may hold commas. */
    List<String> columns() {
        List<String> names = new ArrayList<>();
        String listed = parameter("columns");
        if (listed != null && !listed.isEmpty()) {
            names.addAll(List.of(listed.split(",", -1)));
        }
        names.addAll(query().getValuesOrEmpty("column"));
        return names;
    }

    /** A range such as {@code 10:20}, {@code 10:} or {@code :20}; all where the parameter is absent. */
    Range range(String name) {
        String text = parameter(name);
        if (text == null) {
            return new Range(0, MAX_COUNT);
        }
        int colon = text.indexOf(':');
        if (colon < 0 || text.length() > 40) {
            throw new IllegalArgumentException(name + " is from:to");
        }
        long from = number(text.substring(0, colon), 0, name);
        return new Range(from, Math.max(from, number(text.substring(colon + 1), MAX_COUNT, name)));
    }

    /** A count, or what it is where the parameter is absent. */
    long count(String name, long absent) {
        String text = parameter(name);
        return text == null ? absent : number(text, absent, name);
    }

    private static long number(String text, long absent, String name) {
        if (text.isEmpty()) {
            return absent;
        }
        if (text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(name + " is no count");
        }
        return Long.parseLong(text);
    }

    /** Answers with JSON. */
    void json(int status, ObjectNode node) throws IOException {
        response.setStatus(status);
        bytes(JSON, Json.bytes(node));
    }

    /** Answers with bytes that are at hand. */
    void bytes(String type, byte[] bytes) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
    }

    static RuntimeException notFound(String what) {
        return FlightFaults.of(CallStatus.NOT_FOUND, what);
    }
}
