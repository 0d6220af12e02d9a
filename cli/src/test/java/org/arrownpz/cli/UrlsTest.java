package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.io.ByteSources;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.FileServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files behind a server, read by every verb that reads, and what is wrong with them in one sentence each. */
class UrlsTest {
    @TempDir
    Path directory;

    private Path file;
    private FileServer server;

    @BeforeEach
    void start() throws Exception {
        file = Cli.sample("prices.npz", directory);
        server = new FileServer(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String url(String name) {
        return server.uri(name).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "tail", "stats", "schema", "cat", "verify", "info"})
    void readsAFileWhereItIs(String verb) {
        Cli remote = Cli.run(verb, "--json", url("prices.npz"));
        assertThat(remote.err()).isEmpty();
        assertThat(remote.code()).isZero();
        String local = Cli.run(verb, "--json", file).out();
        assertThat(remote.out().replace(url("prices.npz"), file.toString())).isEqualTo(local);
        assertThat(server.requests.get()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pack --json --by ticker --pack close", "plot -c close", "nearest --to 2"})
    void givesTheSameAsOfALocalFile(String words) throws Exception {
        Npy.save(directory.resolve("matrix.npy"), new float[][] {{1, 2}, {3, 4}, {5, 6}});
        String name = words.startsWith("nearest") ? "matrix.npy" : "prices.npz";
        Cli local = Cli.run((words + " " + directory.resolve(name)).split(" "));
        Cli remote = Cli.run((words + " " + url(name)).split(" "));
        assertThat(remote.err()).isEmpty();
        assertThat(remote.out().replace(url(name), directory.resolve(name).toString()))
                .isNotEmpty()
                .isEqualTo(local.out());
    }

    @Test
    void queriesAndConvertsAndComparesFilesWhereTheyAre() throws Exception {
        String url = url("prices.npz");
        Cli queried = Cli.run("sql", "--json", "SELECT count(*) AS n FROM p", "--table", "p=" + url);
        assertThat(queried.err()).isEmpty();
        assertThat(queried.out())
                .isEqualTo(Cli.run("sql", "--json", "SELECT count(*) AS n FROM p", "--table", "p=" + file)
                        .out());
        assertThat(Cli.run("diff", url, file).code()).isZero();
        for (String extension : new String[] {"npz", "feather", "parquet", "csv"}) {
            Path copy = directory.resolve("copy." + extension);
            assertThat(Cli.run("convert", url, copy).code()).isZero();
            Cli head = Cli.run("head", "--json", "-n", 3, url("copy." + extension));
            assertThat(head.err()).isEmpty();
            assertThat(head.out())
                    .isEqualTo(Cli.run("head", "--json", "-n", 3, copy).out());
        }
    }

    @Test
    void columnOfAParquetFileTakesItsOwnBytes() throws Exception {
        int rows = 30_000;
        Map<String, long[]> arrays = new LinkedHashMap<>();
        for (int column = 0; column < 20; column++) {
            arrays.put("c" + column, new Random(column).longs(rows).toArray());
        }
        Npz.save(directory.resolve("many.npz"), arrays);
        assertThat(Cli.run("convert", directory.resolve("many.npz"), directory.resolve("many.parquet"))
                        .code())
                .isZero();
        Path path = ByteSources.path(server.uri("many.parquet"));
        try (BufferAllocator allocator = new RootAllocator();
                ParquetFile file = Parquet.read(allocator, path, "c7")) {
            BigIntVector column = (BigIntVector) file.frame().column("c7");
            for (int row = 0; row < rows; row++) {
                assertThat(column.get(row)).isEqualTo(arrays.get("c7")[row]);
            }
        }
        assertThat(server.bytes.get()).isLessThanOrEqualTo(8 * rows + (128 << 10));
        assertThat(server.requests.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void findsAnArrayOfAnArchive() throws Exception {
        Npz.save(directory.resolve("model.npz"), Map.of("a", new long[] {1, 2}, "b", new double[] {3}));
        Cli head = Cli.run("head", "--json", url("model.npz") + ":a");
        assertThat(head.err()).isEmpty();
        assertThat(head.out())
                .isEqualTo(Cli.run("head", "--json", directory.resolve("model.npz") + ":a")
                        .out());
    }

    @ParameterizedTest
    @CsvSource({
        "none.npz, there is no such file (status 404)",
        "secret.npz, the server refuses access (status 403)",
        "prices.npz?whole, 'the server sends whole files only, not ranges of them'"
    })
    void saysInOneSentenceWhatIsWrong(String name, String problem) throws Exception {
        Files.writeString(directory.resolve("secret.npz"), "no");
        for (String verb : new String[] {"head", "info", "stats", "schema"}) {
            Cli run = Cli.run(verb, url(name).replace("//", "//anna:pass@"));
            assertThat(run.err()).contains(problem).hasLineCount(1).doesNotContain("anna", "pass");
            assertThat(run.code()).isPositive();
        }
    }

    @Test
    void saysThatAServerCannotBeTrusted() throws Exception {
        Path store = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        try (FileServer secure = new FileServer(directory, tls)) {
            Cli run = Cli.run("head", secure.uri("prices.npz"));
            assertThat(run.err()).contains("the server cannot be trusted (TLS)").hasLineCount(1);
        }
    }

    /** With everything on the class path that could. */
    @Test
    void serversAndStatementsOpenNoUrlsOfClients() throws Exception {
        String url = url("prices.npz");
        try (BufferAllocator allocator = new RootAllocator();
                NpzFlightServer served = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", served.port()))
                        .build();
                Sql sql = Sql.open(allocator)) {
            for (String name : new String[] {url, "s3://bucket/prices.npz"}) {
                assertThatThrownBy(() -> client.getInfo(FlightDescriptor.path(name)))
                        .isInstanceOf(FlightRuntimeException.class);
                Ticket ticket = NpzTicket.of(name.replace(".npz", "")).toTicket();
                assertThatThrownBy(() -> {
                            try (FlightStream stream = client.getStream(ticket)) {
                                stream.next();
                            }
                        })
                        .isInstanceOf(FlightRuntimeException.class);
                assertThatThrownBy(() -> sql.query("FROM '" + name + "'")).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(server.requests).hasValue(0);
    }

    @Test
    void saysThatAServerCannotBeReached() {
        URI gone = server.uri("prices.npz");
        server.close();
        Cli run = Cli.run("head", gone);
        assertThat(run.err()).contains("the server cannot be reached").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM '%s'",
                "SELECT * FROM read_csv('%s')",
                "SELECT * FROM read_parquet('%s')",
                "SELECT * FROM read_json('%s')",
                "SELECT * FROM \"%s\"",
                "ATTACH '%s' AS other"
            })
    void statementOpensNoUrl(String statement) {
        for (String name : new String[] {"prices.npz", "prices.csv"}) {
            assertThat(Cli.run("sql", statement.formatted(url(name))).code()).isPositive();
            assertThat(Cli.run("sql", "--allow-files", statement.formatted(url(name)))
                            .code())
                    .isPositive();
        }
        assertThat(server.requests.get()).isZero();
    }
}
