package org.arrownpz.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.cli.Cli;
import org.arrownpz.cli.Main;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.SqlQuery;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeCommandTest {
    private static final int SECONDS = 60;

    @TempDir
    Path directory;

    @TempDir
    Path other;

    /** The command in a process of its own. */
    private record Server(Process process, BufferedReader out, Path err) implements AutoCloseable {
        String line() throws IOException {
            return out.readLine();
        }

        /** Sends SIGTERM; Process.destroy would close the pipes, too. */
        void terminate() {
            process.toHandle().destroy();
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Server start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectories(other.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                directory.toString(),
                "--port",
                "0"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(1, List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        command.addAll(List.of(arguments));
        Path err = other.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        return new Server(
                process,
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                err);
    }

    private static FlightClient client(String location, BufferAllocator allocator) {
        int port = Integer.parseInt(location.substring(location.lastIndexOf(':') + 1));
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", port))
                .build();
    }

    private void file(String name, int rows, BufferAllocator allocator) throws IOException {
        BigIntVector key = new BigIntVector("key", allocator);
        key.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            key.set(i, i);
        }
        key.setValueCount(rows);
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) key))) {
            Frames.write(root, directory.resolve(name), WriteOptions.defaults());
        }
    }

    private static long sum(FlightStream stream) {
        long sum = 0;
        while (stream.next()) {
            sum += sumOfBatch(stream);
        }
        return sum;
    }

    private static long sumOfBatch(FlightStream stream) {
        BigIntVector key = (BigIntVector) stream.getRoot().getVector(0);
        long sum = 0;
        for (int i = 0; i < key.getValueCount(); i++) {
            sum += key.get(i);
        }
        return sum;
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void servesUntilToldToStopAndFinishesWhatRuns() throws Exception {
        int rows = 4_000_000;
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", rows, allocator);
            Files.writeString(
                    directory.resolve(
                            ".b.00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000.npz"),
                    "left over");
            try (Server server = start("--sql")) {
                String location = server.line();
                assertThat(location).startsWith("grpc://localhost:");
                try (FlightClient client = client(location, allocator)) {
                    assertThat(client.listFlights(Criteria.ALL))
                            .extracting(info -> info.getDescriptor().getPath())
                            .containsExactly(List.of("a"));
                    try (FlightStream answer = client.getStream(new SqlQuery("SELECT max(key) FROM a").toTicket())) {
                        assertThat(answer.next()).isTrue();
                        assertThat(answer.getRoot().getVector(0).getObject(0)).isEqualTo(rows - 1L);
                    }
                    try (FlightStream running =
                            client.getStream(NpzTicket.of("a").toTicket())) {
                        assertThat(running.next()).isTrue();
                        long first = sumOfBatch(running);
                        server.terminate();
                        assertThat(first + sum(running)).isEqualTo(rows * (rows - 1L) / 2);
                    }
                }
                assertThat(server.exitCode()).isZero();
                assertThat(Files.readString(server.err())).isEmpty();
                assertThat(server.line()).isNull();
            }
        }
        assertThat(files(directory)).containsExactly("a.npz");
        assertThat(files(other.resolve("tmp"))).isEmpty();
    }

    @Test
    void letsInWhoKnowsTheToken() throws Exception {
        Path token = Files.writeString(other.resolve("token"), "s3cret\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
            try (Server server = start("--token-file", token.toString(), "--read-only");
                    FlightClient client = client(server.line(), allocator)) {
                CallOption right = new CredentialCallOption(new BearerCredentialWriter("s3cret"));
                assertThat(client.getInfo(FlightDescriptor.path("a"), right).getRecords())
                        .isEqualTo(3);
                FlightStatusCode code = null;
                try {
                    client.getInfo(FlightDescriptor.path("a"));
                } catch (FlightRuntimeException e) {
                    code = e.status().code();
                }
                assertThat(code).isEqualTo(FlightStatusCode.UNAUTHENTICATED);
                server.terminate();
                assertThat(server.exitCode()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--host 0.0.0.0",
                "--port 70000",
                "--tls-cert cert.pem",
                "--token-file TOKEN",
                "--token-file NONE",
                "--max-message 3g",
                "--token-file TOKEN --no-token",
                "--queries 0",
                "--query-time 0",
                "--query-rows 0",
                "--query-bytes 0",
                "--streams -1",
                "--calls 0",
                "--config NONE",
                "--metrics 70000",
            })
    void refusesWhatCannotBeOrIsNotSafe(String flags) throws IOException {
        Path token = Files.writeString(other.resolve("token"), "s3cret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        List<Object> arguments = new ArrayList<>(List.of("serve", directory));
        for (String flag : flags.split(" ")) {
            arguments.add(flag.replace("TOKEN", token.toString()).replace("NONE", other + "/none"));
        }
        Cli run = Cli.run(arguments.toArray());
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("arrow-npz: ");
    }

    @Test
    void takesFlagsFromAFileWhereTheCommandLineHasNone() throws Exception {
        Path config = Files.writeString(
                other.resolve("serve.properties"),
                "# as flags\nport = 70000\nsql = true\nread-only=false\nquery-rows: 2\nhost = localhost\n");
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
            try (Server server = start("--config", config.toString());
                    FlightClient client = client(server.line(), allocator)) {
                try (FlightStream answer = client.getStream(new SqlQuery("SELECT key FROM a LIMIT 2").toTicket())) {
                    assertThat(sum(answer)).isEqualTo(1);
                }
                assertThatThrownBy(() -> {
                            try (FlightStream answer = client.getStream(new SqlQuery("SELECT key FROM a").toTicket())) {
                                sum(answer);
                            }
                        })
                        .isInstanceOfSatisfying(
                                FlightRuntimeException.class,
                                e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.RESOURCE_EXHAUSTED));
                server.terminate();
                assertThat(server.exitCode()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "speed = 3",
                "config = other",
                "help = true",
                "sql = yes",
                "port = many",
                "port = 1\nport = 2",
                "port = 70000",
                "host = \\u00zz",
                "--port = 1",
            })
    void refusesFilesOfFlagsThatAreNone(String text) throws IOException {
        Path config = Files.writeString(other.resolve("serve.properties"), text);
        Cli run = Cli.run("serve", directory, "--config", config);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).startsWith("arrow-npz: ").hasLineCount(1);
    }

    @Test
    void refusesFilesOfFlagsThatAreNoText() throws IOException {
        Path config = Files.write(other.resolve("serve.properties"), new byte[] {(byte) 0xC3, 0x28});
        assertThat(Cli.run("serve", directory, "--config", config).code()).isEqualTo(ExitCodes.USAGE);
    }

    /** What the server tells at the address that it says. */
    private static String metrics(Server server) throws Exception {
        Await.until(() -> Files.readString(server.err()).endsWith("\n"), () -> "no line in " + server.err());
        String said = Files.readString(server.err());
        URI address = URI.create(said.substring(said.indexOf("http"), said.length() - 1));
        try (InputStream text = address.toURL().openStream()) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    @DisplayName("B13: SIGTERM ends statements that run, and the command as it should")
    void endsCleanlyWhileStatementsRun() throws Exception {
        SqlQuery endless = new SqlQuery(
                "SELECT count(*) FROM range(100000000000) a, range(1000000) b" + " WHERE a.range + b.range = -1");
        try (BufferAllocator allocator = new RootAllocator();
                Server server = start("--sql", "--queries", "1", "--grace", "0", "--metrics", "0");
                FlightClient client = client(server.line(), allocator)) {
            // One runs, one waits for its place: neither can end by itself.
            List<FlightInfo> infos =
                    List.of(client.getInfo(endless.toDescriptor()), client.getInfo(endless.toDescriptor()));
            List<CompletableFuture<?>> calls = infos.stream()
                    .map(info -> CompletableFuture.runAsync(
                            () -> {
                                try (FlightStream rows = client.getStream(
                                        info.getEndpoints().get(0).getTicket())) {
                                    rows.next();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            // The common pool has one thread on two cores.
                            call -> new Thread(call).start()))
                    .<CompletableFuture<?>>map(call -> call)
                    .toList();
            String told = "";
            while (!told.contains("arrownpz_calls_running 2") || !told.contains("arrownpz_queries 1")) {
                told = metrics(server);
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertThat(Files.readString(server.err())).hasLineCount(1).startsWith("arrow-npz: metrics are at ");
            assertThat(calls)
                    .allMatch(call ->
                            call.handle((none, failure) -> failure != null).join());
        }
    }

    @Test
    @DisplayName("B12: a lost file of tokens is said on standard error")
    void saysThatItsTokensAreLost() throws Exception {
        Path tokens = Files.writeString(other.resolve("tokens"), "ann read s3cret\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        try (BufferAllocator allocator = new RootAllocator();
                Server server = start("--tokens", tokens.toString());
                FlightClient client = client(server.line(), allocator)) {
            Files.delete(tokens);
            client.listFlights(Criteria.ALL, new CredentialCallOption(new BearerCredentialWriter("s3cret")))
                    .forEach(info -> {});
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertThat(Files.readString(server.err()))
                    .isEqualTo("arrow-npz: the tokens cannot be read (there is none): those of before are good for 60"
                            + " seconds more\n");
        }
    }

    @Test
    void tellsMetricsAndLogsCalls() throws Exception {
        Path log = other.resolve("access.log");
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
            try (Server server = start("--metrics", "0", "--access-log", log.toString());
                    FlightClient client = client(server.line(), allocator)) {
                client.getInfo(FlightDescriptor.path("a"));
                client.listFlights(Criteria.ALL).forEach(info -> {});
                assertThat(metrics(server)).contains("arrownpz_calls_total{call=\"GetFlightInfo\",code=\"OK\"} 1");
                server.terminate();
                assertThat(server.exitCode()).isZero();
            }
        }
        assertThat(Files.readString(log)).contains("\"call\":\"ListFlights\"");
    }

    @Test
    void refusesWhatIsNoDirectoryAndCertificatesThatAreNone() throws IOException {
        Path file = Files.writeString(other.resolve("key"), "no key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(Cli.run("serve", file).code()).isEqualTo(ExitCodes.USAGE);
        Cli run = Cli.run("serve", directory, "--port", "0", "--tls-cert", file, "--tls-key", file);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCodes.DATA);
        assertThat(run.err()).hasLineCount(1);
    }
}
