package org.arrownpz.flight;

import java.nio.file.Path;
import java.time.LocalDate;
import org.arrownpz.flight.internal.access.Rights;
import org.arrownpz.flight.internal.access.TokenFile;
import org.jspecify.annotations.Nullable;

/**
 * The clients that are let in, and their proofs. Immutable and safe for use by several threads.
 *
 * @param token what clients may send as bearer token, with all rights, or null
 * @param tokens a file of bearer tokens, or null: lines of a name, rights, and {@code sha256:} with the token's digest or
 *     the token itself, with blanks between them, as {@link #tokenLine} makes them; it is read again when it changes
 * @param certificate a PEM certificate chain, or null for plain text
 * @param key the certificate's PEM private key in PKCS #8, or null
 * @param clients PEM certificates of those who sign clients' certificates, or null to ask clients for none
 * @param ticketKey a file of at least 32 bytes with which tickets of SQL and sessions are signed, so that several servers
 *     take each other's, or null for a key that this server makes for itself
 * @param rights what clients without a token may do, as {@link #tokenLine} has it
 */
public record ServerAccess(
        @Nullable String token,
        @Nullable Path tokens,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path clients,
        @Nullable Path ticketKey,
        String rights) {
    private static final ServerAccess OPEN = new ServerAccess(null, null, null, null, null, null, "write");

    public ServerAccess {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("TLS needs both a certificate and its key");
        }
        if (clients != null && certificate == null) {
            throw new IllegalArgumentException("clients' certificates need TLS");
        }
        if (token != null && token.isBlank()) {
            throw new IllegalArgumentException("the token is empty");
        }
        Rights.of(rights);
    }

    /** Everyone, in plain text. */
    public static ServerAccess open() {
        return OPEN;
    }

    /** Lets in who sends this bearer token; not empty. */
    public ServerAccess withToken(String value) {
        return new ServerAccess(value, tokens, certificate, key, clients, ticketKey, rights);
    }

    /** Lets in who sends a bearer token of this file, or its name and token as user and password. */
    public ServerAccess withTokens(Path file) {
        return new ServerAccess(token, file, certificate, key, clients, ticketKey, rights);
    }

    /** Serves by TLS with this PEM certificate chain and its PKCS #8 key; both files are read when the server starts. */
    public ServerAccess withTls(Path newCertificate, Path newKey) {
        return new ServerAccess(token, tokens, newCertificate, newKey, clients, ticketKey, rights);
    }

    /** Lets in only who has a certificate that one of these PEM certificates signs; needs TLS. */
    public ServerAccess withClients(Path certificates) {
        return new ServerAccess(token, tokens, certificate, key, certificates, ticketKey, rights);
    }

    /** Signs tickets with the bytes of this file, which several servers may share. */
    public ServerAccess withTicketKey(Path file) {
        return new ServerAccess(token, tokens, certificate, key, clients, file, rights);
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

    /**
     * Lets clients without a token, such as those with a certificate, do this: rights as {@link #tokenLine} has them.
     *
     * @throws IllegalArgumentException when they are none
     */
    public ServerAccess withRights(String value) {
        return new ServerAccess(token, tokens, certificate, key, clients, ticketKey, value);
    }

    /** Whether clients must say who they are by a token. */
    public boolean asksForTokens() {
        return token != null || tokens != null;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return (certificate == null ? "grpc" : "grpc+tls")
                + (asksForTokens() ? ", bearer tokens" : "")
                + (clients == null ? "" : ", clients' certificates");
    }
}
