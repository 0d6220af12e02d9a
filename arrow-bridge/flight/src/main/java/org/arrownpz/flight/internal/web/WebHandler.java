package org.arrownpz.flight.internal.web;

import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.grpc.StatusUtils;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Login;
import org.arrownpz.flight.internal.watch.Watch;
import org.arrownpz.flight.internal.watch.WatchedCall;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Routes. Hosts are looked at first, then tokens; what needs a token runs on the threads of streams, of which there are so
 * many and no more.
 */
final class WebHandler extends Handler.Abstract {
    private static final byte[] SERVING = "{\"status\":\"SERVING\"}".getBytes(StandardCharsets.US_ASCII);
    private static final String NOTHING = "there is nothing of that name";
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|(?:0{1,4}:){0,7}0{0,3}1|::1");
    private static final Set<String> ROUTES =
            Set.of("tables", "sql", "session", "files", "metrics", "page", "lib", "health", "openapi.json", "");

    private final Holdings holdings;
    private final Login login;
    private final Watch watch;
    private final Executor streams;
    private final Set<String> hosts;
    private final Routes tables;

    /** @param hosts names by which clients may call the server, in lower case, beside those of this machine */
    WebHandler(Holdings holdings, Login login, Watch watch, Executor streams, Set<String> hosts) {
        this.holdings = holdings;
        this.login = login;
        this.watch = watch;
        this.streams = streams;
        this.hosts = hosts;
        this.tables = new Routes(holdings);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Problems.secure(response.getHeaders());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        List<String> path = path(request);
        String route = path.isEmpty() || !ROUTES.contains(path.get(0)) ? "other" : path.get(0);
        WatchedCall call = watch.begin(route.isEmpty() ? "http page" : "http " + route, address(request));
        response.getHeaders().put(Exchange.ID, call.id().toString());
        Ending end = new Ending(call, response, callback);
        if (!isOurs(request)) {
            end.refuse(new Problems.Refusal(HttpStatus.MISDIRECTED_REQUEST_421, "this server has another name", -1));
        } else if (path.isEmpty()) {
            end.fail(Exchange.notFound(NOTHING));
        } else if (!isOpen(request, response, path, end)) {
            admit(new Exchange(request, response, path, Caller.current(), call), end);
        }
        return true;
    }

    private static List<String> path(Request request) {
        try {
            return Exchange.segments(request.getHttpURI().getPath());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return List.of();
        }
    }

    /** Answers what nobody is asked for a token for. */
    private static boolean isOpen(Request request, Response response, List<String> path, Ending end)
            throws IOException {
        if (!Set.of("GET", "HEAD").contains(request.getMethod())) {
            return false;
        }
        boolean health = path.equals(List.of("health"));
        Page.Resource resource = health ? null : Page.find(path);
        if (resource != null) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, resource.type());
            response.write(true, ByteBuffer.wrap(resource.bytes()), end);
        } else if (health) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
            response.write(true, ByteBuffer.wrap(SERVING), end);
        }
        boolean open = !Set.of("tables", "files", "sql", "session", "metrics").contains(path.get(0));
        if (resource == null && !health && open) {
            end.fail(Exchange.notFound(NOTHING));
        }
        return open;
    }

    /**
     * Whether a request means this server: no page of another site reaches it in a browser by a name of its own that it
     * lets lead here. An address that the request came to is no such name.
     */
    private boolean isOurs(Request request) {
        String name = Request.getServerName(request).toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return hosts.contains(name) || LOOPBACK.matcher(name).matches() || name.equals(Request.getLocalAddr(request));
    }

    private void admit(Exchange exchange, Ending end) {
        Request request = exchange.request();
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        Caller caller = login.caller(header, certificate(request));
        if (caller == null) {
            Runnable refuse = () -> end.fail(FlightFaults.of(CallStatus.UNAUTHENTICATED, Login.REFUSAL));
            long millis = login.refuse(address(request), header != null);
            request.getComponents().getScheduler().schedule(refuse, millis, TimeUnit.MILLISECONDS);
            return;
        }
        exchange.call().callBy(caller.name());
        Exchange known = new Exchange(request, exchange.response(), exchange.path(), caller, exchange.call());
        Runnable give;
        try {
            give = holdings.take(caller);
        } catch (FlightRuntimeException e) {
            end.fail(e);
            return;
        }
        try {
            streams.execute(() -> {
                try {
                    run(known, end);
                } finally {
                    give.run();
                }
            });
        } catch (RejectedExecutionException e) {
            give.run();
            end.fail(FlightFaults.of(CallStatus.UNAVAILABLE, "the server is busy or shuts down"));
        }
    }

    private void run(Exchange exchange, Ending end) {
        try {
            route(exchange);
            // Nothing is left, where all was written at once.
            exchange.response().write(true, null, end);
        } catch (Problems.Refusal e) {
            end.refuse(e);
        } catch (IOException | RuntimeException | Error e) {
            end.fail(FlightFaults.status(String.join("/", exchange.path()), e));
        }
    }

    private void route(Exchange exchange) throws IOException {
        String method = exchange.isHead() ? "GET" : exchange.request().getMethod();
        switch (method + " " + exchange.path().get(0)) {
            case "GET tables" -> tables.get(exchange);
            case "PUT tables" -> tables.put(exchange);
            case "GET files" -> tables.raw(exchange);
            case "POST sql" -> sql().run(exchange);
            case "DELETE sql" -> sql().cancel(exchange);
            case "GET session" -> {
                String session = login.session(exchange.caller());
                if (session == null) {
                    throw Exchange.notFound(NOTHING);
                }
                exchange.json(HttpStatus.OK_200, Json.object().put("token", session));
            }
            case "GET metrics" ->
                exchange.bytes(Exchange.METRICS, holdings.metrics().getBytes(StandardCharsets.UTF_8));
            default ->
                throw ROUTES.contains(exchange.path().get(0))
                        ? new Problems.Refusal(HttpStatus.METHOD_NOT_ALLOWED_405, null, -1)
                        : Exchange.notFound(NOTHING);
        }
    }

    /** Made where there is DuckDB alone. */
    private Statements sql() {
        Routes.requireSql(holdings);
        return new Statements(holdings);
    }

    private static String certificate(Request request) {
        EndPoint.SslSessionData session =
                request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData data
                        ? data
                        : null;
        X509Certificate[] chain = session == null ? null : session.peerCertificates();
        return chain == null || chain.length == 0
                ? ""
                : chain[0].getSubjectX500Principal().getName();
    }

    private static String address(Request request) {
        SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
        return peer instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : String.valueOf(peer);
    }

    /** The end of a call: it is counted and logged once its answer is sent. */
    private static final class Ending implements Callback {
        private final WatchedCall call;
        private final Response response;
        private final Callback callback;
        private volatile Status status = Status.OK;

        private Ending(WatchedCall call, Response response, Callback callback) {
            this.call = call;
            this.response = response;
            this.callback = callback;
        }

        void fail(RuntimeException fault) {
            CallStatus known = ((FlightRuntimeException) fault).status();
            status = StatusUtils.toGrpcStatus(known);
            if (response.isCommitted()) {
                close();
                callback.failed(fault);
            } else {
                Problems.write(response, this, known);
            }
        }

        void refuse(Problems.Refusal refusal) {
            status = Status.INVALID_ARGUMENT.withDescription(String.valueOf(refusal.status()));
            Problems.write(response, this, refusal);
        }

        private void close() {
            call.outboundWireSize(Response.getContentBytesWritten(response));
            call.streamClosed(status);
        }

        @Override
        public void succeeded() {
            close();
            callback.succeeded();
        }

        @Override
        public void failed(@Nullable Throwable failure) {
            status = status.isOk() ? Status.CANCELLED.withDescription("the client is gone") : status;
            close();
            callback.failed(failure);
        }
    }
}
