package org.arrownpz.flight;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a directory is served. Immutable.
 *
 * @param host the address to listen on
 * @param port the port, or 0 for any free one
 * @param token what clients must send as bearer token, or null to let everyone in
 * @param certificate a PEM certificate chain, or null for plain text
 * @param key the certificate's PEM private key in PKCS #8, or null
 * @param writable whether clients may put
 * @param batchBytes the size of batches, all columns together
 * @param maxMessageBytes the longest message that is accepted
 * @param sqlMemoryBytes what a SQL query may take, or 0 for a server that answers none
 */
public record ServerOptions(
        String host,
        int port,
        @Nullable String token,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean writable,
        int batchBytes,
        int maxMessageBytes,
        long sqlMemoryBytes) {
    private static final ServerOptions DEFAULTS =
            new ServerOptions("localhost", 0, null, null, null, true, 2 << 20, 64 << 20, 0);

    public ServerOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("TLS needs both a certificate and its key");
        }
        if (token != null && token.isBlank()) {
            throw new IllegalArgumentException("the token is empty");
        }
        if (batchBytes < 1 || maxMessageBytes < 1 || sqlMemoryBytes < 0) {
            throw new IllegalArgumentException("sizes are positive");
        }
    }

    /** Any free port of this machine alone, without token and TLS, writable, batches of 2 MiB, messages to 64 MiB, no SQL. */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    /** Listens at this host name or address, on this port; port 0 is any free one. */
    public ServerOptions withAddress(String newHost, int newPort) {
        return new ServerOptions(
                newHost, newPort, token, certificate, key, writable, batchBytes, maxMessageBytes, sqlMemoryBytes);
    }

    /** Lets in only clients that send this bearer token; not empty. */
    public ServerOptions withToken(String value) {
        return new ServerOptions(
                host, port, value, certificate, key, writable, batchBytes, maxMessageBytes, sqlMemoryBytes);
    }

    /** Serves by TLS with this PEM certificate chain and its PKCS #8 key; both files are read when the server starts. */
    public ServerOptions withTls(Path newCertificate, Path newKey) {
        return new ServerOptions(
                host, port, token, newCertificate, newKey, writable, batchBytes, maxMessageBytes, sqlMemoryBytes);
    }

    /** Refuses puts. */
    public ServerOptions readOnly() {
        return new ServerOptions(
                host, port, token, certificate, key, false, batchBytes, maxMessageBytes, sqlMemoryBytes);
    }

    /** Sends batches of about so many bytes, all columns together. */
    public ServerOptions withBatchBytes(int value) {
        return new ServerOptions(host, port, token, certificate, key, writable, value, maxMessageBytes, sqlMemoryBytes);
    }

    /** Refuses messages of clients that are longer than so many bytes. */
    public ServerOptions withMaxMessageBytes(int value) {
        return new ServerOptions(host, port, token, certificate, key, writable, batchBytes, value, sqlMemoryBytes);
    }

    /**
     * Answers {@link SqlQuery SQL queries} over the files, with so much memory for each of the few that run at a time.
     * Whoever is let in may then keep the processors busy.
     */
    public ServerOptions withSql(long memoryBytes) {
        return new ServerOptions(
                host, port, token, certificate, key, writable, batchBytes, maxMessageBytes, memoryBytes);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return (certificate == null ? "grpc" : "grpc+tls") + "://" + host + ":" + port
                + (token == null ? "" : ", bearer token") + (writable ? "" : ", read-only")
                + (sqlMemoryBytes > 0 ? ", SQL" : "");
    }
}
