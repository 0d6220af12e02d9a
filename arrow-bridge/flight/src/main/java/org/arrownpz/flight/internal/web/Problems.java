package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightStatusCode;
import org.arrownpz.NpzException;
import org.arrownpz.flight.internal.Json;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Errors as JSON (RFC 9457), without paths and secrets: those of calls, and Jetty's own. */
final class Problems extends ErrorHandler {
    private static final String TYPE = "application/problem+json";
    private static final int CANCELLED = 499;
    /** The statuses that gRPC's codes have by convention. */
    private static final Map<FlightStatusCode, Integer> STATUSES = Map.ofEntries(
            Map.entry(FlightStatusCode.CANCELLED, CANCELLED),
            Map.entry(FlightStatusCode.INVALID_ARGUMENT, HttpStatus.BAD_REQUEST_400),
            Map.entry(FlightStatusCode.TIMED_OUT, HttpStatus.GATEWAY_TIMEOUT_504),
            Map.entry(FlightStatusCode.NOT_FOUND, HttpStatus.NOT_FOUND_404),
            Map.entry(FlightStatusCode.ALREADY_EXISTS, HttpStatus.CONFLICT_409),
            Map.entry(FlightStatusCode.UNAUTHENTICATED, HttpStatus.UNAUTHORIZED_401),
            Map.entry(FlightStatusCode.UNAUTHORIZED, HttpStatus.FORBIDDEN_403),
            Map.entry(FlightStatusCode.RESOURCE_EXHAUSTED, HttpStatus.TOO_MANY_REQUESTS_429),
            Map.entry(FlightStatusCode.UNIMPLEMENTED, HttpStatus.NOT_IMPLEMENTED_501),
            Map.entry(FlightStatusCode.UNAVAILABLE, HttpStatus.SERVICE_UNAVAILABLE_503));

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    /** Says to browsers what they must not do with an answer. */
    static void secure(HttpFields.Mutable headers) {
        HEADERS.forEach(headers::put);
    }

    /** Answers a call that failed. */
    static void write(Response response, Callback callback, CallStatus status) {
        int code = STATUSES.getOrDefault(status.code(), HttpStatus.INTERNAL_SERVER_ERROR_500);
        ObjectNode problem =
                problem(code, status.description()).put("code", status.code().name());
        Throwable cause = status.cause();
        for (int depth = 0; cause != null && depth < 5; depth++, cause = cause.getCause()) {
            if (cause instanceof NpzException fault) {
                problem.put("code", fault.code().name());
                put(problem, "member", fault.member());
                break;
            }
        }
        String connection = response.getHeaders().get(HttpHeader.CONNECTION);
        String id = response.getHeaders().get(Exchange.ID);
        response.reset();
        if (connection != null) {
            response.getHeaders().put(HttpHeader.CONNECTION, connection);
        }
        response.getHeaders().put(Exchange.ID, id);
        send(response, callback, code, problem);
    }

    /** A request that HTTP, or DuckDB, refuses. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final int position;

        /** @param position the place in a statement, or −1 */
        Refusal(int status, @Nullable String detail, int position) {
            super(detail);
            this.status = status;
            this.position = position;
        }

        int status() {
            return status;
        }
    }

    /** Answers a request that is refused. */
    static void write(Response response, Callback callback, Refusal refusal) {
        ObjectNode problem = problem(refusal.status, refusal.getMessage());
        if (refusal.position >= 0) {
            problem.put("code", FlightStatusCode.INVALID_ARGUMENT.name()).put("position", refusal.position);
        }
        send(response, callback, refusal.status, problem);
    }

    private static void send(Response response, Callback callback, int status, ObjectNode problem) {
        response.setStatus(status);
        HttpFields.Mutable headers = response.getHeaders();
        secure(headers);
        headers.put(HttpHeader.CONTENT_TYPE, TYPE);
        put(problem, "id", headers.get(Exchange.ID));
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (status == HttpStatus.UNAUTHORIZED_401) {
            headers.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        response.write(true, ByteBuffer.wrap(Json.bytes(problem)), callback);
    }

    private static ObjectNode problem(int status, @Nullable String detail) {
        ObjectNode problem = Json.object().put("type", "about:blank");
        String title = status == CANCELLED ? "Cancelled" : HttpStatus.getMessage(status);
        problem.put("title", title).put("status", status);
        put(problem, "detail", detail);
        return problem;
    }

    private static void put(ObjectNode problem, String key, @Nullable String value) {
        if (value != null) {
            problem.put(key, value);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        write(response, callback, new Refusal(response.getStatus(), null, -1));
        return true;
    }
}
