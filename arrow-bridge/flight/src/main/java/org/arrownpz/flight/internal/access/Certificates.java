package org.arrownpz.flight.internal.access;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A server's certificate and key, which belong together, and the authorities of its clients, as TLS takes them. The files
 * are read again when they change, for connections that come later; while they are no such files, those of before stay. Safe
 * for use by several threads.
 */
public final class Certificates implements AutoCloseable {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final boolean asksClients;
    private final AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trusted;
    /** The last second of the certificate. */
    private final Reloaded<Long> files;

    /**
     * Reads the files; all of them are closed then.
     *
     * @param clients who signs clients' certificates, or null to ask for none
     * @throws IOException when one cannot be read, is none, or the key is another certificate's
     */
    public Certificates(Path certificate, Path key, @Nullable Path clients) throws IOException {
        this.asksClients = clients != null;
        try {
            // Clients have no host names.
            trusted = AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be had", e);
        }
        List<Path> all = new ArrayList<>(List.of(certificate, key));
        if (clients != null) {
            all.add(clients);
        }
        files = new Reloaded<>("the certificate's files", all, () -> load(certificate, key, clients));
    }

    /** For gRPC. */
    public SslContext grpc() throws IOException {
        SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forServer(own));
        if (asksClients) {
            builder.clientAuth(ClientAuth.REQUIRE).trustManager(trusted);
        }
        return builder.build();
    }

    /** For HTTP. */
    public SSLContext http() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {own}, asksClients ? new TrustManager[] {trusted} : null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be had", e);
        }
    }

    /** Whether clients must have certificates. */
    public boolean asksClients() {
        return asksClients;
    }

    /** The last second of the certificate, since 1970. */
    public long end() {
        return files.get();
    }

    /** Whether the files are what they should be. */
    public boolean isUsable() {
        return files.isUsable();
    }

    /** Reads the files when they have changed. */
    void look() {
        files.look();
    }

    /** Gives TLS what the files say; returns the last second of the certificate. */
    private long load(Path certificate, Path key, @Nullable Path clients) throws IOException {
        byte[] chain = Files.readAllBytes(certificate);
        byte[] secret = Files.readAllBytes(key);
        try {
            PrivateKey read = requirePair(chain, secret);
            X509Certificate[] certificates = certificates(chain);
            if (clients != null) {
                trusted.updateTrustCredentials(certificates(Files.readAllBytes(clients)));
            }
            own.updateIdentityCredentials(certificates, read);
            return TimeUnit.MILLISECONDS.toSeconds(certificates[0].getNotAfter().getTime());
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException("the certificate or the key is none, or they do not belong together", e);
        }
    }

    private static X509Certificate[] certificates(byte[] pem) throws GeneralSecurityException {
        X509Certificate[] found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem))
                .toArray(new X509Certificate[0]);
        if (found.length == 0) {
            throw new GeneralSecurityException("no certificate");
        }
        return found;
    }

    @Override
    public void close() {
        files.close();
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
