package org.arrownpz.flight;

import java.nio.file.Path;
import java.time.LocalDate;
import org.arrownpz.flight.internal.access.Rights;
import org.arrownpz.flight.internal.access.TokenFile;
import org.jspecify.annotations.Nullable;

/** The clients that are let in, and their proofs. Immutable and safe for use by several threads. */
public final class ServerAccess implements Cloneable {
    private static final ServerAccess OPEN = new ServerAccess();

    private @Nullable String token;
    private @Nullable Path tokens;
    private @Nullable Path certificate;
    private @Nullable Path key;
    private @Nullable Path clients;
    private @Nullable Path ticketKey;
    private @Nullable Path jwks;
    private String issuer = "";
    private String audience = "";
    private String rights = "write";

    private ServerAccess() {}

    /** Everyone, in plain text. */
    public static ServerAccess open() {
        return OPEN;
    }

    /** Lets in who sends this bearer token, which has all rights; not empty. */
    public ServerAccess withToken(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("the token is empty");
        }
        ServerAccess changed = copy();
        changed.token = value;
        return changed;
    }

    /**
     * Lets in who sends a bearer token of this file, or its name and token as user and password. It has lines of a name,
     * rights, and {@code sha256:} with the token's digest or the token itself, with blanks between them, as
     * {@link #tokenLine} makes them; it is read again when it changes.
     */
    public ServerAccess withTokens(Path file) {
        ServerAccess changed = copy();
        changed.tokens = file;
        return changed;
    }

    /**
     * Lets in who sends a JSON web token (RFC 7519) as bearer that one of these keys signed, by RS, PS or ES algorithms. It
     * must have a subject, which is the caller's name, an end that has not passed, the issuer, the audience, and the claim
     * {@code arrow-npz}, a text of rights as {@link #tokenLine} has them. Needs {@code com.nimbusds:nimbus-jose-jwt}.
     *
     * @param keys a JSON web key set (RFC 7517); it is read again when it changes
     */
    public ServerAccess withJwt(Path keys, String newIssuer, String newAudience) {
        if (newIssuer.isBlank() || newAudience.isBlank()) {
            throw new IllegalArgumentException("JSON web tokens need an issuer and an audience");
        }
        ServerAccess changed = copy();
        changed.jwks = keys;
        changed.issuer = newIssuer;
        changed.audience = newAudience;
        return changed;
    }

    /**
     * Serves by TLS with this PEM certificate chain and its PKCS #8 key; both files are read when the server starts, and
     * again when they change.
     */
    public ServerAccess withTls(Path newCertificate, Path newKey) {
        ServerAccess changed = copy();
        changed.certificate = newCertificate;
        changed.key = newKey;
        return changed;
    }

    /**
     * Lets in only who has a certificate that one of these PEM certificates signs.
     *
     * @throws IllegalArgumentException without {@link #withTls}
     */
    public ServerAccess withClients(Path certificates) {
        if (certificate == null) {
            throw new IllegalArgumentException("clients' certificates need TLS");
        }
        ServerAccess changed = copy();
        changed.clients = certificates;
        return changed;
    }

    /** Signs tickets and sessions with the bytes of this file, 32 or more, which several servers may share. */
    public ServerAccess withTicketKey(Path file) {
        ServerAccess changed = copy();
        changed.ticketKey = file;
        return changed;
    }

    /**
     * Lets clients without a token, such as those with a certificate, do this: rights as {@link #tokenLine} has them.
     *
     * @throws IllegalArgumentException when they are none
     */
    public ServerAccess withRights(String value) {
        Rights.of(value);
        ServerAccess changed = copy();
        changed.rights = value;
        return changed;
    }

    private ServerAccess copy() {
        try {
            return (ServerAccess) clone();
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

    /** Whether clients must say who they are by a token. */
    public boolean asksForTokens() {
        return token != null || tokens != null || jwks != null;
    }

    @Nullable
    String token() {
        return token;
    }

    @Nullable
    Path tokens() {
        return tokens;
    }

    @Nullable
    Path jwks() {
        return jwks;
    }

    String issuer() {
        return issuer;
    }

    String audience() {
        return audience;
    }

    @Nullable
    Path certificate() {
        return certificate;
    }

    @Nullable
    Path key() {
        return key;
    }

    @Nullable
    Path clients() {
        return clients;
    }

    @Nullable
    Path ticketKey() {
        return ticketKey;
    }

    String rights() {
        return rights;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return (certificate == null ? "grpc" : "grpc+tls")
                + (asksForTokens() ? ", bearer tokens" : "")
                + (clients == null ? "" : ", clients' certificates");
    }
}
