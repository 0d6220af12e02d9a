package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The lines of docs/serving.md do what it says, as they stand there. */
@ExtendWith(LeakCheck.class)
class ServingDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "serving.md");
    private static final Path SAMPLE = Path.of("..", "..", "samples", "prices.npz");
    private static final String ADDRESS = "localhost:32010";

    @TempDir
    Path directory;

    @TempDir
    Path scratch;

    @BeforeEach
    void sample() throws IOException {
        Files.copy(SAMPLE, directory.resolve("prices.npz"));
    }

    /** The first block in that language, for a server that listens elsewhere. */
    private static String lines(String language, NpzFlightServer server) throws IOException {
        String text = Files.readString(DOCUMENT);
        int start = text.indexOf("```" + language + "\n") + language.length() + 4;
        String lines = text.substring(start, text.indexOf("```", start));
        assertThat(lines).contains(ADDRESS);
        return lines.replace(ADDRESS, "localhost:" + server.port());
    }

    private NpzFlightServer start(BufferAllocator allocator) throws IOException {
        return NpzFlightServer.start(
                allocator, directory, ServerOptions.defaults().withSql(256 << 20));
    }

    @Test
    void givesRowsByJdbc(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator)) {
            String lines = lines("java", server);
            assertThat(lines.lines()).hasSize(5);
            ClassLoader drivers = JdbcDriver.loader();
            Path source = Files.writeString(
                    scratch.resolve("Lines.java"),
                    "public class Lines implements java.util.concurrent.Callable<Void> {\n"
                            + "public Void call() throws Exception {\n" + lines + "return null;\n}\n}\n");
            assertThat(ToolProvider.getSystemJavaCompiler()
                            .run(null, null, null, "-d", scratch.toString(), source.toString()))
                    .isZero();
            Class.forName("org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver", true, drivers);
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {scratch.toUri().toURL()}, drivers)) {
                var task = (java.util.concurrent.Callable<?>)
                        loader.loadClass("Lines").getConstructor().newInstance();
                assertThat(Double.parseDouble(printed(task).strip())).isBetween(1.0, 1000.0);
            }
        }
    }

    private static String printed(java.util.concurrent.Callable<?> task) throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            task.call();
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Flight SQL's command in Any, as protobuf writes them; pyarrow has no client of its own for it. */
    private static final String STATEMENT = """
            import pyarrow.flight as flight

            def text(number, value):
                return bytes([number << 3 | 2, len(value)]) + value

            query = text(1, b"SELECT max(close) AS m, count(*) AS n, 255::UTINYINT AS u FROM prices")
            kind = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
            client = flight.connect("grpc://%s")
            info = client.get_flight_info(flight.FlightDescriptor.for_command(text(1, kind) + text(2, query)))
            print(info.schema.names, client.do_get(info.endpoints[0].ticket).read_all().to_pydict()["u"])
            print(info.schema.field("u").type)
            """;

    @Test
    void answersFlightSqlToPyarrow(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator)) {
            String script = STATEMENT.formatted("localhost:" + server.port());
            assertThat(python(script)).contains("['m', 'n', 'u'] [255]\nuint8");
        }
    }

    /** What a script prints, run by the Python that has pyarrow. */
    private String python(String lines) throws Exception {
        String python = System.getenv("ARROW_NPZ_CLIENTS");
        assumeThat(python).isNotBlank();
        Path script = Files.writeString(scratch.resolve("lines.py"), lines);
        Process process = new ProcessBuilder(List.of(python, script.toString()))
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("out").toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        String output = Files.readString(scratch.resolve("out"));
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @Test
    void getsPutsAndQueriesByPyarrow(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator)) {
            assertThat(python(lines("python", server))).contains("60");
            assertThat(directory.resolve("copy.npz")).exists();
        }
    }
}
