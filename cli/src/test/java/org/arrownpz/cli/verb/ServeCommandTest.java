package org.arrownpz.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.cli.Cli;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.flight.SqlQuery;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeCommandTest extends ServeProcess {
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

    @Test
    void answersHttpInEveryFormUnderTheNamesThatItIsGiven() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
        }
        try (Server server = start("--http", "0", "--http-host", "data.example,other.example")) {
            server.line();
            Await.until(() -> Files.readString(server.err()).endsWith("\n"), () -> "no line in " + server.err());
            String said = Files.readString(server.err());
            URI data = URI.create(said.substring(said.indexOf("http://")).strip() + "/tables/a/data");
            HttpClient client = HttpClient.newHttpClient();
            for (String form : List.of("arrow", "arrow-file", "parquet", "npz", "csv", "json", "json-rows")) {
                HttpResponse<byte[]> answer = client.send(
                        HttpRequest.newBuilder(URI.create(data + "?format=" + form))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
            }
            try (Socket socket = new Socket("localhost", data.getPort())) {
                socket.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n".getBytes());
                assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void tellsItsLogAsJson() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
            try (Server server =
                            start("--log-format", "json", "--http", "0", "--sql", "--slow-query", "0", "--grace", "0");
                    FlightClient client = client(server.line(), allocator);
                    FlightStream rows = client.getStream(new SqlQuery("SELECT key FROM a WHERE key < 2").toTicket())) {
                assertThat(sum(rows)).isEqualTo(1);
                Await.until(() -> Files.readString(server.err()).contains("slow"), () -> "no line in " + server.err());
                List<String> lines = Files.readAllLines(server.err());
                assertThat(lines).hasSize(2);
                JsonNode first = new ObjectMapper().readTree(lines.get(0));
                assertThat(first.get("level").textValue()).isEqualTo("INFO");
                assertThat(first.get("message").textValue()).startsWith("HTTP is at http://");
                JsonNode second = new ObjectMapper().readTree(lines.get(1));
                assertThat(Instant.parse(second.get("time").textValue()))
                        .isBefore(Instant.now().plusSeconds(60));
                assertThat(second.get("level").textValue()).isEqualTo("WARNING");
                assertThat(second.get("message").textValue()).contains("SELECT key FROM a WHERE key < ?");
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
                "--http 70000",
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

    @Test
    @DisplayName("B12: a lost file of tokens is said on standard error")
    void saysThatItsTokensAreLost() throws Exception {
        Path tokens = Files.writeString(
                other.resolve("tokens"), ServerOptions.Access.tokenLine("ann", "read", "s3cret", null));
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
