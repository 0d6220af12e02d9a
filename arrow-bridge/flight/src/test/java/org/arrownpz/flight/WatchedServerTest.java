package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What those who run a server see of it. */
@ExtendWith(LeakCheck.class)
class WatchedServerTest {
    private static final String HEALTH = "grpc.health.v1.Health/Check";

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    @TempDir
    Path directory;

    @TempDir
    Path other;

    private static HttpResponse<String> http(NpzFlightServer server, String method, String path) throws Exception {
        URI address = URI.create("http://localhost:" + server.metricsPort() + path);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address)
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** A call ends for its client a little before it ends for the server. */
    private static String metrics(NpzFlightServer server, String line) throws Exception {
        Await.holds(
                Duration.ofSeconds(10),
                () -> http(server, "GET", "/metrics").body().contains(line));
        return http(server, "GET", "/metrics").body().replace(".0\n", "\n");
    }

    @Test
    void tellsPrometheusWhatWasCalledAndWhatIsOpen(BufferAllocator allocator) throws Exception {
        write(directory.resolve("prices.npz"), 100, allocator);
        ServerOptions options =
                ServerOptions.defaults().withWatch(ServerOptions.Watch.none().withMetrics(0));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            FlightCalls.read(client, NpzTicket.of("prices").toTicket());
            fails(FlightStatusCode.NOT_FOUND, () -> client.getInfo(FlightDescriptor.path("none")));
            call(server, "arrow.flight.protocol.FlightService/None", new byte[0], Status.Code.UNIMPLEMENTED);
            String text = metrics(server, "call=\"other\"");
            assertThat(text)
                    .contains("arrownpz_calls_total{call=\"DoGet\",code=\"OK\"} 1\n")
                    .contains("arrownpz_calls_total{call=\"GetFlightInfo\",code=\"NOT_FOUND\"} 1\n")
                    .contains("arrownpz_calls_total{call=\"other\",code=\"UNIMPLEMENTED\"} 1\n")
                    .contains("arrownpz_call_seconds_bucket{call=\"DoGet\",le=\"+Inf\"} 1\n")
                    .contains("arrownpz_call_seconds_count{call=\"DoGet\"} 1\n")
                    .contains("arrownpz_open_frames 0\n")
                    .contains("arrownpz_calls_running 0\n")
                    .contains("arrownpz_queries 0\n")
                    .containsPattern("arrownpz_sent_bytes_total [1-9]\\d{2,}\n")
                    .containsPattern("arrownpz_received_bytes_total [1-9]\\d*\n")
                    .containsPattern("arrownpz_allocated_peak_bytes [1-9]\\d*\n");
            assertThat(text.lines())
                    .allMatch(
                            line -> line.startsWith("# ") || line.matches("[a-z_0-9]+(\\{[^{}]*\\})? ([-0-9.E]+|NaN)"));
            assertThat(http(server, "GET", "/").statusCode()).isEqualTo(404);
            assertThat(http(server, "POST", "/metrics").statusCode()).isEqualTo(405);
        }
    }

    @Test
    @DisplayName("B12: a lost file of tokens is a metric")
    void tellsPrometheusThatTheTokensAreLost(BufferAllocator allocator) throws Exception {
        Path tokens = Files.writeString(
                other.resolve("tokens"), ServerOptions.Access.tokenLine("ann", "read", "s3cret", null));
        ServerOptions options = ServerOptions.defaults()
                .withAccess(ServerOptions.Access.open().withTokens(tokens))
                .withWatch(ServerOptions.Watch.none().withMetrics(0));
        try (ServerLogLines log = new ServerLogLines();
                NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            assertThat(metrics(server, "unusable")).contains("arrownpz_tokens_unusable 0\n");
            Files.delete(tokens);
            fails(FlightStatusCode.NOT_FOUND, () -> client.getInfo(FlightDescriptor.path("a"), token("s3cret")));
            assertThat(metrics(server, "unusable")).contains("arrownpz_tokens_unusable 1\n");
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void writesALineForEachCallAndNoSecret(BufferAllocator allocator) throws Exception {
        write(directory.resolve("prices.npz"), 10, allocator);
        Path tokens = Files.writeString(other.resolve("tokens"), "ann read s3cret\n");
        Path log = Files.writeString(other.resolve("log"), "{\"earlier\":1}\n");
        ServerOptions options = ServerOptions.defaults()
                .withAccess(ServerOptions.Access.open().withTokens(tokens))
                .withWatch(ServerOptions.Watch.none().withAccessLog(log));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            assertThat(server.metricsPort()).isEqualTo(-1);
            FlightCalls.read(client, NpzTicket.of("prices").toTicket(), token("s3cret"));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> client.getInfo(FlightDescriptor.path("a"), token("wr0ng")));
            fails(FlightStatusCode.NOT_FOUND, () -> client.getInfo(FlightDescriptor.path("a\"\n{}"), token("s3cret")));
        }
        assertThat(Files.readString(log)).doesNotContain("s3cret").doesNotContain("wr0ng");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).has("earlier")).isTrue();
        JsonNode get = lines.get(1);
        assertThat(get.get("call").textValue()).isEqualTo("DoGet");
        assertThat(get.get("caller").textValue()).isEqualTo("ann");
        assertThat(get.get("peer").textValue()).containsAnyOf("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(get.get("code").textValue()).isEqualTo("OK");
        assertThat(get.get("sent").longValue()).isGreaterThan(100);
        assertThat(get.get("received").longValue()).isPositive();
        assertThat(get.get("ms").longValue()).isNotNegative();
        assertThat(get.has("error")).isFalse();
        assertThat(lines.get(2).get("code").textValue()).isEqualTo("UNAUTHENTICATED");
        assertThat(lines.get(2).get("caller").textValue()).isEmpty();
        assertThat(lines.get(3).get("error").textValue()).contains("there is no file");
    }

    @Test
    void isReadyWhileTheDirectoryCanBeRead(BufferAllocator allocator) throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        ServerOptions options = ServerOptions.defaults().withToken("s3cret");
        try (NpzFlightServer server = NpzFlightServer.start(allocator, served, options)) {
            byte[] flight = "arrow.flight.protocol.FlightService".getBytes(StandardCharsets.US_ASCII);
            byte[] request = new byte[flight.length + 2];
            request[0] = 10;
            request[1] = (byte) flight.length;
            System.arraycopy(flight, 0, request, 2, flight.length);
            assertThat(call(server, HEALTH, new byte[0], Status.Code.OK)).containsExactly(8, 1);
            assertThat(call(server, HEALTH, request, Status.Code.OK)).containsExactly(8, 1);
            // A field that this version does not know.
            assertThat(call(server, HEALTH, new byte[] {16, 1}, Status.Code.OK)).containsExactly(8, 1);
            request[5] = 'X';
            call(server, HEALTH, request, Status.Code.NOT_FOUND);
            call(server, HEALTH, new byte[] {10, 5, 'x'}, Status.Code.INVALID_ARGUMENT);
            Path moved = Files.move(served, directory.resolve("moved"));
            assertThat(call(server, HEALTH, new byte[0], Status.Code.OK)).containsExactly(8, 2);
            Files.move(moved, served);
            assertThat(call(server, HEALTH, new byte[0], Status.Code.OK)).containsExactly(8, 1);
        }
    }

    @Test
    void tellsWhoWatchesWhenItIsReadyAndWhenItStops(BufferAllocator allocator) throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        NpzFlightServer server = NpzFlightServer.start(
                allocator, served, ServerOptions.defaults().withToken("s3cret"));
        ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", server.port())
                .usePlaintext()
                .build();
        try (server) {
            Iterator<byte[]> states = watch(channel, new byte[0]);
            assertThat(states.next()).containsExactly(8, 1);
            assertThat(watch(channel, new byte[] {10, 1, 'x'}).next()).containsExactly(8, 3);
            Path moved = Files.move(served, directory.resolve("moved"));
            assertThat(states.next()).containsExactly(8, 2);
            Files.move(moved, served);
            assertThat(states.next()).containsExactly(8, 1);
            long start = System.nanoTime();
            server.shutdown(Duration.ofMinutes(10));
            // Not the ten minutes that calls are given.
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MINUTES.toNanos(5));
            assertThat(states.next()).containsExactly(8, 2);
            assertThat(states.hasNext()).isFalse();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void letsOnlySomeWatch(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(
                allocator,
                directory,
                ServerOptions.defaults().withLimits(ServerLimits.defaults().withCalls(200, 10)))) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", server.port())
                    .usePlaintext()
                    .build();
            try {
                for (int i = 0; i < 64; i++) {
                    assertThat(watch(channel, new byte[0]).next()).containsExactly(8, 1);
                }
                Iterator<byte[]> refused = watch(channel, new byte[0]);
                assertThatThrownBy(refused::next)
                        .isInstanceOfSatisfying(
                                StatusRuntimeException.class,
                                e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
                assertThat(call(server, HEALTH, new byte[0], Status.Code.OK)).containsExactly(8, 1);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static Iterator<byte[]> watch(ManagedChannel channel, byte[] request) {
        return ClientCalls.blockingServerStreamingCall(
                channel,
                MethodDescriptor.newBuilder(BYTES, BYTES)
                        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                        .setFullMethodName("grpc.health.v1.Health/Watch")
                        .build(),
                CallOptions.DEFAULT,
                request);
    }

    @Test
    void doesNotStartWhereItCannotTell(BufferAllocator allocator) throws Exception {
        ServerOptions options = ServerOptions.defaults();
        ServerOptions unwritable = options.withWatch(ServerOptions.Watch.none().withAccessLog(directory));
        assertThatThrownBy(() -> NpzFlightServer.start(allocator, directory, unwritable))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("access log");
        try (NpzFlightServer first = NpzFlightServer.start(
                allocator,
                directory,
                options.withWatch(ServerOptions.Watch.none().withMetrics(0)))) {
            ServerOptions taken = options.withWatch(ServerOptions.Watch.none().withMetrics(first.metricsPort()));
            assertThatThrownBy(() -> NpzFlightServer.start(allocator, directory, taken))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("metrics");
        }
        assertThatThrownBy(() -> ServerOptions.Watch.none().withMetrics(65_536))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ServerOptions.Watch.none().withMetrics(-2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsProcessesOfQueriesThatDie(BufferAllocator allocator) throws Exception {
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withLimits(ServerLimits.defaults().withQueries(1, 256 << 20))
                .withWatch(ServerOptions.Watch.none().withMetrics(0));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            SqlQuery one = new SqlQuery("SELECT 1::BIGINT AS twice");
            FlightCalls.read(client, one.toTicket());
            Gauges.await(server, "arrownpz_workers 1", "arrownpz_queries 0", "arrownpz_queries_waiting 0");
            List<ProcessHandle> processes = ProcessHandle.current().children().toList();
            assertThat(processes).isNotEmpty();
            for (ProcessHandle process : processes) {
                process.destroyForcibly();
                process.onExit().get(10, TimeUnit.SECONDS);
            }
            FlightCalls.read(client, one.toTicket());
            Gauges.await(
                    server,
                    "arrownpz_workers_ended_total{reason=\"crash\"} 1",
                    "arrownpz_workers_ended_total{reason=\"memory\"} 0",
                    "arrownpz_queries_begun_total 2");
        }
    }

    @Test
    void countsOnAfterGarbageIsCollected(BufferAllocator allocator) throws Exception {
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withWatch(ServerOptions.Watch.none().withMetrics(0));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            System.gc();
            FlightCalls.read(client, new SqlQuery("SELECT 1::BIGINT AS twice").toTicket());
            Gauges.await(server, "arrownpz_queries_begun_total 1");
        }
    }

    /** Calls a method with bytes as they are; the bytes of its answer. */
    private static byte[] call(NpzFlightServer server, String method, byte[] request, Status.Code expected) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", server.port())
                .usePlaintext()
                .build();
        try {
            byte[] answer = ClientCalls.blockingUnaryCall(
                    channel,
                    MethodDescriptor.newBuilder(BYTES, BYTES)
                            .setType(MethodDescriptor.MethodType.UNARY)
                            .setFullMethodName(method)
                            .build(),
                    CallOptions.DEFAULT,
                    request);
            assertThat(expected).isEqualTo(Status.Code.OK);
            return answer;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(expected);
            return new byte[0];
        } finally {
            channel.shutdownNow();
        }
    }
}
