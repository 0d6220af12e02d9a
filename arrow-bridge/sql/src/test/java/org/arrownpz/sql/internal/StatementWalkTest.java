package org.arrownpz.sql.internal;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A statement takes one database, from its text to its rows, and opens each file once. */
@ExtendWith(LeakCheck.class)
class StatementWalkTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void writesTables() throws Exception {
        Database.open(0).close();
        Npz.save(directory.resolve("t.npz"), Map.of("a", new long[] {1, 2, 3}, "b", new double[] {1, 2, 4}));
        Npz.save(directory.resolve("u.npz"), Map.of("a", new long[] {1, 2, 3}));
    }

    private interface Step {
        void run(Sql sql) throws IOException;
    }

    private static void assertTakes(long databases, BufferAllocator allocator, Step step) throws IOException {
        try (Sql sql = Sql.open(allocator)
                .with("t", directory.resolve("t.npz"))
                .with("u", directory.resolve("u.npz"))
                .allow(directory)) {
            long openedDatabases = Database.opened();
            step.run(sql);
            assertThat(Database.opened() - openedDatabases).isEqualTo(databases);
        }
    }

    @Test
    void queriesTakeOneDatabase(BufferAllocator allocator) throws IOException {
        assertTakes(1, allocator, sql -> rows(sql.query("SELECT 1")));
        assertTakes(1, allocator, sql -> rows(sql.query("SELECT sum(a) FROM t")));
        assertTakes(1, allocator, sql -> rows(sql.query("SELECT a FROM t WHERE b > ?", List.of(1.5))));
        assertTakes(1, allocator, sql -> rows(sql.query("SELECT * FROM t x JOIN t y USING (a)")));
        assertTakes(1, allocator, sql -> rows(sql.query("SELECT * FROM t JOIN u USING (a)")));
        assertTakes(1, allocator, sql -> rows(sql.query("FROM '" + directory.resolve("t.npz") + "'")));
    }

    @Test
    void descriptionsTakeOneDatabaseAndMakeNoRows(BufferAllocator allocator) throws IOException {
        assertTakes(1, allocator, sql -> sql.schema("SELECT sum(a) FROM t"));
        assertTakes(1, allocator, sql -> sql.describe("SELECT a FROM t WHERE b > ?"));
        assertTakes(
                1, allocator, sql -> sql.schema("SELECT count(*) FROM range(1000000000000) a, range(1000000000000)"));
        // Which a plan that is optimized has computed, for minutes.
        String constant = "levenshtein(repeat('a', 1000000), repeat('b', 1000000))";
        assertTakes(1, allocator, sql -> sql.schema("SELECT " + constant));
        assertTakes(1, allocator, sql -> sql.describe("SELECT a + ? + " + constant + " FROM t"));
        String explained = "EXPLAIN (ANALYZE, FORMAT json) SELECT sum(x.range) FROM range(1000000000000) x";
        assertTakes(
                1,
                allocator,
                sql -> assertThat(sql.schema(explained).getFields())
                        .extracting(Field::getName)
                        .containsExactly("explain_key", "explain_value"));
    }

    @Test
    void descriptionsHaveTheTypesOfRows(BufferAllocator allocator) throws IOException {
        for (String column : List.of(
                "NULL",
                "[NULL]",
                "{a: NULL, \"b c\": [1]}",
                "MAP{'a': 1.5}",
                "'x'::ENUM('x', 'y')",
                "['x'::ENUM('x', 'y')]",
                "array_value(1, 2)",
                "union_value(k := 1)",
                "'{}'::JSON",
                "uuid()",
                "1::HUGEINT",
                "10::BIGNUM",
                "'101'::BIT",
                "'a'::BLOB",
                "now()",
                "TIME '10:00:00'",
                "'10:00:00+01'::TIMETZ",
                "INTERVAL 1 DAY",
                "TIMESTAMP_NS '2020-01-01'",
                "1 AS a, 2 AS a",
                "b + 1")) {
            try (Sql sql = Sql.open(allocator).with("t", directory.resolve("t.npz"));
                    ArrowReader rows = sql.query("SELECT " + column + " FROM t")) {
                assertThat(sql.schema("SELECT " + column + " FROM t"))
                        .as(column)
                        .isEqualTo(rows.getVectorSchemaRoot().getSchema());
            }
        }
    }

    @Test
    void whatDependsOnRowsTakesOneDatabase(BufferAllocator allocator) throws IOException {
        assertTakes(1, allocator, sql -> rows(sql.query("DESCRIBE t")));
        assertTakes(1, allocator, sql -> rows(sql.query("PIVOT t ON a USING sum(b)")));
        assertTakes(1, allocator, sql -> sql.schema("DESCRIBE t"));
        assertTakes(
                1,
                allocator,
                sql -> assertThat(sql.schema("PIVOT t ON a USING sum(b)").getFields())
                        .extracting(Field::getName)
                        .containsExactly("1", "2", "3"));
        assertTakes(
                1,
                allocator,
                sql -> assertThat(sql.describe("PIVOT t ON a USING sum(b)")
                                .schema()
                                .getFields())
                        .hasSize(3));
    }

    @Test
    void plansThatWereWrongTakeTheSameDatabase(BufferAllocator allocator) throws IOException {
        // One scan of it in the plan is several at work.
        String again = "WITH RECURSIVE r AS (SELECT a FROM t WHERE a = 1"
                + " UNION ALL SELECT t.a FROM t JOIN r ON t.a = r.a + 1) SELECT count(*) FROM r";
        assertTakes(1, allocator, sql -> assertThat(rows(sql.query(again))).containsExactly("3"));
    }

    @Test
    void eachFileIsOpenedOnce(BufferAllocator allocator) throws IOException {
        for (String statement : List.of(
                "SELECT sum(a) FROM t",
                "SELECT * FROM t",
                "SELECT count(*) FROM t x JOIN t y USING (a)",
                "PIVOT t ON a USING sum(b)",
                "DESCRIBE t")) {
            FaultyFileSystem files = new FaultyFileSystem((operation, number) -> false).mapping(MapMode.READ_ONLY);
            FaultyFileSystem others = new FaultyFileSystem((operation, number) -> false).mapping(MapMode.READ_ONLY);
            try (Sql sql = Sql.open(allocator)
                    .with("t", files.path(directory.resolve("t.npz")))
                    .with("u", others.path(directory.resolve("u.npz")))) {
                rows(sql.query(statement));
                assertThat(files.operations()).as(statement).containsExactly("map", "close");
                sql.schema(statement);
                assertThat(files.operations()).as(statement).containsExactly("map", "close", "map", "close");
                assertThat(others.operations()).as("a file that is not named").isEmpty();
            }
        }
    }

    @Test
    void filesOfOtherFormatsAreOpenedOnce(BufferAllocator allocator) throws IOException {
        Npy.save(directory.resolve("x.npy"), new long[] {1, 2, 3});
        try (Frame frame = Frames.open(allocator, directory.resolve("t.npz"))) {
            Ipc.write(frame, directory.resolve("t.feather"), IpcOptions.defaults());
        }
        for (String name : List.of("x.npy", "t.feather")) {
            FaultyFileSystem files = new FaultyFileSystem((operation, number) -> false).mapping(MapMode.READ_ONLY);
            try (Sql sql = Sql.open(allocator).with("t", files.path(directory.resolve(name)))) {
                rows(sql.query(name.endsWith(".npy") ? "SELECT * FROM t" : "SELECT b FROM t WHERE b > 1"));
                // A look at the first bytes beside it, where the name does not tell the format.
                assertThat(files.operations()).as(name).containsOnlyOnce("map");
            }
        }
    }

    private static List<String> readings(String statement, BufferAllocator allocator) throws IOException {
        FaultyFileSystem files = new FaultyFileSystem((operation, number) -> false, true);
        try (Sql sql = Sql.open(allocator).with("t", files.path(directory.resolve("t.parquet")))) {
            assertThat(rows(sql.query(statement))).isNotEmpty();
        }
        return files.operations();
    }

    @Test
    void someColumnsOfParquetTakeNoMoreReadingOfTheFileThanAll(BufferAllocator allocator) throws IOException {
        try (Frame frame = Frames.open(allocator, directory.resolve("t.npz"))) {
            Parquet.write(frame, directory.resolve("t.parquet"), ParquetOptions.defaults());
        }
        List<String> all = readings("SELECT * FROM t", allocator);
        assertThat(all).contains("read");
        assertThat(readings("SELECT b FROM t WHERE b > 1", allocator)).isEqualTo(all);
    }
}
