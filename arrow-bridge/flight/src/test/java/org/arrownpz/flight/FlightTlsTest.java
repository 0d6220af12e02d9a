package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.put;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Maps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Certificate and key: a server that speaks TLS, and those it cannot use. */
@ExtendWith(LeakCheck.class)
class FlightTlsTest {
    @TempDir
    Path directory;

    @Test
    void speaksTls(BufferAllocator allocator, @TempDir Path keys) throws Exception {
        write(directory.resolve("a.npz"), 50_000, allocator);
        List<Path> pem = certificate(keys);
        ServerOptions options = ServerOptions.defaults()
                .withTls(pem.get(0), pem.get(1))
                .withToken("s3cret")
                .withHttp(0)
                .withSql(256 << 20);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options)) {
            assertThat(server.uri()).isEqualTo("grpc+tls://localhost:" + server.port());
            try (InputStream trusted = Files.newInputStream(pem.get(0));
                    FlightClient client = FlightClient.builder(
                                    allocator, Location.forGrpcTls("localhost", server.port()))
                            .trustedCertificates(trusted)
                            .build()) {
                assertThat(read(client, NpzTicket.of("a").toTicket(), token("s3cret"))[0])
                        .isEqualTo(50_000);
                fails(
                        FlightStatusCode.UNAUTHENTICATED,
                        () -> read(client, NpzTicket.of("a").toTicket()));
            }
            assertThat(server.httpUri()).startsWith("https://localhost:");
            HttpRequest data = HttpRequest.newBuilder(URI.create(server.httpUri() + "/tables/a/data?columns=twice"))
                    .header("Authorization", "Bearer s3cret")
                    .build();
            HttpClient https =
                    HttpClient.newBuilder().sslContext(trusting(pem.get(0))).build();
            assertThat(https.send(data, HttpResponse.BodyHandlers.ofByteArray()).body().length)
                    .isGreaterThan(50_000 * Long.BYTES);
            HttpRequest sql = HttpRequest.newBuilder(URI.create(server.httpUri() + "/sql?format=json-rows"))
                    .headers("Authorization", "Bearer s3cret", "Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"sql\":\"SELECT count(*) AS n FROM a\"}"))
                    .build();
            assertThat(https.send(sql, HttpResponse.BodyHandlers.ofString()).body())
                    .contains("\"rows\":[[50000]]");
            try (FlightClient plain = client(server, allocator)) {
                assertThatThrownBy(() -> read(plain, NpzTicket.of("a").toTicket(), token("s3cret")))
                        .isInstanceOf(FlightRuntimeException.class);
            }
        }
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void letsInOnlyWhoHasACertificateOfTheAuthority(BufferAllocator allocator, @TempDir Path keys) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        List<Path> own = certificate(Files.createDirectory(keys.resolve("server")));
        List<Path> ann = certificate(Files.createDirectory(keys.resolve("ann")));
        List<Path> stranger = certificate(Files.createDirectory(keys.resolve("stranger")));
        ServerOptions options = ServerOptions.defaults()
                .withAccess(ServerOptions.Access.open()
                        .withTls(own.get(0), own.get(1))
                        .withClients(ann.get(0)));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options)) {
            try (FlightClient client = secure(server, allocator, own, ann)) {
                assertThat(read(client, NpzTicket.of("a").toTicket())[0]).isEqualTo(5);
            }
            for (List<Path> wrong : List.of(stranger, List.<Path>of())) {
                try (FlightClient client = secure(server, allocator, own, wrong)) {
                    assertThatThrownBy(() -> read(client, NpzTicket.of("a").toTicket()))
                            .isInstanceOf(FlightRuntimeException.class);
                }
            }
            try (FlightClient client = secure(server, allocator, own, ann)) {
                assertThat(read(client, NpzTicket.of("a").toTicket())[0]).isEqualTo(5);
            }
        }
    }

    @Test
    void letsCertificatesReadAloneWhereTheyMayNotWrite(BufferAllocator allocator, @TempDir Path keys) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        List<Path> own = certificate(Files.createDirectory(keys.resolve("server")));
        ServerOptions options = ServerOptions.defaults()
                .withAccess(ServerOptions.Access.open()
                        .withTls(own.get(0), own.get(1))
                        .withClients(own.get(0))
                        .withRights("read"));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = secure(server, allocator, own, own)) {
            assertThat(read(client, NpzTicket.of("a").toTicket())[0]).isEqualTo(5);
            fails(FlightStatusCode.UNAUTHORIZED, () -> put(client, FlightDescriptor.path("b"), 1, allocator));
        }
    }

    @Test
    void showsTheCertificateThatTheFilesHaveNow(BufferAllocator allocator, @TempDir Path keys) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        List<Path> own = certificate(Files.createDirectory(keys.resolve("server")));
        List<Path> later = certificate(Files.createDirectory(keys.resolve("later")));
        ServerOptions options = ServerOptions.defaults().withTls(own.get(0), own.get(1));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options)) {
            List<Path> before = List.of(Files.copy(own.get(0), keys.resolve("before.pem")));
            try (FlightClient client = secure(server, allocator, before, List.of())) {
                assertThat(read(client, NpzTicket.of("a").toTicket())[0]).isEqualTo(5);
                for (int i = 0; i < 2; i++) {
                    Files.move(later.get(i), own.get(i), StandardCopyOption.REPLACE_EXISTING);
                }
                Await.until(() -> reaches(server, allocator, own), () -> "the former certificate");
                assertThat(reaches(server, allocator, before)).isFalse();
                // A connection of before goes on.
                assertThat(read(client, NpzTicket.of("a").toTicket())[0]).isEqualTo(5);
            }
        }
    }

    private static boolean reaches(NpzFlightServer server, BufferAllocator allocator, List<Path> trusted) {
        try (FlightClient client = secure(server, allocator, trusted, List.of())) {
            return read(client, NpzTicket.of("a").toTicket())[0] == 5;
        } catch (Exception e) {
            return false;
        }
    }

    /** A client that trusts the server, with a certificate and its key, or without. */
    private static FlightClient secure(
            NpzFlightServer server, BufferAllocator allocator, List<Path> trusted, List<Path> certificate)
            throws IOException {
        FlightClient.Builder builder = FlightClient.builder(allocator, Location.forGrpcTls("localhost", server.port()));
        try (InputStream authority = Files.newInputStream(trusted.get(0))) {
            if (certificate.isEmpty()) {
                return builder.trustedCertificates(authority).build();
            }
            try (InputStream chain = Files.newInputStream(certificate.get(0));
                    InputStream key = Files.newInputStream(certificate.get(1))) {
                return builder.trustedCertificates(authority)
                        .clientCertificate(chain, key)
                        .build();
            }
        }
    }

    @Test
    void closesCertificateAndKeyThatCannotBeUsed(BufferAllocator allocator, @TempDir Path keys) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        List<Path> pem = certificate(keys);
        Path other = directory.resolve("a.npz");
        Path none = keys.resolve("none.pem");
        for (ServerOptions options : List.of(
                ServerOptions.defaults().withTls(other, pem.get(1)),
                ServerOptions.defaults().withTls(pem.get(0), other),
                ServerOptions.defaults().withTls(none, pem.get(1)),
                ServerOptions.defaults().withTls(pem.get(0), none))) {
            assertThatThrownBy(() -> NpzFlightServer.start(allocator, directory, options))
                    .isInstanceOf(NpzException.class);
            assertThat(Maps.openFiles())
                    .noneMatch(path -> path.startsWith(directory.toString()) || path.startsWith(keys.toString()));
        }
    }

    private static List<Path> certificate(Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        "30",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "password".toCharArray());
        }
        Key key = keys.getKey("x", "password".toCharArray());
        List<Path> files = new ArrayList<>();
        files.add(pem(
                directory.resolve("cert.pem"),
                "CERTIFICATE",
                keys.getCertificate("x").getEncoded()));
        files.add(pem(directory.resolve("key.pem"), "PRIVATE KEY", key.getEncoded()));
        return files;
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
