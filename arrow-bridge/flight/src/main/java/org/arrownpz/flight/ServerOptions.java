package org.arrownpz.flight;

import java.nio.file.Path;
import java.util.List;

/**
 * The options of a directory's server. Immutable.
 *
 * @param host the address to listen on
 * @param port the port, or 0 for any free one
 * @param access who is let in
 * @param limits what calls may take
 * @param writable whether clients may put
 * @param sql whether SQL is answered
 * @param watch what it tells those who run it
 * @param httpPort the port of the server's HTTP, 0 for any free one, or −1 for none
 * @param httpHosts names under which HTTP clients may reach it, beside those of this machine and {@code host}
 */
public record ServerOptions(
        String host,
        int port,
        ServerAccess access,
        ServerLimits limits,
        boolean writable,
        boolean sql,
        ServerWatch watch,
        int httpPort,
        List<String> httpHosts) {
    private static final int MAX_PORT = 65_535;
    private static final ServerOptions DEFAULTS = new ServerOptions(
            "localhost",
            0,
            ServerAccess.open(),
            ServerLimits.defaults(),
            true,
            false,
            ServerWatch.none(),
            -1,
            List.of());

    public ServerOptions {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (httpPort < -1 || httpPort > MAX_PORT) {
            throw new IllegalArgumentException("a port is 0 to 65535, or -1 for none, not " + httpPort);
        }
        httpHosts = List.copyOf(httpHosts);
    }

    /** Any free port of this machine alone, without token and TLS, writable, no SQL, {@link ServerLimits}'s defaults. */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    /** Listens at this host name or address, on this port; port 0 is any free one. */
    public ServerOptions withAddress(String newHost, int newPort) {
        return new ServerOptions(newHost, newPort, access, limits, writable, sql, watch, httpPort, httpHosts);
    }

    /** Lets in these. */
    public ServerOptions withAccess(ServerAccess value) {
        return new ServerOptions(host, port, value, limits, writable, sql, watch, httpPort, httpHosts);
    }

    /** Lets calls take so much. */
    public ServerOptions withLimits(ServerLimits value) {
        return new ServerOptions(host, port, access, value, writable, sql, watch, httpPort, httpHosts);
    }

    /** Lets in only clients that send this bearer token; not empty. */
    public ServerOptions withToken(String value) {
        return withAccess(access.withToken(value));
    }

    /** Serves by TLS with this PEM certificate chain and its PKCS #8 key; both files are read when the server starts. */
    public ServerOptions withTls(Path newCertificate, Path newKey) {
        return withAccess(access.withTls(newCertificate, newKey));
    }

    /** Refuses puts. */
    public ServerOptions readOnly() {
        return new ServerOptions(host, port, access, limits, false, sql, watch, httpPort, httpHosts);
    }

    /** Sends batches of about so many bytes, all columns together. */
    public ServerOptions withBatchBytes(int value) {
        return withLimits(limits.withBatchBytes(value));
    }

    /** Refuses messages of clients that are longer than so many bytes. */
    public ServerOptions withMaxMessageBytes(int value) {
        return withLimits(limits.withMaxMessageBytes(value));
    }

    /**
     * Answers Flight SQL and {@link SqlQuery SQL queries} over the files, with so much memory for each of the few that run
     * at a time. Whoever is let in may then keep the processors busy.
     */
    public ServerOptions withSql(long memoryBytes) {
        return new ServerOptions(
                host,
                port,
                access,
                limits.withQueries(limits.queries(), memoryBytes),
                writable,
                true,
                watch,
                httpPort,
                httpHosts);
    }

    /** Tells this to those who run it. */
    public ServerOptions withWatch(ServerWatch value) {
        return new ServerOptions(host, port, access, limits, writable, sql, value, httpPort, httpHosts);
    }

    /**
     * Answers HTTP, too, at this port of the same address: tables in several formats, files, SQL and a page for browsers.
     *
     * @param port 0 for any free one
     * @param hosts further names that clients may call it by; other names than these, the address and those of the machine
     *     itself are refused, so that no foreign page in a browser reaches it under a name of its own
     */
    public ServerOptions withHttp(int port, String... hosts) {
        return new ServerOptions(host, this.port, access, limits, writable, sql, watch, port, List.of(hosts));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return (access.certificate() == null ? "grpc" : "grpc+tls") + "://" + host + ":" + port
                + (access.asksForTokens() ? ", bearer token" : "") + (writable ? "" : ", read-only")
                + (sql ? ", SQL" : "");
    }
}
