package org.arrownpz.flight.internal.access;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server's certificate and key, which belong together, as TLS takes them. */
public final class Certificates {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final String NO_PAIR = "the certificate or the key is none, or they do not belong together";

    private Certificates() {}

    /**
     * Reads the files; all of them are closed then.
     *
     * @param clients who signs clients' certificates, or null to ask for none
     * @throws IOException when one cannot be read, is none, or the key is another certificate's
     */
    public static SslContext tls(Path certificate, Path key, @Nullable Path clients) throws IOException {
        byte[] chain = Files.readAllBytes(certificate);
        byte[] secret = Files.readAllBytes(key);
        try (InputStream authorities =
                clients == null ? InputStream.nullInputStream() : Files.newInputStream(clients)) {
            SslContextBuilder builder =
                    GrpcSslContexts.forServer(new ByteArrayInputStream(chain), new ByteArrayInputStream(secret));
            requirePair(chain, secret);
            if (clients != null) {
                builder.clientAuth(ClientAuth.REQUIRE).trustManager(authorities);
            }
            return builder.build();
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException(NO_PAIR, e);
        }
    }

    /** The same as {@link #tls}, in stores of Java's, without a password. */
    public static KeyStore keys(Path certificate, Path key) throws IOException {
        byte[] chain = Files.readAllBytes(certificate);
        try {
            KeyStore store = empty();
            store.setKeyEntry("server", requirePair(chain, Files.readAllBytes(key)), new char[0], certificates(chain));
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(NO_PAIR, e);
        }
    }

    /** Those who sign clients' certificates. */
    public static KeyStore authorities(Path clients) throws IOException {
        try {
            KeyStore store = empty();
            for (Certificate authority : certificates(Files.readAllBytes(clients))) {
                store.setCertificateEntry(String.valueOf(store.size()), authority);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("the clients' certificates are none", e);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate[] certificates(byte[] pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem))
                .toArray(Certificate[]::new);
    }

    /** TLS itself would find out with the first client, and fail for each. */
    private static PrivateKey requirePair(byte[] chain, byte[] secret) throws IOException, GeneralSecurityException {
        PublicKey open = certificates(chain)[0].getPublicKey();
        Matcher pem = KEY.matcher(new String(secret, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new GeneralSecurityException("the key is not in PKCS #8");
        }
        PrivateKey own;
        try {
            own = KeyFactory.getInstance(open.getAlgorithm())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
        } catch (InvalidKeySpecException e) {
            throw new IOException("the key is not the certificate's, which has one for " + open.getAlgorithm(), e);
        }
        // Netty takes keys of RSA, DSA and EC.
        String algorithm = open.getAlgorithm().equals("EC") ? "ECDSA" : open.getAlgorithm();
        Signature signature = Signature.getInstance("SHA256with" + algorithm);
        signature.initSign(own);
        signature.update(chain);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(chain);
        if (!signature.verify(signed)) {
            throw new IOException("the key is not the certificate's");
        }
        return own;
    }
}
