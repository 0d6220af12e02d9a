package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Arrow's JDBC driver tells of the server, which it asks for facts and takes for granted that it gets them. */
@DisplayName("B14: metadata of JDBC")
class JdbcMetadataTest {
    /** Arrow's driver does not ask, and throws "todo: implement this method". */
    private static final Set<String> NOT_IN_THE_DRIVER = Set.of(
            "deletesAreDetected",
            "insertsAreDetected",
            "othersDeletesAreVisible",
            "othersInsertsAreVisible",
            "othersUpdatesAreVisible",
            "ownDeletesAreVisible",
            "ownInsertsAreVisible",
            "ownUpdatesAreVisible",
            "supportsResultSetHoldability",
            "updatesAreDetected");

    @TempDir
    static Path directory;

    private static JdbcServer jdbc;

    @BeforeAll
    static void start() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            FlightCalls.write(directory.resolve("prices.npz"), 3, allocator);
            FlightCalls.write(Files.createDirectory(directory.resolve("eu")).resolve("fx.npz"), 3, allocator);
        }
        Files.writeString(directory.resolve("broken.npz"), "no archive");
        jdbc = new JdbcServer(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        jdbc.close();
    }

    private static Object argument(Method method, Class<?> type) {
        if (type == String.class) {
            return "prices";
        }
        if (type == Class.class) {
            return DatabaseMetaData.class;
        }
        if (type == int.class) {
            return switch (method.getName()) {
                case "supportsTransactionIsolationLevel" -> Connection.TRANSACTION_NONE;
                case "supportsConvert" -> java.sql.Types.INTEGER;
                default -> ResultSet.TYPE_FORWARD_ONLY;
            };
        }
        return type == boolean.class ? true : null;
    }

    @Test
    void allMethodsAnswer() throws Exception {
        DatabaseMetaData about = jdbc.connection().getMetaData();
        Set<String> failed = new TreeSet<>();
        int methods = 0;
        for (Method method : DatabaseMetaData.class.getMethods()) {
            if (java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            methods++;
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(type -> argument(method, type))
                    .toArray();
            try {
                if (method.invoke(about, arguments) instanceof ResultSet rows) {
                    while (rows.next()) {
                        rows.getObject(1);
                    }
                    rows.close();
                }
            } catch (InvocationTargetException e) {
                boolean driver = NOT_IN_THE_DRIVER.contains(method.getName())
                        && String.valueOf(e.getCause().getMessage()).startsWith("todo");
                failed.add(driver ? method.getName() : method + ": " + e.getCause());
            }
        }
        assertThat(methods).isGreaterThanOrEqualTo(142);
        assertThat(failed).isEqualTo(NOT_IN_THE_DRIVER);
    }

    @Test
    void saysWhatHolds() throws Exception {
        DatabaseMetaData about = jdbc.connection().getMetaData();
        assertThat(about.supportsTransactionIsolationLevel(Connection.TRANSACTION_NONE))
                .isTrue();
        assertThat(about.supportsTransactionIsolationLevel(Connection.TRANSACTION_SERIALIZABLE))
                .isFalse();
        assertThat(about.getDefaultTransactionIsolation()).isEqualTo(Connection.TRANSACTION_NONE);
        assertThat(about.supportsResultSetType(ResultSet.TYPE_FORWARD_ONLY)).isTrue();
        assertThat(about.supportsResultSetType(ResultSet.TYPE_SCROLL_INSENSITIVE))
                .isFalse();
        assertThat(about.supportsConvert()).isFalse();
        assertThat(about.supportsSelectForUpdate()).isFalse();
        assertThat(about.getMaxColumnsInTable()).isZero();
        assertThat(about.supportsFullOuterJoins()).isTrue();
    }

    /** As ADBC does for getObjects. */
    @Test
    void leadsFromTheCatalogToSchemasTablesAndColumns() throws Exception {
        DatabaseMetaData about = jdbc.connection().getMetaData();
        StringBuilder found = new StringBuilder();
        try (ResultSet catalogs = about.getCatalogs()) {
            while (catalogs.next()) {
                String catalog = catalogs.getString("TABLE_CAT");
                try (ResultSet schemas = about.getSchemas(catalog, null)) {
                    while (schemas.next()) {
                        String schema = schemas.getString("TABLE_SCHEM");
                        try (ResultSet columns = about.getColumns(catalog, schema, "%", "%")) {
                            while (columns.next()) {
                                found.append(schema).append('.').append(columns.getString("TABLE_NAME"));
                                found.append('.')
                                        .append(columns.getString("COLUMN_NAME"))
                                        .append(' ');
                            }
                        }
                    }
                }
            }
        }
        assertThat(found)
                .asString()
                .isEqualTo("eu.fx.key eu.fx.twice eu.fx.name main.prices.key main.prices.twice main.prices.name ");
    }

    /** Columns of results and of tables have one type, so that tools read them by the same method. */
    @Test
    void columnsOfTablesAndResultsHaveTheSameTypes() throws Exception {
        try (Statement statement = jdbc.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM prices");
                ResultSet columns = jdbc.connection().getMetaData().getColumns(null, "main", "prices", null)) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getInt("DATA_TYPE"))
                        .isEqualTo(rows.getMetaData().getColumnType(i));
            }
        }
    }
}
