package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.adapter.jdbc.JdbcSchema;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.schema.SchemaPlus;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import sqlline.SqlLine;

/** Pools, templates, query builders and consoles ask the server by Arrow's JDBC driver as they ask any database. */
class JdbcClientsTest {
    @TempDir
    static Path directory;

    private static final BufferAllocator ALLOCATOR = new RootAllocator();
    private static NpzFlightServer server;
    private static SimpleDriverDataSource source;

    @BeforeAll
    static void serves() throws Exception {
        FlightCalls.write(directory.resolve("prices.npz"), 100, ALLOCATOR);
        server = NpzFlightServer.start(
                ALLOCATOR, directory, ServerOptions.defaults().withSql(256 << 20));
        Properties plain = new Properties();
        plain.setProperty("useEncryption", "false");
        source = new SimpleDriverDataSource(
                JdbcDriver.load().driver(), "jdbc:arrow-flight-sql://localhost:" + server.port(), plain);
    }

    @AfterAll
    static void endsWithoutMemory() {
        try (ALLOCATOR) {
            server.close();
        }
    }

    @Test
    void giveConnectionsOutOfAPool() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(3);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                int least = i;
                answers.add(callers.submit(() -> {
                    try (Connection connection = pool.getConnection();
                            Statement statement = connection.createStatement();
                            ResultSet rows =
                                    statement.executeQuery("SELECT count(*) FROM prices WHERE key >= " + least)) {
                        rows.next();
                        return rows.getLong(1);
                    }
                }));
            }
            for (int i = 0; i < 24; i++) {
                assertThat(answers.get(i).get()).isEqualTo(100 - i);
            }
            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(3);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        } finally {
            callers.shutdownNow();
        }
    }

    /**
     * The driver says of all its connections that they are valid, and no status of the server's makes a pool give one up: a
     * login must outlive the server that took it.
     */
    @Test
    void stayLoggedInWhenTheServerStartsAnew(@TempDir Path secrets) throws Exception {
        Path tokens = Files.writeString(
                secrets.resolve("tokens"), ServerOptions.Access.tokenLine("ann", "read", "aaaa", null) + "\n");
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withAccess(ServerOptions.Access.open().withTokens(tokens));
        NpzFlightServer first = NpzFlightServer.start(ALLOCATOR, directory, options);
        int port = first.port();
        Properties login = new Properties();
        login.setProperty("useEncryption", "false");
        login.setProperty("user", "ann");
        login.setProperty("password", "aaaa");
        HikariConfig config = new HikariConfig();
        config.setDataSource(new SimpleDriverDataSource(
                JdbcDriver.load().driver(), "jdbc:arrow-flight-sql://localhost:" + port, login));
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThat(count(pool)).isEqualTo(100);
            first.close();
            NpzFlightServer second =
                    NpzFlightServer.start(ALLOCATOR, directory, options.withAddress("localhost", port));
            try (second) {
                assertThat(count(pool)).isEqualTo(100);
                assertThat(count(pool)).isEqualTo(100);
            }
        }
    }

    private static long count(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM prices")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void mapRowsAndParametersByTemplates() {
        JdbcTemplate template = new JdbcTemplate(source);
        assertThat(template.queryForObject("SELECT sum(twice)::BIGINT FROM prices WHERE key < ?", Long.class, 10))
                .isEqualTo(90);
        assertThat(template.queryForList("SELECT name FROM prices WHERE key < 4 ORDER BY key", String.class))
                .containsExactly("n0", null, "n2", "n3");
        List<Map<String, Object>> rows = new NamedParameterJdbcTemplate(template)
                .queryForList("SELECT key, name FROM prices WHERE name = :name", Map.of("name", "n9"));
        assertThat(rows).containsExactly(Map.of("key", 9L, "name", "n9"));
        assertThatThrownBy(() -> template.queryForList("SELECT nothing FROM prices"))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("nothing");
    }

    @Test
    void buildQueriesInJava() throws Exception {
        try (Connection connection = source.getConnection()) {
            DSLContext query = DSL.using(connection, SQLDialect.DUCKDB);
            var key = DSL.field(DSL.name("key"), Long.class);
            var twice = DSL.field(DSL.name("twice"), Long.class);
            List<Record2<Long, Long>> rows = query.select(key, twice)
                    .from(DSL.table(DSL.name("prices")))
                    .where(key.ge(DSL.inline(97L)))
                    .orderBy(key.desc())
                    .fetch();
            assertThat(rows).extracting(Record2::value2).containsExactly(198L, 196L, 194L);
        }
    }

    @Test
    void listTablesAndRowsInAConsole() throws Exception {
        Driver driver = new ForeignDriver(Objects.requireNonNull(source.getDriver()));
        DriverManager.registerDriver(driver);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SqlLine line = new SqlLine();
        line.setOutputStream(new PrintStream(out, true, StandardCharsets.UTF_8));
        line.setErrorStream(new PrintStream(out, true, StandardCharsets.UTF_8));
        String[] args = {
            "-u",
            "jdbc:arrow-flight-sql://localhost:" + server.port() + "?useEncryption=false",
            "-n",
            "ann",
            "-p",
            "none",
            "--outputformat=csv",
            "--silent=true",
            "-e",
            "!tables",
            "-e",
            "SELECT max(twice) AS most FROM prices;"
        };
        line.begin(args, new ByteArrayInputStream(new byte[0]), false);
        DriverManager.deregisterDriver(driver);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("'prices'")
                .contains("'most'")
                .contains("'198'");
    }

    @Test
    void joinItsTablesWithOthers() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:calcite:lex=JAVA")) {
            CalciteConnection calcite = connection.unwrap(CalciteConnection.class);
            SchemaPlus root = calcite.getRootSchema();
            root.add("npz", JdbcSchema.create(root, "npz", source, null, "main"));
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT p.name, v.label FROM npz.prices p JOIN (VALUES (3, 'three'), (6, 'six'))"
                                    + " AS v (key, label) ON p.key = v.key ORDER BY p.key")) {
                List<String> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(rows.getString(1) + " " + rows.getString(2).strip());
                }
                assertThat(found).containsExactly("n3 three", "n6 six");
            }
        }
    }
}
