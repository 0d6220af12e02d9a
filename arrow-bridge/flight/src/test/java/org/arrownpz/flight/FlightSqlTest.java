package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.SessionOptionValueFactory;
import org.apache.arrow.flight.SetSessionOptionsRequest;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.FlightSqlProducer;
import org.apache.arrow.flight.sql.util.TableRef;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What drivers ask a server with SQL: Arrow's own client, and its JDBC driver. */
@ExtendWith(LeakCheck.class)
class FlightSqlTest {
    private static final ServerOptions SQL = ServerOptions.defaults().withSql(256 << 20);

    /** Served to all tests that change nothing: its process for statements starts once. */
    @TempDir
    static Path sharedDirectory;

    private static BufferAllocator sharedAllocator;
    private static NpzFlightServer shared;

    @TempDir
    Path directory;

    @BeforeAll
    static void startShared() throws Exception {
        sharedAllocator = new RootAllocator();
        files(sharedDirectory, sharedAllocator);
        shared = NpzFlightServer.start(sharedAllocator, sharedDirectory, SQL);
    }

    @AfterAll
    static void endShared() {
        shared.close();
        sharedAllocator.close();
    }

    @BeforeEach
    void files(BufferAllocator allocator) throws Exception {
        files(directory, allocator);
    }

    private static void files(Path directory, BufferAllocator allocator) throws Exception {
        write(directory.resolve("prices.npz"), 100, allocator);
        write(directory.resolve("other.npz"), 3, allocator);
        Files.writeString(directory.resolve("broken.npz"), "no archive");
    }

    private NpzFlightServer start(BufferAllocator allocator, ServerOptions options) throws Exception {
        return NpzFlightServer.start(allocator, directory, options);
    }

    private static List<String> rows(FlightSqlClient client, FlightInfo info, CallOption... options) throws Exception {
        List<String> rows = new ArrayList<>();
        try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket(), options)) {
            while (stream.next()) {
                VectorSchemaRoot root = stream.getRoot();
                for (int row = 0; row < root.getRowCount(); row++) {
                    List<String> values = new ArrayList<>();
                    for (int i = 0; i < root.getFieldVectors().size(); i++) {
                        values.add(String.valueOf(root.getVector(i).getObject(row)));
                    }
                    rows.add(String.join("|", values));
                }
            }
        }
        return rows;
    }

    @Test
    void answersStatementsAndPreparedOnes(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(shared, allocator))) {
            assertThat(rows(client, client.execute("SELECT count(*), sum(twice) FROM main.prices")))
                    .containsExactly("100|9900");
            try (FlightSqlClient.PreparedStatement prepared =
                    client.prepare("SELECT key FROM prices WHERE key >= ? AND key < ? ORDER BY key")) {
                Schema parameters = prepared.getParameterSchema();
                assertThat(parameters.getFields()).hasSize(2);
                assertThat(prepared.getResultSetSchema().getFields()).hasSize(1);
                VectorSchemaRoot root = VectorSchemaRoot.create(parameters, allocator);
                ((BigIntVector) root.getVector(0)).setSafe(0, 10);
                ((BigIntVector) root.getVector(1)).setSafe(0, 12);
                root.setRowCount(1);
                prepared.setParameters(root);
                assertThat(rows(client, prepared.execute())).containsExactly("10", "11");
                ((BigIntVector) root.getVector(1)).setSafe(0, 11);
                assertThat(rows(client, prepared.execute())).containsExactly("10");
            }
        }
    }

    @Test
    void tellsAboutTablesAndItself(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(shared, allocator))) {
            FlightInfo tables = client.getTables(null, null, null, null, false);
            assertThat(tables.getSchema()).isEqualTo(FlightSqlProducer.Schemas.GET_TABLES_SCHEMA_NO_SCHEMA);
            assertThat(rows(client, tables))
                    .containsExactly("null|main|broken|TABLE", "null|main|other|TABLE", "null|main|prices|TABLE");
            assertThat(rows(client, client.getTables(null, "ma%", "pr_ces", List.of("TABLE"), true)))
                    .hasSize(1);
            assertThat(rows(client, client.getTables(null, null, "broken", null, true)))
                    .isEmpty();
            assertThat(rows(client, client.getTables(null, "x%", null, null, false)))
                    .isEmpty();
            assertThat(rows(client, client.getTables(null, null, null, List.of("VIEW"), false)))
                    .isEmpty();
            // B14: ADBC asks for the schemas and tables of each catalog, and found none without one.
            assertThat(rows(client, client.getCatalogs())).containsExactly("");
            assertThat(rows(client, client.getSchemas("", null))).containsExactly("null|main");
            assertThat(rows(client, client.getTables("", null, "prices", null, false)))
                    .containsExactly("null|main|prices|TABLE");
            assertThat(rows(client, client.getSchemas("x", null))).isEmpty();
            assertThat(rows(client, client.getSchemas(null, null))).containsExactly("null|main");
            assertThat(rows(client, client.getTableTypes())).containsExactly("TABLE");
            assertThat(rows(client, client.getXdbcTypeInfo())).hasSizeGreaterThan(20);
            assertThat(rows(client, client.getXdbcTypeInfo(java.sql.Types.BIGINT)))
                    .hasSize(2);
            TableRef prices = TableRef.of(null, "main", "prices");
            assertThat(rows(client, client.getPrimaryKeys(prices))).isEmpty();
            assertThat(rows(client, client.getExportedKeys(prices))).isEmpty();
            assertThat(rows(client, client.getImportedKeys(prices))).isEmpty();
            assertThat(rows(client, client.getCrossReference(prices, prices))).isEmpty();
            assertThat(rows(client, client.getSqlInfo())).hasSizeGreaterThan(30);
        }
    }

    @Test
    void findsTablesInFoldersAsSchemas(BufferAllocator allocator) throws Exception {
        write(Files.createDirectories(directory.resolve("eu")).resolve("prices.npz"), 5, allocator);
        write(Files.createDirectories(directory.resolve("eu/De sk")).resolve("fx.npz"), 7, allocator);
        // Names that SQL has for itself, hidden ones and links are none.
        for (String name : List.of("main", "Temp", "memory", "information_schema", ".hidden")) {
            write(Files.createDirectories(directory.resolve(name)).resolve("x.npz"), 1, allocator);
        }
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("eu"));
        try (NpzFlightServer server = start(allocator, SQL);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            assertThat(rows(client, client.getSchemas(null, null)))
                    .containsExactly("null|eu", "null|eu/De sk", "null|main");
            assertThat(rows(client, client.getSchemas(null, "eu_%"))).containsExactly("null|eu/De sk");
            assertThat(rows(client, client.getTables(null, "eu%", null, null, false)))
                    .containsExactly("null|eu|prices|TABLE", "null|eu/De sk|fx|TABLE");
            assertThat(rows(client, client.getTables(null, "eu", null, null, true)))
                    .hasSize(1);
            assertThat(rows(client, client.getTables(null, "main", "prices", null, false)))
                    .containsExactly("null|main|prices|TABLE");
            for (String from : List.of("eu.prices", "EU.\"Prices\"", "eu.\"prices.npz\"", "'eu/prices.npz'")) {
                assertThat(rows(client, client.execute("SELECT count(*), sum(twice) FROM " + from)))
                        .as(from)
                        .containsExactly("5|20");
            }
            assertThat(rows(client, client.execute("SELECT sum(key) FROM \"eu/De sk\".fx")))
                    .containsExactly("21");
            assertThat(rows(
                            client,
                            client.execute("SELECT eu.prices.key, p.twice, f.key FROM eu.prices JOIN main.prices p"
                                    + " USING (key) JOIN eu.prices AS f USING (key) WHERE key > 2 ORDER BY 1")))
                    .containsExactly("3|6|3", "4|8|4");
            try (FlightSqlClient.PreparedStatement prepared =
                    client.prepare("SELECT name FROM eu.prices WHERE key = ?")) {
                assertThat(prepared.getParameterSchema().getFields()).hasSize(1);
            }
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.execute("SELECT * FROM information_schema.x"));
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.execute("SELECT * FROM link.prices"));
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.execute("SELECT * FROM eu.other"));
        }
    }

    @Test
    void answersPatternsOfAnyKindSoon(BufferAllocator allocator) throws Exception {
        Files.createDirectories(directory.resolve("a".repeat(190)));
        try (NpzFlightServer server = start(allocator, SQL);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            // As a regular expression it would take longer than anybody waits.
            assertThat(rows(client, client.getSchemas(null, "%a%_".repeat(40) + "b")))
                    .isEmpty();
            assertThat(rows(client, client.getSchemas(null, "%A%a%"))).hasSize(1);
            assertThat(rows(client, client.getSchemas(null, "m\\ai_"))).containsExactly("null|main");
            assertThat(rows(client, client.getSchemas(null, "m\\%"))).isEmpty();
        }
    }

    @Test
    void givesTicketsToTheirCallerForAShortTime(BufferAllocator allocator, @TempDir Path secrets) throws Exception {
        Path tokens = Files.writeString(secrets.resolve("tokens"), "ann read aaaa\nbob write bbbb\n");
        ServerOptions options = SQL.withAccess(ServerOptions.Access.open().withTokens(tokens));
        try (NpzFlightServer server = start(allocator, options);
                FlightClient raw = client(server, allocator);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            FlightInfo info = client.execute("SELECT 42", token("aaaa"));
            assertThat(rows(client, info, token("aaaa"))).containsExactly("42");
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> rows(client, info, token("bbbb")));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> rows(client, info));
            byte[] ticket = info.getEndpoints().get(0).getTicket().getBytes();
            assertThat(new String(ticket, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .doesNotStartWith("{");
            for (int i = 0; i < ticket.length; i += 3) {
                byte[] forged = ticket.clone();
                forged[i] ^= 1;
                fails(
                        FlightStatusCode.INVALID_ARGUMENT,
                        () -> FlightCalls.read(raw, new Ticket(forged), token("aaaa")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE x (a INT)",
                "INSERT INTO prices VALUES (1)",
                "DROP TABLE prices",
                "COPY prices TO '/tmp/x.csv'",
                "ATTACH '/tmp/x.db'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SET threads = 1",
                "PRAGMA database_list",
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM '/etc/passwd'",
                "SELECT * FROM '../secret.npz'",
                "SELECT * FROM glob('*')",
                "SELECT 1; SELECT 2",
                "CALL pragma_version()",
                "SELECT * FROM none",
                "SELECT * FROM query('SELECT 1')",
                "",
                "SELEC",
            })
    void refusesWhatDoesNotRead(String sql, BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(shared, allocator))) {
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.execute(sql));
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.prepare(sql));
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.executeUpdate(sql));
        }
        assertThat(sharedDirectory.toFile().list()).hasSize(3);
    }

    @Test
    void endsQueriesThatTakeTooMuchAndGoesOn(BufferAllocator allocator) throws Exception {
        ServerLimits limits = SQL.limits().withResults(1000, 1 << 20, Duration.ofSeconds(1));
        try (NpzFlightServer server = start(allocator, SQL.withLimits(limits));
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            FlightInfo rows = client.execute("SELECT * FROM range(1001)");
            fails(FlightStatusCode.RESOURCE_EXHAUSTED, () -> rows(client, rows));
            FlightInfo bytes = client.execute("SELECT repeat('x', 2000000)");
            fails(FlightStatusCode.RESOURCE_EXHAUSTED, () -> rows(client, bytes));
            String slow = "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range + b.range = -1";
            FlightInfo late = client.execute(slow);
            fails(FlightStatusCode.TIMED_OUT, () -> rows(client, late));
            assertThat(rows(client, client.execute("SELECT 1"))).containsExactly("1");
        }
    }

    @Test
    void saysWhichBoundWasPassedAndByWhat(BufferAllocator allocator) throws Exception {
        ServerLimits limits = SQL.limits()
                .withResults(1000, 1 << 20, Duration.ofSeconds(1))
                .withProcessorTime(Duration.ofSeconds(1000));
        try (NpzFlightServer server = start(allocator, SQL.withLimits(limits));
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            assertThatThrownBy(() -> rows(client, client.execute("SELECT * FROM range(1001)")))
                    .hasMessageContaining("LIMIT: the result has more rows than this server allows: "
                            + "at most 1000 rows, but 1001 so far");
            assertThatThrownBy(() -> rows(client, client.execute("SELECT repeat('x', 2000000)")))
                    .hasMessageContaining("LIMIT: the result has more bytes than this server allows: "
                            + "at most 1048576 bytes, but 20");
            assertThatThrownBy(() -> rows(client, client.execute(FlightCalls.ENDLESS_PLAN)))
                    .hasMessageContaining(
                            "LIMIT: the query takes longer than this server allows: at most 1000 ms, but ");
        }
        ServerLimits processors = SQL.limits().withProcessorTime(Duration.ofMillis(200));
        try (NpzFlightServer server = start(allocator, SQL.withLimits(processors));
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            assertThatThrownBy(() -> rows(client, client.execute(FlightCalls.ENDLESS_QUERY)))
                    .hasMessageContaining("LIMIT: the statement needs more time of processors than it may take: "
                            + "at most 200 ms, but ");
        }
    }

    @Test
    void answersNoSqlWhereItIsNotAskedTo(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            fails(FlightStatusCode.UNIMPLEMENTED, () -> client.execute("SELECT 1"));
            fails(FlightStatusCode.UNIMPLEMENTED, client::getCatalogs);
            fails(FlightStatusCode.UNIMPLEMENTED, () -> client.prepare("SELECT 1"));
        }
    }

    @Test
    void refusesASchemaForAllThatComes(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, SQL);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            SetSessionOptionsRequest schema = new SetSessionOptionsRequest(
                    Map.of("schema", SessionOptionValueFactory.makeSessionOptionValue("eu")));
            assertThatThrownBy(() -> client.setSessionOptions(schema))
                    .hasMessageContaining("name the schema in the statement, such as eu.prices");
        }
    }

    @Test
    void answersTheJdbcDriver(BufferAllocator allocator, @TempDir Path secrets) throws Exception {
        Path tokens = Files.writeString(secrets.resolve("tokens"), "ann read aaaa\n");
        ServerOptions options = SQL.withAccess(ServerOptions.Access.open().withTokens(tokens));
        JdbcDriver driver = JdbcDriver.load();
        try (NpzFlightServer server = start(allocator, options);
                Connection connection = driver.connect(server, "user", "ann", "password", "aaaa")) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery("SELECT key, twice, name FROM prices ORDER BY key LIMIT 3")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.next()).isTrue();
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(2);
                assertThat(rows.getLong("twice")).isEqualTo(4);
                assertThat(rows.getString(3)).isEqualTo("n2");
                assertThat(rows.next()).isFalse();
            }
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT name FROM prices WHERE key = ? AND twice < ?")) {
                statement.setLong(1, 5);
                statement.setLong(2, 100);
                try (ResultSet rows = statement.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(1)).isEqualTo("n5");
                    assertThat(rows.next()).isFalse();
                }
            }
            DatabaseMetaData about = connection.getMetaData();
            assertThat(about.getDatabaseProductName()).isEqualTo("arrow-npz");
            assertThat(about.isReadOnly()).isTrue();
            assertThat(names(about.getTables(null, null, "%", null), "TABLE_NAME"))
                    .containsExactly("broken", "other", "prices");
            assertThat(names(about.getColumns(null, null, "prices", "%"), "COLUMN_NAME"))
                    .containsExactly("key", "twice", "name");
            assertThat(names(about.getSchemas(), "TABLE_SCHEM")).containsExactly("main");
            assertThat(names(about.getPrimaryKeys(null, null, "prices"), "COLUMN_NAME"))
                    .isEmpty();
            assertThatThrownBy(() -> {
                        try (Statement statement = connection.createStatement()) {
                            statement.execute("DROP TABLE prices");
                        }
                    })
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("only read");
        }
        try (NpzFlightServer server = start(allocator, options)) {
            assertThatThrownBy(() -> driver.connect(server, "user", "ann", "password", "wrong")
                            .close())
                    .isInstanceOf(SQLException.class);
        }
    }

    private static List<String> names(ResultSet rows, String column) throws SQLException {
        List<String> names = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                names.add(rows.getString(column));
            }
        }
        return names;
    }
}
