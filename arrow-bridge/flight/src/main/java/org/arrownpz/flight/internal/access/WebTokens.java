package org.arrownpz.flight.internal.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.arrownpz.flight.internal.watch.ServerLog;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/**
 * JSON web tokens (RFC 7519) that keys of a file signed (RFC 7517). The file is read again when it changes; while it is no
 * key set, the keys of before stay. Safe for use by several threads.
 */
public final class WebTokens implements AutoCloseable, Function<String, @Nullable Caller> {
    /** The claim that has a caller's rights. */
    private static final String RIGHTS = "arrow-npz";

    private static final long LOOK_SECONDS = 2;
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_NAME = 100;

    private final Path file;
    private final String issuer;
    private final String audience;
    private final Future<?> watching;
    private volatile DefaultJWTProcessor<SecurityContext> processor;
    private String version;
    private boolean usable = true;

    /**
     * Reads the keys.
     *
     * @throws IOException when the file cannot be read, or is no set of public keys
     */
    public WebTokens(Path file, String issuer, String audience) throws IOException {
        this.file = file;
        this.issuer = issuer;
        this.audience = audience;
        this.version = Tokens.version(file);
        this.processor = load();
        this.watching = Delays.CLOCK.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private DefaultJWTProcessor<SecurityContext> load() throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("the file of keys is longer than " + MAX_FILE_BYTES + " bytes");
        }
        JWKSet keys;
        try {
            keys = JWKSet.parse(Files.readString(file)).toPublicJWKSet();
        } catch (ParseException e) {
            throw new IOException("the file is no JSON web key set", e);
        }
        if (keys.isEmpty()) {
            throw new IOException("the file has no public keys");
        }
        // No symmetric algorithm: a public key must not be taken for a secret.
        Set<JWSAlgorithm> algorithms = new HashSet<>(JWSAlgorithm.Family.RSA);
        algorithms.addAll(JWSAlgorithm.Family.EC);
        DefaultJWTProcessor<SecurityContext> made = new DefaultJWTProcessor<>();
        made.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, new ImmutableJWKSet<>(keys)));
        made.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "exp", RIGHTS)));
        return made;
    }

    /** Reads the keys when they have changed. */
    synchronized void look() {
        try {
            String found = Tokens.version(file);
            if (!usable || !found.equals(version)) {
                processor = load();
                version = found;
                usable = true;
                ServerLog.say("the keys of JSON web tokens were read again");
            }
        } catch (IOException e) {
            if (usable) {
                usable = false;
                ServerLog.say(
                        "the keys of JSON web tokens cannot be read (" + Faults.reason(e) + "): those of before stay");
            }
        }
    }

    /** The caller that a token names, or null where it is none, not signed by a key, or past its end. */
    @Override
    public @Nullable Caller apply(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            String name = claims.getSubject();
            return name.isBlank() || name.length() > MAX_NAME
                    ? null
                    : new Caller(name, Rights.of(claims.getStringClaim(RIGHTS)));
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public void close() {
        watching.cancel(false);
    }
}
