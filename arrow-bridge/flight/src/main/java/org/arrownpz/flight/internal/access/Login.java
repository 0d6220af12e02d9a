package org.arrownpz.flight.internal.access;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.arrownpz.flight.internal.watch.WatchedCall;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls, and refuses who may not: bearer tokens; a name and its token as user and password (basic), which
 * get the token back as a bearer token in the answer's headers, as Arrow's JDBC and ADBC drivers ask for it; and
 * certificates of clients.
 */
public final class Login implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    /** Tells clients that may not call how they may. */
    public static final String REFUSAL =
            "send a token of the server's as authorization: Bearer, or its name and the token as user and password";

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    /** The name of the caller that has the one token. */
    static final String SINGLE = "token";

    private static final String SESSION = "session";
    private static final String SESSION_PREFIX = "anpz_";
    private static final Duration SESSION_LIFE = Duration.ofHours(12);
    private static final int MAX_HEADER_CHARS = 8192;
    private static final int DIGEST_BYTES = 32;
    /** Says nothing but that the server is there, to those who start and watch it. */
    private static final Set<String> OPEN_SERVICES = Set.of("grpc.health.v1.Health");

    private final Tokens tokens;
    private final @Nullable WebTokens web;
    private final Seals seals;
    private final Rights rights;
    private final Delays delays = new Delays();
    private final LongAdder refused = new LongAdder();
    /** The digest of the code that lets in one call. */
    private final AtomicReference<byte @Nullable []> code = new AtomicReference<>();

    /** @param rights of those who are not asked for a token */
    public Login(Tokens tokens, @Nullable WebTokens web, Seals seals, Rights rights) {
        this.tokens = tokens;
        this.web = web;
        this.seals = seals;
        this.rights = rights;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (OPEN_SERVICES.contains(String.valueOf(call.getMethodDescriptor().getServiceName()))) {
            return next.startCall(call, headers);
        }
        String header = headers.get(HEADER);
        Caller caller = caller(header, certificateName(call));
        if (caller == null) {
            refused.increment();
            delays.close(call, address(call), header != null, Status.UNAUTHENTICATED.withDescription(REFUSAL));
            return new ServerCall.Listener<>() {};
        }
        if (isOpen() || header == null || !isBasic(header)) {
            return start(caller, call, headers, next);
        }
        // Arrow's JDBC driver never asks for another: one of this server alone would end with it, and pools keep it.
        String token = password(header);
        return start(
                caller,
                new SimpleForwardingServerCall<Q, A>(call) {
                    @Override
                    public void sendHeaders(Metadata answer) {
                        answer.put(HEADER, "Bearer " + token);
                        super.sendHeaders(answer);
                    }

                    @Override
                    public void close(Status status, Metadata trailers) {
                        // Where no headers were sent the trailers are the only ones.
                        trailers.put(HEADER, "Bearer " + token);
                        super.close(status, trailers);
                    }
                },
                headers,
                next);
    }

    /** A code that lets in one call as the one token does that has all rights; the code before is good no more. */
    public String newCode() {
        byte[] random = new byte[DIGEST_BYTES];
        new SecureRandom().nextBytes(random);
        String made = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        code.set(TokenFile.digest(made));
        return made;
    }

    private boolean isCode(String token) {
        byte[] wanted = code.get();
        return wanted != null
                && MessageDigest.isEqual(wanted, TokenFile.digest(token))
                && code.compareAndSet(wanted, null);
    }

    /** A bearer token of a session for the caller of the one token that has all rights; null for others. */
    public @Nullable String session(Caller caller) {
        byte[] digest = tokens.single();
        return digest == null || !caller.name().equals(SINGLE)
                ? null
                : SESSION_PREFIX
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(seals.seal(SESSION, "", digest, SESSION_LIFE));
    }

    /** The number of calls that were refused. */
    public long refused() {
        return refused.sum();
    }

    /**
     * The one who calls, or null for one who may not.
     *
     * @param header the value of {@code Authorization}, or null where there is none
     * @param certificate the name in the client's certificate, or an empty text
     */
    public @Nullable Caller caller(@Nullable String header, String certificate) {
        if (isOpen()) {
            return new Caller(certificate, rights);
        }
        return header == null || header.length() > MAX_HEADER_CHARS ? null : caller(header);
    }

    /** Whether nobody is asked for a token. */
    private boolean isOpen() {
        return tokens.isEmpty() && web == null;
    }

    /**
     * Counts a refusal.
     *
     * @param wrong whether there was a secret, and not none
     * @return the milliseconds that it waits
     */
    public long refuse(String address, boolean wrong) {
        refused.increment();
        return wrong ? delays.millis(address, System.nanoTime()) : 0;
    }

    private static <Q, A> ServerCall.Listener<Q> start(
            Caller caller, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        WatchedCall.setCaller(caller.name());
        return Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller), call, headers, next);
    }

    private static boolean isBasic(String header) {
        return header.toLowerCase(Locale.ROOT).startsWith(BASIC);
    }

    private @Nullable Caller caller(String header) {
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            String token = header.substring(BEARER.length()).strip();
            if (token.startsWith(SESSION_PREFIX)) {
                return ofSession(token);
            }
            Caller known = tokens.byToken(token);
            known = known == null && isCode(token) ? new Caller(SINGLE, Rights.ALL) : known;
            return known == null && web != null ? web.apply(token) : known;
        }
        if (isBasic(header)) {
            String credentials = credentials(header);
            int colon = credentials.indexOf(':');
            return colon < 0 ? null : tokens.byName(credentials.substring(0, colon), credentials.substring(colon + 1));
        }
        return null;
    }

    private static String credentials(String header) {
        try {
            return new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String password(String header) {
        String credentials = credentials(header);
        return credentials.substring(credentials.indexOf(':') + 1);
    }

    /** A session says by which token it is, and is good at servers that have the same. */
    private @Nullable Caller ofSession(String token) {
        try {
            byte[] digest =
                    seals.open(SESSION, "", Base64.getUrlDecoder().decode(token.substring(SESSION_PREFIX.length())));
            return MessageDigest.isEqual(digest, tokens.single()) ? new Caller(SINGLE, Rights.ALL) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String certificateName(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            return session == null ? "" : session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    private static String address(ServerCall<?, ?> call) {
        SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return peer instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : String.valueOf(peer);
    }
}
