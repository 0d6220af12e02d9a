package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of HTTP tells the routes and parameters that the code has, and no others. */
class OpenApiTest {
    private static final Path ROOM = Path.of("src/main/java/org/arrownpz/flight/internal/web");

    @TempDir
    Path directory;

    private static Set<String> found(String pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(ROOM)) {
            for (Path file : files.toList()) {
                Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
                while (matcher.find()) {
                    found.add(matcher.group(1));
                }
            }
        }
        return found;
    }

    private JsonNode description() throws Exception {
        try (WebCalls calls = new WebCalls(directory, ServerOptions.defaults().withToken("secret"))) {
            return calls.json("/openapi.json");
        }
    }

    @Test
    void tellsEveryParameter() throws Exception {
        Set<String> told = new TreeSet<>();
        for (JsonNode parameter : description().findValues("parameters")) {
            for (JsonNode one : parameter) {
                if (one.path("in").asText().equals("query")) {
                    told.add(one.get("name").textValue());
                }
            }
        }
        Set<String> read = found("(?:parameter|range|count|getValuesOrEmpty)\\(\"([a-z]+)\"");
        assertThat(told).isEqualTo(read);
    }

    @Test
    void tellsEveryRoute() throws Exception {
        Set<String> told = new TreeSet<>();
        description()
                .get("paths")
                .fields()
                .forEachRemaining(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> told.add(
                                method.toUpperCase() + " " + path.getKey().split("/", 3)[1])));
        assertThat(told).containsAll(found("case \"((?:GET|PUT|POST|DELETE) [a-z]+)\""));
        Set<String> open = new TreeSet<>(found("case \"((?:page|lib|openapi\\.json)?)\" ->"));
        open.add("health");
        open.forEach(name -> assertThat(told).contains("GET " + name));
        assertThat(told)
                .hasSize(found("case \"((?:GET|PUT|POST|DELETE) [a-z]+)\"").size() + open.size());
    }

    @Test
    void tellsEveryForm() throws Exception {
        Set<String> told = new TreeSet<>();
        description()
                .at("/paths/~1tables~1{name}~1data/get/responses/200/content")
                .fieldNames()
                .forEachRemaining(told::add);
        assertThat(told).isEqualTo(found("[A-Z_]+\\(\"[a-z-]+\", \"([a-z./-]+)\", \"[a-z]+\"\\)"));
    }
}
