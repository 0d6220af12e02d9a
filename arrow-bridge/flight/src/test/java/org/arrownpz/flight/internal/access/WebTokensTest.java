package org.arrownpz.flight.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import org.arrownpz.flight.ServerLogLines;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON web tokens let in whom the issuer named for this server, and nobody else. */
class WebTokensTest {
    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "npz";
    private static RSAKey rsa;
    private static ECKey curve;

    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeAll
    static void makesKeys() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    }

    @BeforeEach
    void writesKeys() throws IOException {
        file = directory.resolve("jwks.json");
        keys(rsa, curve);
    }

    private void keys(JWK... keys) throws IOException {
        Files.writeString(file, new JWKSet(java.util.List.of(keys)).toString(true));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("ann")
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .expirationTime(new Date(System.currentTimeMillis() + 600_000))
                .claim("arrow-npz", "read:eu/**");
    }

    private static String signed(JWSAlgorithm algorithm, String key, JWSSigner signer, JWTClaimsSet claims)
            throws Exception {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String signed(JWTClaimsSet.Builder claims) throws Exception {
        return signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(rsa), claims.build());
    }

    private @Nullable Caller caller(String token) throws IOException {
        try (WebTokens tokens = new WebTokens(file, ISSUER, AUDIENCE)) {
            return tokens.apply(token);
        }
    }

    @Test
    void nameTheCallerAndItsRights() throws Exception {
        for (String token : new String[] {
            signed(claims()),
            signed(JWSAlgorithm.PS256, "rsa", new RSASSASigner(rsa), claims().build()),
            signed(JWSAlgorithm.ES256, "curve", new ECDSASigner(curve), claims().build()),
        }) {
            Caller caller = caller(token);
            assertThat(caller).isNotNull();
            assertThat(caller.name()).isEqualTo("ann");
            assertThat(caller.rights().reads("eu/desk")).isTrue();
            assertThat(caller.rights().reads("us")).isFalse();
        }
    }

    @Test
    void areRefusedWhereTheyAreForOthersOrOver() throws Exception {
        Date past = new Date(System.currentTimeMillis() - 600_000);
        for (JWTClaimsSet.Builder claims : new JWTClaimsSet.Builder[] {
            claims().issuer("https://other.example"),
            claims().audience("other"),
            claims().audience((String) null),
            claims().expirationTime(past),
            claims().expirationTime(null),
            claims().notBeforeTime(new Date(System.currentTimeMillis() + 600_000)),
            claims().subject(null),
            claims().subject(" "),
            claims().subject("x".repeat(101)),
            claims().claim("arrow-npz", null),
            claims().claim("arrow-npz", "everything"),
            claims().claim("arrow-npz", 5),
        }) {
            assertThat(caller(signed(claims))).as(claims.build().toString()).isNull();
        }
    }

    @Test
    void areRefusedWhereNoKeySignedThem() throws Exception {
        RSAKey other = new RSAKeyGenerator(2048).keyID("rsa").generate();
        byte[] open = rsa.toRSAPublicKey().getEncoded();
        String good = signed(claims());
        for (String token : new String[] {
            signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(other), claims().build()),
            signed(JWSAlgorithm.HS256, "rsa", new MACSigner(open), claims().build()),
            new PlainJWT(claims().build()).serialize(),
            good.substring(0, good.lastIndexOf('.') + 1),
            good.substring(0, good.length() - 2),
            "",
            "a.b.c",
            ".".repeat(5000),
        }) {
            assertThat(caller(token)).as(token).isNull();
        }
    }

    @Test
    void followTheFileOfKeys() throws Exception {
        try (WebTokens tokens = new WebTokens(file, ISSUER, AUDIENCE);
                ServerLogLines log = new ServerLogLines()) {
            String token = signed(claims());
            Files.writeString(file, "{\"keys\":");
            tokens.look();
            tokens.look();
            assertThat(tokens.apply(token)).isNotNull();
            assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("those of before stay"));
            keys(curve);
            tokens.look();
            assertThat(tokens.apply(token)).isNull();
        }
    }

    @Test
    void needPublicKeys() throws IOException {
        for (String text : new String[] {"", "{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> caller("")).isInstanceOf(IOException.class);
        }
    }
}
