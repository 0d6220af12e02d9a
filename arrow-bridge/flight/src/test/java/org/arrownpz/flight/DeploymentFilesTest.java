package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What samples/deploy says of a server is true of it. */
@ExtendWith(LeakCheck.class)
class DeploymentFilesTest {
    private static final Path DEPLOY = Path.of("..", "..", "samples", "deploy");
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "serving.md");
    private static final Pattern METRIC = Pattern.compile("(arrownpz|jvm|process)_[a-z_]+");

    @TempDir
    Path directory;

    private static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private String served(BufferAllocator allocator) throws Exception {
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withWatch(ServerOptions.Watch.none().withMetrics(0));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = FlightCalls.client(server, allocator)) {
            client.listFlights(Criteria.ALL).forEach(info -> {});
            URI address = URI.create("http://localhost:" + server.metricsPort() + "/metrics");
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void asksOnlyForMetricsThatThereAre(BufferAllocator allocator) throws Exception {
        Set<String> there = metrics(served(allocator));
        // With TLS alone.
        there.addAll(Set.of("arrownpz_certificate_unusable", "arrownpz_certificate_end_seconds"));
        assertThat(metrics(Files.readString(DEPLOY.resolve("alerts.yaml"))))
                .hasSizeGreaterThan(4)
                .isSubsetOf(there);
        JsonNode dashboard =
                new ObjectMapper().readTree(DEPLOY.resolve("grafana.json").toFile());
        assertThat(dashboard.get("panels")).hasSizeGreaterThan(6);
        assertThat(metrics(dashboard.toString())).hasSizeGreaterThan(8).isSubsetOf(there);
        there.removeIf(name -> !name.startsWith("arrownpz_") || name.matches(".*_(count|sum|bucket|max)"));
        assertThat(metrics(Files.readString(DOCUMENT))).containsExactlyElementsOf(there);
    }
}
