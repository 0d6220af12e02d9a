package org.arrownpz.benchmarks;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.compare.Rounds;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frames;
import org.arrownpz.sql.Sql;

/** {@code SELECT *} read value by value: from our server by Arrow's JDBC driver, and from a table of DuckDB in process. */
final class JdbcRows {
    private static final int ROWS = 1_000_000;
    private static final String TABLE =
            "SELECT range AS id, range * 0.25 AS price, (range % 1000)::INTEGER AS quantity,"
                    + " TIMESTAMP '2026-01-01' + to_seconds(range) AS time, 'item ' || (range % 5000) AS item FROM range("
                    + ROWS
                    + ")";
    private static final String QUERY = "SELECT * FROM trades";
    private static final long BUDGET = 30_000_000_000L;

    private JdbcRows() {}

    static void run(BufferAllocator allocator, Path directory, int rounds, Path driver) throws Exception {
        try (Sql sql = Sql.open(allocator);
                var rows = sql.query(TABLE)) {
            Frames.write(rows, directory.resolve("trades.npz"), WriteOptions.defaults());
        }
        Properties plain = new Properties();
        plain.setProperty("useEncryption", "false");
        // It carries a Netty and an Arrow of its own.
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {driver.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
                NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withSql(1L << 30));
                Connection served = driver(loader, "org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver")
                        .connect("jdbc:arrow-flight-sql://localhost:" + server.port(), plain);
                Connection duck = driver(JdbcRows.class.getClassLoader(), "org.duckdb.DuckDBDriver")
                        .connect("jdbc:duckdb:", new Properties());
                Statement create = duck.createStatement()) {
            create.execute("CREATE TABLE trades AS " + TABLE);
            long expected = sum(duck);
            new Turns(QUERY + ", 1,000,000 x 5", new Rounds(rounds, BUDGET))
                    .floor("DuckDB's driver, in process", () -> require(expected, sum(duck)))
                    .add("Flight SQL driver, NpzFlightServer", () -> require(expected, sum(served)))
                    .run();
        }
    }

    private static Driver driver(ClassLoader loader, String name) throws ReflectiveOperationException {
        return (Driver) Class.forName(name, true, loader).getConstructor().newInstance();
    }

    private static long sum(Connection connection) throws Exception {
        long sum = 0;
        long count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(QUERY)) {
            while (rows.next()) {
                count++;
                sum += rows.getLong(1)
                        + (long) (4 * rows.getDouble(2))
                        + rows.getInt(3)
                        + rows.getTimestamp(4).getTime() / 1000
                        + rows.getString(5).length();
            }
        }
        if (count != ROWS) {
            throw new IllegalStateException(count + " rows");
        }
        return sum;
    }

    private static void require(long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException("not the same rows: " + expected + ", " + found);
        }
    }
}
