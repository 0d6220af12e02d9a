package org.arrownpz.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.arrow.adbc.core.AdbcConnection;
import org.apache.arrow.adbc.core.AdbcDatabase;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.core.AdbcStatement;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.NpzException;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A column of each type of {@code docs/types.md}, as the drivers of Flight SQL bring it: what DuckDB gives in this process. */
@ExtendWith(LeakCheck.class)
class ServedTypesTest {
    /** The build of the module beside puts it there. */
    private static final Path JDBC = Path.of("..", "flight", "target", "jdbc", "flight-sql-jdbc-driver.jar");

    @TempDir
    Path directory;

    /**
     * The types of the columns, and their values; a column after the other.
     *
     * @param widened whether to write unsigned integers as the wider ones that clients in Java get for them
     */
    private static List<List<String>> columns(ArrowReader reader, boolean widened) throws Exception {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        List<List<String>> columns = new ArrayList<>();
        for (FieldVector vector : root.getFieldVectors()) {
            ArrowType type = vector.getField().getType();
            if (widened && isUnsigned(vector)) {
                int bits = ((ArrowType.Int) type).getBitWidth();
                type = bits == 64 ? new ArrowType.Decimal(20, 0, 128) : new ArrowType.Int(2 * bits, true);
            }
            columns.add(new ArrayList<>(List.of(vector.getName() + " " + type)));
        }
        while (reader.loadNextBatch()) {
            for (int i = 0; i < columns.size(); i++) {
                for (int row = 0; row < root.getRowCount(); row++) {
                    FieldVector vector = root.getVector(i);
                    Object value = widened && isUnsigned(vector) && !vector.isNull(row)
                            ? Long.toUnsignedString(((BaseIntVector) vector).getValueAsLong(row))
                            : vector.getObject(row);
                    columns.get(i).add(value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : "" + value);
                }
            }
        }
        return columns;
    }

    private static boolean isUnsigned(FieldVector vector) {
        return vector.getField().getType() instanceof ArrowType.Int type && !type.getIsSigned();
    }

    /** What DuckDB gives, or null where it refuses. */
    private static List<List<String>> expected(BufferAllocator allocator, Path file) throws Exception {
        try (Sql sql = Sql.open(allocator).with("t", file);
                ArrowReader rows = sql.query("SELECT * FROM t")) {
            return columns(rows, true);
        } catch (NpzException | IllegalArgumentException e) {
            return null;
        }
    }

    private Map<String, String> files(BufferAllocator allocator) throws Exception {
        Map<String, String> names = new HashMap<>();
        assertThat(Column.all()).hasSizeGreaterThan(80);
        for (Column column : Effort.some(12, Column.all())) {
            String name = "t" + names.size();
            column.maker().write(allocator, directory.resolve(name + ".npz"));
            names.put(name, column.name());
        }
        return names;
    }

    private NpzFlightServer start(BufferAllocator allocator) throws Exception {
        return NpzFlightServer.start(
                allocator, directory, ServerOptions.defaults().withSql(256 << 20));
    }

    @Test
    void comeByAdbc(BufferAllocator allocator) throws Exception {
        Map<String, String> names = files(allocator);
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = start(allocator)) {
            Map<String, Object> parameters = new HashMap<>();
            AdbcDriver.PARAM_URI.set(parameters, "grpc://localhost:" + server.port());
            try (AdbcDatabase database = new FlightSqlDriver(allocator).open(parameters);
                    AdbcConnection connection = database.connect()) {
                for (Map.Entry<String, String> name : names.entrySet()) {
                    List<List<String>> expected = expected(allocator, directory.resolve(name.getKey() + ".npz"));
                    List<List<String>> found = null;
                    try (AdbcStatement statement = connection.createStatement()) {
                        statement.setSqlQuery("SELECT * FROM " + name.getKey());
                        try (AdbcStatement.QueryResult result = statement.executeQuery()) {
                            found = columns(result.getReader(), false);
                        }
                    } catch (AdbcException e) {
                        all.assertThat(expected).as(name.getValue() + ": " + e).isNull();
                    }
                    all.assertThat(found).as(name.getValue()).isEqualTo(expected);
                }
            }
        }
        all.assertAll();
    }

    @Test
    void comeByJdbc(BufferAllocator allocator) throws Exception {
        assertThat(JDBC).as("built by the module flight").exists();
        Map<String, String> names = files(allocator);
        SoftAssertions all = new SoftAssertions();
        ClassLoader loader = new URLClassLoader(new URL[] {JDBC.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        Driver driver = (Driver) Class.forName("org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver", true, loader)
                .getConstructor()
                .newInstance();
        Properties properties = new Properties();
        properties.setProperty("useEncryption", "false");
        try (NpzFlightServer server = start(allocator);
                Connection connection =
                        driver.connect("jdbc:arrow-flight-sql://localhost:" + server.port(), properties)) {
            for (Map.Entry<String, String> name : names.entrySet()) {
                List<List<String>> expected = expected(allocator, directory.resolve(name.getKey() + ".npz"));
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT * FROM " + name.getKey())) {
                    all.assertThat(nulls(rows)).as(name.getValue()).isEqualTo(nulls(expected));
                } catch (SQLException e) {
                    all.assertThat(expected).as(name.getValue() + ": " + e).isNull();
                }
            }
        }
        all.assertAll();
    }

    /** Where values are, row by row: the driver has classes of its own for many of them. */
    private static List<String> nulls(ResultSet rows) throws SQLException {
        List<String> found = new ArrayList<>();
        while (rows.next()) {
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.append(isNull(rows, i) ? '-' : 'x');
            }
            found.add(row.toString());
        }
        return found;
    }

    private static boolean isNull(ResultSet rows, int column) throws SQLException {
        try {
            return rows.getObject(column) == null;
        } catch (RuntimeException e) {
            // The driver has objects of most types, and of the others texts.
            return rows.getString(column) == null;
        }
    }

    private static List<String> nulls(List<List<String>> columns) {
        List<String> found = new ArrayList<>();
        for (int row = 1; columns != null && row < columns.get(0).size(); row++) {
            StringBuilder text = new StringBuilder();
            for (List<String> column : columns) {
                text.append(column.get(row).equals("null") ? '-' : 'x');
            }
            found.add(text.toString());
        }
        return found;
    }
}
