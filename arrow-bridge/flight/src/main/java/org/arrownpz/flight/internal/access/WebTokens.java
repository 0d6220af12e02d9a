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
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * JSON web tokens (RFC 7519) that keys of a file signed (RFC 7517). The file is read again when it changes; while it is no
 * key set, the keys of before stay. Safe for use by several threads.
 */
public final class WebTokens implements AutoCloseable, Function<String, @Nullable Caller> {
    /** The claim that has a caller's rights. */
    private static final String RIGHTS = "arrow-npz";

    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_NAME = 100;

    private final String issuer;
    private final String audience;
    private final Reloaded<DefaultJWTProcessor<SecurityContext>> keys;

    /**
     * Reads the keys.
     *
     * @throws IOException when the file cannot be read, or is no set of public keys
     */
    public WebTokens(Path file, String issuer, String audience) throws IOException {
        this.issuer = issuer;
        this.audience = audience;
        this.keys = new Reloaded<>("the keys of JSON web tokens", List.of(file), () -> load(file));
    }

    private DefaultJWTProcessor<SecurityContext> load(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("the file of keys is longer than " + MAX_FILE_BYTES + " bytes");
        }
        JWKSet read;
        try {
            read = JWKSet.parse(Files.readString(file)).toPublicJWKSet();
        } catch (ParseException e) {
            throw new IOException("the file is no JSON web key set", e);
        }
        if (read.isEmpty()) {
            throw new IOException("the file has no public keys");
        }
        // No symmetric algorithm: a public key must not be taken for a secret.
        Set<JWSAlgorithm> algorithms = new HashSet<>(JWSAlgorithm.Family.RSA);
        algorithms.addAll(JWSAlgorithm.Family.EC);
        DefaultJWTProcessor<SecurityContext> made = new DefaultJWTProcessor<>();
        made.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, new ImmutableJWKSet<>(read)));
        made.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "exp", RIGHTS)));
        return made;
    }

    /** Reads the keys when they have changed. */
    void look() {
        keys.look();
    }

    /** The caller that a token names, or null where it is none, not signed by a key, or past its end. */
    @Override
    public @Nullable Caller apply(String token) {
        try {
            JWTClaimsSet claims = keys.get().process(token, null);
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
        keys.close();
    }
}
