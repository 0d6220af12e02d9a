package org.arrownpz.flight;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.arrownpz.flight.internal.access.Rights;
import org.arrownpz.flight.internal.access.TokenFile;
import org.jspecify.annotations.Nullable;

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
        Access access,
        ServerLimits limits,
        boolean writable,
        boolean sql,
        Watch watch,
        int httpPort,
        List<String> httpHosts) {
    private static final int MAX_PORT = 65_535;
    private static final ServerOptions DEFAULTS = new ServerOptions(
            "localhost", 0, Access.open(), ServerLimits.defaults(), true, false, Watch.none(), -1, List.of());

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

    /** Lets in these clients. */
    public ServerOptions withAccess(Access value) {
        return new ServerOptions(host, port, value, limits, writable, sql, watch, httpPort, httpHosts);
    }

    /** Bounds calls by these limits. */
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
     * at a time. Any caller with access may then keep the processors busy.
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

    /** Sets the reports for operators: metrics, access log, slow queries. */
    public ServerOptions withWatch(Watch value) {
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
        return (access.certificate == null ? "grpc" : "grpc+tls") + "://" + host + ":" + port
                + (access.asksForTokens() ? ", bearer token" : "") + (writable ? "" : ", read-only")
                + (sql ? ", SQL" : "");
    }

    /**
     * The reports of a server for its operators. Immutable.
     *
     * @param metricsPort where Prometheus reads {@code /metrics}, at the server's host; 0 for any free port, −1 for none.
     *     Nobody is asked for a token there
     * @param accessLog gets a line of JSON for each call that ended, appended; or null
     * @param slowQuery how long a query takes that the server's log tells of, or null for none
     */
    public record Watch(
            int metricsPort,
            @Nullable Path accessLog,
            @Nullable Duration slowQuery) {
        private static final int MAX_PORT = 65_535;
        private static final Watch NONE = new Watch(-1, null, null);

        public Watch {
            if (metricsPort < -1 || metricsPort > MAX_PORT) {
                throw new IllegalArgumentException("a port is 0 to 65535, or -1 for none, not " + metricsPort);
            }
        }

        /** Neither metrics nor access log. */
        public static Watch none() {
            return NONE;
        }

        /** Tells metrics at this port. */
        public Watch withMetrics(int port) {
            return new Watch(port, accessLog, slowQuery);
        }

        /** Appends calls to this file. */
        public Watch withAccessLog(Path file) {
            return new Watch(metricsPort, file, slowQuery);
        }

        /**
         * Has the server's log tell each query that takes so long: its id, caller, time, rows, bytes, and the statement
         * with {@code ?} in place of its literals.
         */
        public Watch withSlowQueries(Duration value) {
            return new Watch(metricsPort, accessLog, value);
        }
    }

    /** The clients that are let in, and their proofs. Immutable and safe for use by several threads. */
    public static final class Access implements Cloneable {
        private static final Access OPEN = new Access();

        @Nullable
        String token;

        @Nullable
        Path tokens;

        @Nullable
        Path certificate;

        @Nullable
        Path key;

        @Nullable
        Path clients;

        @Nullable
        Path ticketKey;

        @Nullable
        Path jwks;

        String issuer = "";
        String audience = "";
        String rights = "write";

        private Access() {}

        /** Everyone, in plain text. */
        public static Access open() {
            return OPEN;
        }

        /** Lets in callers with this bearer token, which has all rights; not empty. */
        public Access withToken(String value) {
            if (value.isBlank()) {
                throw new IllegalArgumentException("the token is empty");
            }
            return with(changed -> changed.token = value);
        }

        /**
         * Lets in callers with a bearer token of this file, or its name and token as user and password. It has lines of a name,
         * rights, and {@code sha256:} with the token's digest or the token itself, with blanks between them, as
         * {@link #tokenLine} makes them; it is read again when it changes.
         */
        public Access withTokens(Path file) {
            return with(changed -> changed.tokens = file);
        }

        /**
         * Lets in callers with a JSON web token (RFC 7519) as bearer that one of these keys signed, by RS, PS or ES algorithms. It
         * must have a subject, which is the caller's name, an end that has not passed, the issuer, the audience, and the claim
         * {@code arrow-npz}, a text of rights as {@link #tokenLine} has them. Needs {@code com.nimbusds:nimbus-jose-jwt}.
         *
         * @param keys a JSON web key set (RFC 7517); it is read again when it changes
         */
        public Access withJwt(Path keys, String newIssuer, String newAudience) {
            if (newIssuer.isBlank() || newAudience.isBlank()) {
                throw new IllegalArgumentException("JSON web tokens need an issuer and an audience");
            }
            return with(changed -> {
                changed.jwks = keys;
                changed.issuer = newIssuer;
                changed.audience = newAudience;
            });
        }

        /**
         * Serves by TLS with this PEM certificate chain and its PKCS #8 key; both files are read when the server starts, and
         * again when they change.
         */
        public Access withTls(Path newCertificate, Path newKey) {
            return with(changed -> {
                changed.certificate = newCertificate;
                changed.key = newKey;
            });
        }

        /**
         * Lets in only callers with a certificate that one of these PEM certificates signs.
         *
         * @throws IllegalArgumentException without {@link #withTls}
         */
        public Access withClients(Path certificates) {
            if (certificate == null) {
                throw new IllegalArgumentException("clients' certificates need TLS");
            }
            return with(changed -> changed.clients = certificates);
        }

        /** Signs tickets and prepared statements with the bytes of this file, 32 or more, which several servers may share. */
        public Access withTicketKey(Path file) {
            return with(changed -> changed.ticketKey = file);
        }

        /**
         * Lets clients without a token, such as those with a certificate, do this: rights as {@link #tokenLine} has them.
         *
         * @throws IllegalArgumentException when they are none
         */
        public Access withRights(String value) {
            Rights.of(value);
            return with(changed -> changed.rights = value);
        }

        private Access with(Consumer<Access> change) {
            try {
                Access changed = (Access) clone();
                change.accept(changed);
                return changed;
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        /**
         * The line of a token for a file of tokens. It holds the token's SHA-256 alone.
         *
         * @param name whose it is
         * @param rights {@code read} or {@code write} of all folders, or of some: {@code read:eu/**} is {@code eu} with all below
         *     it, {@code read:eu/*} is {@code eu} alone, and {@code read:*} the served directory alone; with commas between several
         * @param token random and long
         * @param lastDay the last day, in UTC, on which it is good, or null
         * @throws IllegalArgumentException when name or rights are none
         */
        public static String tokenLine(String name, String rights, String token, @Nullable LocalDate lastDay) {
            return TokenFile.line(name, rights, token, lastDay == null ? "" : lastDay.toString());
        }

        /** Whether clients must identify themselves by a token. */
        public boolean asksForTokens() {
            return token != null || tokens != null || jwks != null;
        }

        /** Without the token. */
        @Override
        public String toString() {
            return (certificate == null ? "grpc" : "grpc+tls")
                    + (asksForTokens() ? ", bearer tokens" : "")
                    + (clients == null ? "" : ", clients' certificates");
        }
    }
}
