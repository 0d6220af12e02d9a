package org.arrownpz.cli.verb;

import static org.arrownpz.cli.console.Console.quote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.cli.console.ConfigFile;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.ServerBounds;
import org.arrownpz.cli.console.ServerLogs;
import org.arrownpz.cli.console.StopSignal;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves a directory over Arrow Flight. */
@Command(
        name = "serve",
        description =
                "Serves the files of a directory over Arrow Flight, and HTTP, until it is stopped (Ctrl+C, SIGTERM).",
        footer = {
            "",
            "Prints the location, such as grpc://localhost:32010, on standard output when it listens. A file"
                    + " prices.npz",
            "is the flight with the path [\"prices\"]. When stopped, it lets running calls go on for --grace seconds,"
                    + " and",
            "exits with 0.",
            "",
            "Examples:",
            "  arrow-npz serve data",
            "  arrow-npz serve data --host 0.0.0.0 --token-file token --tls-cert cert.pem --tls-key key.pem"
        })
public final class ServeCommand extends Verb {
    private static final int MAX_TOKEN_BYTES = 4096;

    @Parameters(
            paramLabel = "DIR",
            description = "The directory. Subdirectories, links and other files are not served.")
    Path directory = Path.of("");

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "The address to listen on (default: ${DEFAULT-VALUE}).")
    String host = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "32010",
            description = "The port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Let in only who sends the token in this file (authorization: Bearer TOKEN).")
    @Nullable
    Path tokenFile;

    @Option(names = "--no-token", description = "Let everybody in at an address that is not this machine's alone.")
    boolean noToken;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "PEM certificate chain; with --tls-key.")
    @Nullable
    Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM private key in PKCS #8; with --tls-cert.")
    @Nullable
    Path key;

    @Option(names = "--read-only", description = "Take no files from clients.")
    boolean readOnly;

    @Option(names = "--sql", description = "Answer SQL queries over the files.")
    boolean sql;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Let running calls go on for so long when it is stopped (default: ${DEFAULT-VALUE}).")
    long grace;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "Let in only who sends a token of this file, as 'arrow-npz token' writes it.")
    @Nullable
    Path tokens;

    @Option(
            names = "--tls-clients",
            paramLabel = "FILE",
            description = "Let in only clients with certificates that one of these PEM certificates signs.")
    @Nullable
    Path clients;

    @Option(
            names = "--jwt-keys",
            paramLabel = "FILE",
            description =
                    "Let in only who sends a JSON web token that a key of this set (JWKS) signed; with the next two.")
    @Nullable
    Path jwtKeys;

    @Option(names = "--jwt-issuer", paramLabel = "URL", description = "The issuer of JSON web tokens.")
    String jwtIssuer = "";

    @Option(names = "--jwt-audience", paramLabel = "NAME", description = "The audience of JSON web tokens.")
    String jwtAudience = "";

    @Option(
            names = "--tls-rights",
            paramLabel = "RIGHTS",
            defaultValue = "write",
            description = "With --tls-clients: what they may do, as rights of a token (default: ${DEFAULT-VALUE}).")
    String rights = "";

    @Option(
            names = "--ticket-key",
            paramLabel = "FILE",
            description = "Sign tickets and prepared statements with this file's bytes, 32 or more; servers share it.")
    @Nullable
    Path ticketKey;

    @Option(
            names = "--http",
            paramLabel = "PORT",
            description =
                    "Answer HTTP, too, at this port, 0 for any free one: tables, files, SQL, and a page for browsers.")
    @Nullable
    Integer http;

    @Option(
            names = "--http-host",
            paramLabel = "NAME",
            split = ",",
            description = "With --http: a further name by which clients may call this server.")
    String[] httpHosts = {};

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            description = "Tell Prometheus metrics at this port, 0 for any free one: http://HOST:PORT/metrics.")
    @Nullable
    Integer metrics;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "Append a line of JSON for each call to this file.")
    @Nullable
    Path accessLog;

    @Option(
            names = "--log-format",
            paramLabel = "FORM",
            defaultValue = "text",
            description = "The form of lines on standard error, text or json (default: ${DEFAULT-VALUE}).")
    ServerLogs.Format logFormat = ServerLogs.Format.TEXT;

    @Option(
            names = "--slow-query",
            paramLabel = "SECONDS",
            description = "With --sql: tell on standard error of queries that take so long, without their literals.")
    @Nullable
    Long slowQuery;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Take flags that are not given from this file of lines such as port = 32010.")
    @Nullable
    Path config;

    @Mixin
    ServerBounds bounds = new ServerBounds();

    @Spec
    @Nullable
    CommandSpec spec;

    public ServeCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        if (config != null && spec != null) {
            CommandLine fresh = new CommandLine(new ServeCommand(console));
            ConfigFile.apply(config, spec, fresh, directory.toString());
        }
        ServerOptions options = options();
        if (!Files.isDirectory(directory)) {
            throw new UsageException(quote(directory) + " is no directory");
        }
        StopSignal stop = StopSignal.install();
        BufferAllocator allocator = allocator();
        try (ServerLogs logs = ServerLogs.tell(console, debug, logFormat);
                NpzFlightServer server = NpzFlightServer.start(allocator, directory, options)) {
            console.print(server.uri() + "\n");
            console.out().flush();
            if (server.httpPort() >= 0) {
                logs.say("HTTP is at " + server.httpUri());
            }
            if (server.metricsPort() >= 0) {
                logs.say("metrics are at http://" + host + ":" + server.metricsPort() + "/metrics");
            }
            if (options.access().asksForTokens() && certificate == null && !isLoopback()) {
                logs.say("without TLS the token can be read on the way");
            }
            stop.await();
            server.shutdown(Duration.ofSeconds(grace));
            if (server.isTerminated()) {
                // Else a put waits for the disk: it ends with this process, and the next server removes its file.
                allocator.close();
            }
        }
        return ExitCodes.OK;
    }

    private ServerOptions options() throws IOException {
        requireRange("--port", port, 0, 65_535);
        requireRange("--http", http, 0, 65_535);
        requireRange("--metrics", metrics, 0, 65_535);
        requireRange("--slow-query", slowQuery, 0, Long.MAX_VALUE);
        requireRange("--grace", grace, 0, Long.MAX_VALUE);
        if ((certificate == null) != (key == null)) {
            throw new UsageException("--tls-cert and --tls-key go together");
        }
        boolean asks = tokenFile != null || tokens != null || jwtKeys != null;
        if (asks && noToken) {
            throw new UsageException("--token-file, --tokens and --jwt-keys exclude --no-token");
        }
        if ((jwtKeys == null) != jwtIssuer.isBlank() || (jwtKeys == null) != jwtAudience.isBlank()) {
            throw new UsageException("--jwt-keys, --jwt-issuer and --jwt-audience go together");
        }
        if (!asks && clients == null && !noToken && !isLoopback()) {
            throw new UsageException("others reach " + quote(host)
                    + ": give --tokens, --token-file or --jwt-keys, or say --no-token to let everybody in");
        }
        ServerOptions options = ServerOptions.defaults()
                .withAddress(host, port)
                .withAccess(access())
                .withWatch(watch())
                .withLimits(bounds.limits());
        if (http != null) {
            options = options.withHttp(http, httpHosts);
        }
        if (sql) {
            options = options.withSql(bounds.limits().queryMemoryBytes());
        }
        return readOnly ? options.readOnly() : options;
    }

    private ServerOptions.Watch watch() {
        ServerOptions.Watch watch = ServerOptions.Watch.none();
        if (metrics != null) {
            watch = watch.withMetrics(metrics);
        }
        if (slowQuery != null) {
            watch = watch.withSlowQueries(Duration.ofSeconds(slowQuery));
        }
        return accessLog == null ? watch : watch.withAccessLog(accessLog);
    }

    private ServerOptions.Access access() throws IOException {
        if (clients != null && certificate == null) {
            throw new UsageException("--tls-clients needs --tls-cert and --tls-key");
        }
        ServerOptions.Access access = ServerOptions.Access.open();
        if (tokenFile != null) {
            access = access.withToken(token(tokenFile));
        }
        if (tokens != null) {
            requireSecret(tokens);
            access = access.withTokens(tokens);
        }
        if (jwtKeys != null) {
            access = access.withJwt(jwtKeys, jwtIssuer, jwtAudience);
        }
        if (certificate != null && key != null) {
            requireSecret(key);
            access = access.withTls(certificate, key);
        }
        if (clients != null) {
            access = access.withClients(clients).withRights(rights);
        }
        if (ticketKey != null) {
            requireSecret(ticketKey);
            access = access.withTicketKey(ticketKey);
        }
        return access;
    }

    private boolean isLoopback() {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            throw new UsageException("the address " + quote(host) + " is not known");
        }
    }

    private static String token(Path file) throws IOException {
        requireSecret(file);
        if (Files.size(file) > MAX_TOKEN_BYTES) {
            throw new UsageException(quote(file) + " is too long for a token");
        }
        String token = Files.readString(file).strip();
        if (token.isEmpty() || token.lines().count() != 1) {
            throw new UsageException(quote(file) + " holds no token, which is one line of text");
        }
        return token;
    }

    /** A secret that other users can read is none. */
    private static void requireSecret(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("there is no file " + quote(file));
        }
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new UsageException(quote(file) + " can be read by other users; chmod o-r it");
            }
        } catch (UnsupportedOperationException e) {
            // A file system without these permissions.
        }
    }
}
