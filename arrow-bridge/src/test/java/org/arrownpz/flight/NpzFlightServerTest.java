package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.dataset.TypeZoo;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Label;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Maps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class NpzFlightServerTest {
    private static final int ROWS = 100_003;

    @TempDir
    Path directory;

    private NpzFlightServer start(BufferAllocator allocator, ServerOptions options) throws NpzException {
        return NpzFlightServer.start(allocator, directory, options);
    }

    private static FlightClient client(NpzFlightServer server, BufferAllocator allocator) {
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", server.port()))
                .build();
    }

    private static VectorSchemaRoot root(int rows, BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        BigIntVector twice = new BigIntVector("twice", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        for (int i = 0; i < rows; i++) {
            key.setSafe(i, i);
            twice.setSafe(i, 2L * i);
            if (i % 3 != 1) {
                name.setSafe(i, ("n" + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        List<FieldVector> vectors = List.of(key, twice, name);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors);
    }

    private void file(String name, int rows, BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = root(rows, allocator);
                Frame frame = Frame.of(root).withIndex("key").withName("prices")) {
            Frames.write(frame, directory.resolve(name + ".npz"), WriteOptions.defaults());
        }
    }

    private static long[] read(FlightClient client, Ticket ticket, CallOption... options) throws Exception {
        try (FlightStream stream = client.getStream(ticket, options)) {
            long rows = 0;
            long sum = 0;
            long batches = 0;
            while (stream.next()) {
                VectorSchemaRoot root = stream.getRoot();
                batches++;
                rows += root.getRowCount();
                BigIntVector twice = (BigIntVector) root.getVector("twice");
                for (int i = 0; i < root.getRowCount(); i++) {
                    sum += twice.get(i);
                }
            }
            return new long[] {rows, sum, batches};
        }
    }

    private static void fails(FlightStatusCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FlightRuntimeException.class,
                        e -> assertThat(e.status().code()).as(e.toString()).isEqualTo(code));
    }

    @Test
    void listsDescribesAndStreamsFiles(BufferAllocator allocator) throws Exception {
        file("prices", ROWS, allocator);
        file("other", 3, allocator);
        Files.writeString(directory.resolve("notes.txt"), "no");
        Files.writeString(directory.resolve("broken.npz"), "no");
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            assertThat(names(client, Criteria.ALL)).containsExactly("other", "prices");
            assertThat(names(client, new Criteria("pr".getBytes(StandardCharsets.UTF_8))))
                    .containsExactly("prices");
            FlightInfo info = client.getInfo(FlightDescriptor.path("prices"));
            assertThat(info.getRecords()).isEqualTo(ROWS);
            assertThat(info.getBytes()).isEqualTo(Files.size(directory.resolve("prices.npz")));
            assertThat(info.getSchema().getFields()).extracting(Field::getName).containsExactly("key", "twice", "name");
            assertThat(info.getSchema().getCustomMetadata()).containsKeys("arrow_npz", "pandas");
            long[] result = read(client, info.getEndpoints().get(0).getTicket());
            assertThat(result[0]).isEqualTo(ROWS);
            assertThat(result[1]).isEqualTo((long) ROWS * (ROWS - 1));
        }
    }

    private static List<String> names(FlightClient client, Criteria criteria) {
        return StreamSupport.stream(client.listFlights(criteria).spliterator(), false)
                .map(info -> info.getDescriptor().getPath().get(0))
                .toList();
    }

    @Test
    void streamsColumnsAndRowsAskedForInBatchesOfTheGivenSize(BufferAllocator allocator) throws Exception {
        file("prices", ROWS, allocator);
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults().withBatchBytes(80_000));
                FlightClient client = client(server, allocator)) {
            NpzTicket all = NpzTicket.of("prices").withColumns("twice");
            long[] result = read(client, all.toTicket());
            assertThat(result[0]).isEqualTo(ROWS);
            assertThat(result[2]).isBetween(10L, 12L);
            long[] part = read(client, all.withRows(50_000, 3).toTicket());
            assertThat(part).containsExactly(3, 300_006, 1);
            assertThat(read(client, all.withRows(ROWS + 5L, 3).toTicket())[0]).isZero();
            try (FlightStream stream = client.getStream(
                    NpzTicket.of("prices").withColumns("name", "key").toTicket())) {
                assertThat(stream.getSchema().getFields())
                        .extracting(Field::getName)
                        .containsExactly("name", "key");
                assertThat(stream.next()).isTrue();
                assertThat(stream.getRoot().getVector("name").getObject(2)).hasToString("n2");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "..",
                ".",
                "",
                "/etc/passwd",
                "a/b",
                "a\\b",
                ".hidden",
                "link",
                "none",
                "a\u0000b",
                "c:x",
            })
    void neverLeavesTheDirectory(String name, BufferAllocator allocator) throws Exception {
        Path outside = Files.createDirectory(directory.resolve("data"));
        file("secret", 3, allocator);
        file(".hidden", 3, allocator);
        Files.createSymbolicLink(outside.resolve("link.npz"), directory.resolve("secret.npz"));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, outside, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            fails(
                    FlightStatusCode.NOT_FOUND,
                    () -> read(client, NpzTicket.of(name).toTicket()));
            fails(FlightStatusCode.NOT_FOUND, () -> client.getInfo(FlightDescriptor.path(name)));
            assertThat(names(client, Criteria.ALL)).isEmpty();
            if (!List.of("link", "none").contains(name)) {
                fails(FlightStatusCode.INVALID_ARGUMENT, () -> put(client, FlightDescriptor.path(name), 3, allocator));
            }
        }
        assertThat(outside.toFile().list()).containsExactly("link.npz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{}",
                "[]",
                "{\"v\":2,\"name\":\"a\"}",
                "{\"v\":1}",
                "{\"v\":1,\"name\":\"a\",\"x\":1}",
                "{\"v\":1,\"name\":\"a\",\"offset\":-1}",
                "{\"v\":1,\"name\":\"a\",\"limit\":1.5}",
                "{\"v\":1,\"name\":\"a\",\"columns\":[1]}",
                "{\"v\":1,\"name\":\"a\",\"columns\":[\"b\"]}",
                "{\"v\":1,\"name\":\"a\",\"columns\":[\"key\",\"key\"]}",
                "{\"v\":1,\"name\":\"a\"} {}",
            })
    void refusesTicketsThatAreNoTickets(String json, BufferAllocator allocator) throws Exception {
        file("a", 3, allocator);
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            fails(
                    FlightStatusCode.INVALID_ARGUMENT,
                    () -> read(client, new Ticket(json.getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static void put(FlightClient client, FlightDescriptor descriptor, int rows, BufferAllocator allocator) {
        try (VectorSchemaRoot root = root(rows, allocator);
                Frame frame = Frame.of(root).withIndex("key").withName("put")) {
            AsyncPutListener listener = new AsyncPutListener();
            FlightClient.ClientStreamListener stream = client.startPut(descriptor, frame.interchangeRoot(), listener);
            stream.putNext();
            stream.putNext();
            stream.completed();
            stream.getResult();
        }
    }

    @Test
    void putsWholeFilesAndReplacesOnlyWhenTold(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            put(client, FlightDescriptor.path("new"), 10, allocator);
            fails(FlightStatusCode.ALREADY_EXISTS, () -> put(client, FlightDescriptor.path("new"), 20, allocator));
            try (Frame frame = Frames.open(allocator, directory.resolve("new.npz"))) {
                assertThat(frame.rowCount()).isEqualTo(20);
                assertThat(frame.name()).isEqualTo(Label.of("put"));
                assertThat(frame.indexLevels()).isEqualTo(1);
            }
            put(client, new PutCommand("new", true).toDescriptor(), 7, allocator);
            assertThat(client.getInfo(FlightDescriptor.path("new")).getRecords())
                    .isEqualTo(14);
        }
        assertThat(directory.toFile().list()).containsExactly("new.npz");
    }

    @Test
    void givesBackEveryTypeThatWasPut(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults().withBatchBytes(4000));
                FlightClient client = client(server, allocator)) {
            List<FieldVector> vectors = new ArrayList<>();
            TypeZoo.fields().forEach(field -> vectors.add(TypeZoo.vector(field, 20, allocator)));
            try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(TypeZoo.fields()), vectors, 20)) {
                FlightClient.ClientStreamListener put =
                        client.startPut(FlightDescriptor.path("zoo"), root, new AsyncPutListener());
                put.putNext();
                put.completed();
                put.getResult();
                int row = 0;
                try (FlightStream stream = client.getStream(NpzTicket.of("zoo").toTicket())) {
                    while (stream.next()) {
                        VectorSchemaRoot batch = stream.getRoot();
                        for (int i = 0; i < vectors.size(); i++) {
                            FieldVector column = vectors.get(i);
                            assertThat(batch.getVector(i).getField().getType())
                                    .isEqualTo(column.getField().getType());
                            for (int at = 0; at < batch.getRowCount(); at++) {
                                assertThat(text(batch.getVector(i), at))
                                        .as(column.getName())
                                        .isEqualTo(text(column, row + at));
                            }
                        }
                        row += batch.getRowCount();
                    }
                }
                assertThat(row).isEqualTo(20);
            }
        }
    }

    private static String text(FieldVector vector, int row) {
        Object value = vector.getObject(row);
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }

    @Test
    void leavesNothingOfAPutThatIsCancelled(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightClient client = client(server, allocator);
                VectorSchemaRoot root = root(1000, allocator)) {
            FlightClient.ClientStreamListener stream =
                    client.startPut(FlightDescriptor.path("half"), root, new AsyncPutListener());
            stream.putNext();
            stream.error(new IllegalStateException("changed my mind"));
            for (int i = 0; i < 100 && directory.toFile().list().length > 0; i++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(names(client, Criteria.ALL)).isEmpty();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void takesNoPutsWhenReadOnlyAndNoMessagesThatAreTooLong(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults().readOnly());
                FlightClient client = client(server, allocator)) {
            fails(FlightStatusCode.UNAUTHORIZED, () -> put(client, FlightDescriptor.path("a"), 10, allocator));
        }
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults().withMaxMessageBytes(10_000));
                FlightClient client = client(server, allocator)) {
            assertThatThrownBy(() -> put(client, FlightDescriptor.path("a"), 10_000, allocator))
                    .isInstanceOf(FlightRuntimeException.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void asksForTheToken(BufferAllocator allocator) throws Exception {
        file("a", 5, allocator);
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults().withToken("s3cret"));
                FlightClient client = client(server, allocator)) {
            Ticket ticket = NpzTicket.of("a").toTicket();
            fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, ticket));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, ticket, token("s3cre")));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> client.getInfo(FlightDescriptor.path("a"), token("x")));
            assertThat(read(client, ticket, token("s3cret"))[0]).isEqualTo(5);
        }
    }

    private static CallOption token(String token) {
        return new CredentialCallOption(new BearerCredentialWriter(token));
    }

    @Test
    void speaksTls(BufferAllocator allocator, @TempDir Path keys) throws Exception {
        file("a", 5, allocator);
        List<Path> pem = certificate(keys);
        ServerOptions options =
                ServerOptions.defaults().withTls(pem.get(0), pem.get(1)).withToken("s3cret");
        try (NpzFlightServer server = start(allocator, options)) {
            assertThat(server.uri()).isEqualTo("grpc+tls://localhost:" + server.port());
            try (InputStream trusted = Files.newInputStream(pem.get(0));
                    FlightClient client = FlightClient.builder(
                                    allocator, Location.forGrpcTls("localhost", server.port()))
                            .trustedCertificates(trusted)
                            .build()) {
                assertThat(read(client, NpzTicket.of("a").toTicket(), token("s3cret"))[0])
                        .isEqualTo(5);
                fails(
                        FlightStatusCode.UNAUTHENTICATED,
                        () -> read(client, NpzTicket.of("a").toTicket()));
            }
            try (FlightClient plain = client(server, allocator)) {
                assertThatThrownBy(() -> read(plain, NpzTicket.of("a").toTicket(), token("s3cret")))
                        .isInstanceOf(FlightRuntimeException.class);
            }
        }
    }

    @Test
    void closesCertificateAndKeyThatCannotBeUsed(BufferAllocator allocator, @TempDir Path keys) throws Exception {
        file("a", 5, allocator);
        List<Path> pem = certificate(keys);
        Path other = directory.resolve("a.npz");
        Path none = keys.resolve("none.pem");
        for (ServerOptions options : List.of(
                ServerOptions.defaults().withTls(other, pem.get(1)),
                ServerOptions.defaults().withTls(pem.get(0), other),
                ServerOptions.defaults().withTls(none, pem.get(1)),
                ServerOptions.defaults().withTls(pem.get(0), none))) {
            assertThatThrownBy(() -> start(allocator, options)).isInstanceOf(NpzException.class);
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
