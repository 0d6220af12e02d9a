package org.arrownpz.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.adbc.core.AdbcConnection;
import org.apache.arrow.adbc.core.AdbcConnection.GetObjectsDepth;
import org.apache.arrow.adbc.core.AdbcDatabase;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.core.AdbcStatement;
import org.apache.arrow.adbc.core.BulkIngestMode;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog, its schemas, tables and columns, as ADBC's {@code getObjects} asks for them. */
class AdbcObjectsTest {
    @TempDir
    static Path directory;

    private static final BufferAllocator ALLOCATOR = new RootAllocator();
    private static NpzFlightServer server;
    private static AdbcDatabase database;
    private static AdbcConnection connection;

    @BeforeAll
    static void connects() throws Exception {
        for (String name : List.of("prices.npz", "eu/fx.npz", "eu/rates.npz")) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.resolveSibling(""));
            BigIntVector a = new BigIntVector("a", ALLOCATOR);
            BigIntVector b = new BigIntVector("b", ALLOCATOR);
            a.setValueCount(1);
            b.setValueCount(1);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(a, b);
                    Frame frame = Frame.of(root)) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        server = NpzFlightServer.start(
                ALLOCATOR, directory, ServerOptions.defaults().withSql(256 << 20));
        Map<String, Object> parameters = new HashMap<>();
        AdbcDriver.PARAM_URI.set(parameters, "grpc://localhost:" + server.port());
        database = new FlightSqlDriver(ALLOCATOR).open(parameters);
        connection = database.connect();
    }

    @AfterAll
    static void endsWithoutMemory() throws Exception {
        connection.close();
        database.close();
        server.close();
        ALLOCATOR.close();
    }

    private static List<String> objects(
            GetObjectsDepth depth,
            @Nullable String catalog,
            @Nullable String schema,
            @Nullable String table,
            String @Nullable [] types,
            @Nullable String column)
            throws Exception {
        List<String> found = new ArrayList<>();
        try (ArrowReader rows = connection.getObjects(depth, catalog, schema, table, types, column)) {
            while (rows.loadNextBatch()) {
                VectorSchemaRoot root = rows.getVectorSchemaRoot();
                for (int i = 0; i < root.getRowCount(); i++) {
                    collect(
                            "'" + root.getVector(0).getObject(i) + "'",
                            root.getVector(1).getObject(i),
                            found);
                }
            }
        }
        return found;
    }

    /** A line for each path that leads to something that has nothing below it. */
    private static void collect(String path, @Nullable Object below, List<String> found) {
        List<String> own = new ArrayList<>();
        for (Object each : below instanceof List<?> list ? list : List.of()) {
            Map<?, ?> object = (Map<?, ?>) each;
            String name = path;
            Object next = null;
            for (Map.Entry<?, ?> part : object.entrySet()) {
                String key = String.valueOf(part.getKey());
                if (List.of("db_schema_name", "table_name", "column_name").contains(key)) {
                    name = path + "." + part.getValue();
                } else if (List.of("db_schema_tables", "table_columns").contains(key)) {
                    next = part.getValue();
                }
            }
            collect(name, next, own);
        }
        found.addAll(own.isEmpty() ? List.of(path) : own);
    }

    @Test
    void reachAsDeepAsTheyAreAskedTo() throws Exception {
        assertThat(objects(GetObjectsDepth.CATALOGS, null, null, null, null, null))
                .containsExactly("''");
        assertThat(objects(GetObjectsDepth.DB_SCHEMAS, null, null, null, null, null))
                .containsExactlyInAnyOrder("''.eu", "''.main");
        assertThat(objects(GetObjectsDepth.TABLES, null, null, null, null, null))
                .containsExactlyInAnyOrder("''.eu.fx", "''.eu.rates", "''.main.prices");
        assertThat(objects(GetObjectsDepth.ALL, null, null, null, null, null))
                .containsExactlyInAnyOrder(
                        "''.eu.fx.a",
                        "''.eu.fx.b",
                        "''.eu.rates.a",
                        "''.eu.rates.b",
                        "''.main.prices.a",
                        "''.main.prices.b");
    }

    @Test
    void areThoseThatTheirPatternsFit() throws Exception {
        assertThat(objects(GetObjectsDepth.TABLES, null, "e%", null, null, null))
                .contains("''.eu.fx", "''.eu.rates")
                .doesNotContain("''.main.prices");
        assertThat(objects(GetObjectsDepth.TABLES, "", "eu", "f_", null, null)).contains("''.eu.fx");
        assertThat(objects(GetObjectsDepth.TABLES, "", "eu", "f_", null, null)).doesNotContain("''.eu.rates");
        assertThat(objects(GetObjectsDepth.TABLES, null, null, null, new String[] {"TABLE"}, null))
                .contains("''.main.prices");
        assertThat(objects(GetObjectsDepth.TABLES, null, null, null, new String[] {"VIEW"}, null))
                .noneMatch(path -> path.endsWith("prices"));
        assertThat(objects(GetObjectsDepth.ALL, null, "main", "prices", null, "b"))
                .containsExactly("''.main.prices.b");
        assertThat(objects(GetObjectsDepth.CATALOGS, "other", null, null, null, null))
                .isEmpty();
    }

    @Test
    void haveTheSchemasThatTheirStatementsHave() throws Exception {
        try (AdbcStatement statement = connection.createStatement()) {
            statement.setSqlQuery("SELECT a, b::VARCHAR AS b FROM eu.fx");
            assertThat(statement.executeSchema().getFields())
                    .extracting(field -> field.getName() + " " + field.getType())
                    .containsExactly("a Int(64, true)", "b Utf8");
        }
    }

    @Test
    void takeParametersOfPreparedStatementsAndNoRows() throws Exception {
        try (AdbcStatement statement = connection.createStatement();
                BigIntVector parameter = new BigIntVector("0", ALLOCATOR)) {
            statement.setSqlQuery("SELECT 2 * ? AS twice");
            statement.prepare();
            parameter.setSafe(0, 21);
            parameter.setValueCount(1);
            statement.bind(VectorSchemaRoot.of(parameter));
            try (AdbcStatement.QueryResult result = statement.executeQuery()) {
                assertThat(result.getReader().loadNextBatch()).isTrue();
                assertThat(String.valueOf(result.getReader()
                                .getVectorSchemaRoot()
                                .getVector("twice")
                                .getObject(0)))
                        .isEqualTo("42");
            }
        }
        try (AdbcStatement statement = connection.bulkIngest("copy", BulkIngestMode.CREATE);
                BigIntVector column = new BigIntVector("a", ALLOCATOR)) {
            column.setValueCount(1);
            statement.bind(VectorSchemaRoot.of(column));
            assertThatThrownBy(statement::executeUpdate).isInstanceOf(AdbcException.class);
        }
        assertThat(objects(GetObjectsDepth.TABLES, null, null, "copy", null, null))
                .noneMatch(path -> path.endsWith("copy"));
    }
}
