package org.arrownpz.sql.internal;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.frame.Frame;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements read what is registered and nothing else: every setting, every statement and every function of DuckDB that
 * writes, or reaches beyond, is asked for. FILE is a path in an empty directory, HERE the working directory.
 */
@ExtendWith(LeakCheck.class)
class ReadsOnlyTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    /** What DuckDB itself must refuse, whoever looks at statements before. */
    private static final List<String> FILES = List.of(
            "COPY (SELECT range i FROM range(1000)) TO 'HERE/:memory:.wal' (FORMAT csv)",
            "COPY (SELECT 1) TO 'HERE/:memory:'",
            "COPY (SELECT 1) TO ':memory:.wal'",
            "COPY (SELECT 1) TO ':memory:'",
            "COPY (SELECT 1) TO 'FILE.csv'",
            "COPY (SELECT 1) TO 'FILE.csv' (FORMAT csv, HEADER, DELIMITER ';', COMPRESSION gzip, USE_TMP_FILE false)",
            "COPY (SELECT 1 a, 2 b) TO 'FILE' (FORMAT csv, PARTITION_BY (a), OVERWRITE_OR_IGNORE)",
            "COPY (SELECT 1 a, 2 b) TO 'FILE' (FORMAT parquet, PARTITION_BY (a), FILENAME_PATTERN 'x_{uuid}', APPEND)",
            "COPY (SELECT 1) TO 'FILE' (FORMAT csv, PER_THREAD_OUTPUT)",
            "COPY (SELECT 1) TO 'FILE' (FORMAT parquet, FILE_SIZE_BYTES '1MB')",
            "COPY (SELECT 1) TO 'FILE.parquet' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {a: 'b'})",
            "COPY (SELECT 1) TO 'FILE.parquet' (RETURN_FILES, WRITE_EMPTY_FILE true)",
            "COPY (SELECT 1) TO 'FILE.parquet' (RETURN_STATS)",
            "COPY (SELECT 1) TO 'FILE.json' (FORMAT json, ARRAY true)",
            "COPY (SELECT 'x'::BLOB) TO 'FILE.blob' (FORMAT blob)",
            "COPY (SELECT 1) TO '/dev/stdout' (FORMAT csv)",
            "COPY (SELECT 1) TO 'https://example.invalid/x.csv'",
            "CREATE TABLE c(a VARCHAR); COPY c FROM '/etc/passwd'",
            "CREATE TABLE d(a VARCHAR); COPY d FROM 'FILE' (FORMAT parquet)",
            "CREATE TABLE e(a INTEGER); EXPORT DATABASE 'FILE'",
            "CREATE TABLE f(a INTEGER); EXPORT DATABASE 'FILE' (FORMAT parquet)",
            "IMPORT DATABASE 'FILE'",
            "ATTACH 'FILE.db'",
            "ATTACH 'FILE.db' AS other (READ_WRITE)",
            "ATTACH 'FILE.db' (TYPE sqlite)",
            "ATTACH IF NOT EXISTS 'https://example.invalid/x.db' AS far",
            "INSTALL httpfs",
            "FORCE INSTALL spatial FROM community",
            "INSTALL 'FILE.duckdb_extension'",
            "LOAD httpfs",
            "LOAD 'FILE.duckdb_extension'",
            "UPDATE EXTENSIONS",
            "CREATE PERSISTENT SECRET s (TYPE http)",
            "CREATE PERSISTENT SECRET s IN local_file (TYPE http)",
            "PRAGMA enable_profiling = 'json'",
            "PRAGMA profiling_output = 'FILE.json'",
            "PRAGMA profile_output = 'FILE.json'",
            "PRAGMA import_database('FILE')",
            "SET temp_directory = 'FILE'",
            "SET log_query_path = 'FILE.log'",
            "SET GLOBAL secret_directory = 'FILE'",
            "SET SESSION profiling_output = 'FILE.json'",
            "SET allowed_paths = ['/etc/passwd']",
            "SET allowed_directories = ['/']",
            "SET allowed_configs = ['temp_directory']",
            "SET file_search_path = '/etc'",
            "SET logging_storage = 'file'",
            "SET enable_external_access = true",
            "RESET enable_external_access",
            "SET lock_configuration = false",
            "RESET lock_configuration",
            "SELECT * FROM read_csv('HERE/:memory:.wal')",
            "SELECT * FROM read_csv('/etc/passwd')",
            "SELECT * FROM read_csv_auto(['/etc/passwd'])",
            "SELECT * FROM sniff_csv('/etc/passwd')",
            "SELECT * FROM read_text('/etc/passwd')",
            "SELECT * FROM read_text('~/*')",
            "SELECT * FROM read_text('file:///etc/passwd')",
            "SELECT * FROM read_blob('/proc/self/environ')",
            "SELECT * FROM read_blob('/dev/stdin')",
            "SELECT * FROM read_json('FILE')",
            "SELECT * FROM read_json_auto('FILE')",
            "SELECT * FROM read_json_objects('FILE')",
            "SELECT * FROM read_json_objects_auto('FILE')",
            "SELECT * FROM read_ndjson('FILE')",
            "SELECT * FROM read_ndjson_auto('FILE')",
            "SELECT * FROM read_ndjson_objects('FILE')",
            "SELECT * FROM read_duckdb('FILE.db')",
            "SELECT * FROM read_parquet('FILE.parquet')",
            "SELECT * FROM read_parquet('https://example.invalid/x.parquet')",
            "SELECT * FROM parquet_scan('FILE.parquet')",
            "SELECT * FROM parquet_metadata('FILE.parquet')",
            "SELECT * FROM parquet_schema('FILE.parquet')",
            "SELECT * FROM parquet_file_metadata('FILE.parquet')",
            "SELECT * FROM parquet_full_metadata('FILE.parquet')",
            "SELECT * FROM parquet_kv_metadata('FILE.parquet')",
            "SELECT * FROM parquet_bloom_probe('FILE.parquet', 'a', 1)",
            "SELECT * FROM glob('/etc/*')",
            "SELECT * FROM glob('*')",
            "SELECT * FROM '/etc/passwd.csv'",
            "SELECT * FROM './x.json'",
            "SELECT * FROM \"/etc/x.parquet\"",
            "SELECT * FROM query_table('/etc/passwd.csv')",
            "SELECT getenv('HOME')",
            "SELECT * FROM duckdb_extensions()");

    /** What is no query, or calls what does more than read, though it reaches no file. */
    private static final List<String> NO_QUERIES = List.of(
            "CREATE TABLE x AS SELECT 1",
            "CREATE OR REPLACE TEMP VIEW x AS SELECT 1",
            "CREATE MACRO m() AS TABLE (SELECT 1)",
            "CREATE TYPE e AS ENUM ('a')",
            "CREATE SEQUENCE s",
            "CREATE SCHEMA s",
            "CREATE INDEX i ON t(key)",
            "CREATE SECRET s (TYPE http)",
            "DROP SECRET s",
            "INSERT INTO t VALUES (1)",
            "INSERT INTO t VALUES (1) RETURNING *",
            "UPDATE t SET key = 1",
            "DELETE FROM t",
            "TRUNCATE t",
            "MERGE INTO t USING t AS u ON true WHEN MATCHED THEN DELETE",
            "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
            "WITH x AS (SELECT 1) INSERT INTO t FROM x",
            "WITH x AS (COPY t TO 'FILE') SELECT * FROM x",
            "ALTER TABLE t ADD COLUMN b INTEGER",
            "COMMENT ON TABLE t IS 'x'",
            "DROP VIEW t",
            "DETACH memory",
            "USE memory",
            "CHECKPOINT",
            "FORCE CHECKPOINT",
            "VACUUM",
            "ANALYZE",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "PREPARE p AS SELECT 1",
            "EXECUTE p",
            "DEALLOCATE p",
            "CALL duckdb_tables()",
            "CALL enable_logging()",
            "CALL enable_logging(storage = 'file', storage_path = 'FILE')",
            "CALL force_checkpoint()",
            "PRAGMA version",
            "PRAGMA enable_profiling",
            "PRAGMA enable_checkpoint_on_shutdown",
            "PRAGMA database_list",
            "SET VARIABLE x = 1",
            "RESET VARIABLE x",
            "EXPLAIN COPY t TO 'FILE'",
            "EXPLAIN ANALYZE COPY (SELECT 1) TO 'FILE'",
            "EXPLAIN (FORMAT json) COPY (SELECT 1) TO 'FILE'",
            "EXPLAIN (ANALYZE) INSERT INTO t SELECT 1",
            "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
            "EXPLAIN EXPLAIN SELECT 1",
            "EXPLAIN",
            "SELECT 1 INTO x",
            "SELECT 1; SELECT 2",
            "SELECT 1; COPY t TO 'FILE'",
            "COPY t TO 'FILE'; SELECT 1",
            "SET threads = 1; SELECT 1",
            "SELECT 1 -- \r; COPY t TO 'FILE'",
            "-- \rCOPY t TO 'FILE'; SELECT 1",
            "SELECT 1 /* /* */ ; */ ; COPY t TO 'FILE'",
            "PIVOT t ON key; COPY t TO 'FILE'",
            "COPY t TO 'FILE'; PIVOT t ON key",
            "COPY (PIVOT t ON key) TO 'FILE'",
            "CREATE TABLE x AS PIVOT t ON key",
            "SELECT 1); COPY t TO 'FILE'; FROM (SELECT 1",
            "SELECT 1); PIVOT t ON key; FROM (SELECT 1",
            "FROM query('COPY t TO ''FILE''')",
            "FROM query('FROM enable_logging()')",
            "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
            "FROM json_execute_serialized_sql('{\"error\":false,\"statements\":[]}')",
            "PRAGMA json_execute_serialized_sql('{}')",
            "FROM arrow_scan(1, 2, 3)",
            "FROM arrow_scan_dumb(1, 2, 3)",
            "FROM enable_logging(level = 'trace', storage = 'stdout')",
            "FROM enable_logging('QueryLog', storage = 'file', storage_path = 'FILE')",
            "SELECT * FROM system.main.\"Enable_Logging\"()",
            "SELECT (SELECT count(*) FROM enable_logging()) FROM t WHERE key IN (FROM disable_logging())",
            "WITH x AS MATERIALIZED (FROM enable_profiling(format = 'json', save_location = 'FILE.json')) FROM x",
            "SUMMARIZE SELECT write_log('x')",
            "SELECT sum(key) OVER (ORDER BY write_log('x')) FROM t",
            "SELECT main.write_log('x', scope := 'database')",
            "FROM truncate_duckdb_logs()",
            "FROM checkpoint()",
            "PIVOT (FROM write_log('x')) ON 1",
            "PIVOT t ON key USING sum(\"WRITE_LOG\"(key))",
            "EXPLAIN SELECT write_log('x')",
            "",
            "-- nothing",
            ";");

    /** Functions that give rows and change nothing. Files are closed to those that would read them. */
    private static final Set<String> TABLE_FUNCTIONS =
            Set.of(("duckdb_approx_database_count duckdb_columns duckdb_connection_count duckdb_constraints"
                            + " duckdb_coordinate_systems duckdb_databases duckdb_dependencies duckdb_extensions"
                            + " duckdb_external_file_cache duckdb_functions duckdb_indexes duckdb_keywords"
                            + " duckdb_log_contexts duckdb_logs duckdb_logs_parsed duckdb_memory duckdb_optimizers"
                            + " duckdb_prepared_statements duckdb_profiling_settings duckdb_schemas"
                            + " duckdb_secret_types duckdb_secrets duckdb_sequences duckdb_settings"
                            + " duckdb_table_sample duckdb_tables duckdb_temporary_files duckdb_types"
                            + " duckdb_variables duckdb_views generate_series glob histogram histogram_values"
                            + " icu_calendar_names json_each json_tree parquet_bloom_probe parquet_file_metadata"
                            + " parquet_full_metadata parquet_kv_metadata parquet_metadata parquet_scan"
                            + " parquet_schema pg_timezone_names pragma_collations pragma_database_size"
                            + " pragma_metadata_info pragma_platform pragma_show pragma_storage_info"
                            + " pragma_table_info pragma_user_agent pragma_version query_table range read_blob"
                            + " read_csv read_csv_auto read_duckdb read_json read_json_auto read_json_objects"
                            + " read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects"
                            + " read_parquet read_text repeat repeat_row seq_scan sniff_csv summary"
                            + " test_all_types test_vector_types unnest which_secret")
                    .split(" "));

    /** Functions that give other values from call to call; of sequences there is none. */
    private static final Set<String> CHANGING_FUNCTIONS =
            Set.of(("current_connection_id current_query current_query_id current_transaction_id currval error"
                            + " gen_random_uuid nextval random setseed sleep_ms stats uuid uuidv4 uuidv7")
                    .split(" "));

    @TempDir
    private Path directory;

    private List<String> before = List.of();

    @BeforeAll
    static void loadNativeLibraries() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        Database.open(0).close();
    }

    @BeforeEach
    void listsTheWorkingDirectory() throws IOException {
        before = names(HERE);
    }

    @AfterEach
    void nothingIsWritten() throws IOException {
        assertThat(names(HERE)).isEqualTo(before);
        assertThat(directory).isEmptyDirectory();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private String sql(String statement) {
        return statement
                .replace("FILE", directory.resolve("written").toString())
                .replace("HERE", HERE.toString());
    }

    /** Places of this machine that messages must not name unless the statement does. */
    private void namesNoPlace(String statement, String text) {
        List<String> places = new ArrayList<>(List.of(
                HERE.toString(), System.getProperty("user.home"), System.getProperty("java.io.tmpdir"), "libduckdb"));
        places.removeIf(place -> place.length() < 2 || statement.contains(place));
        assertThat(text).as(statement).doesNotContain(places.toArray(String[]::new));
        assertThat(text)
                .as(statement)
                .doesNotContain("__arrow_npz")
                .doesNotContain("\n")
                .doesNotContain("Error:");
    }

    private static VectorSchemaRoot root(BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        key.setSafe(0, 7);
        key.setValueCount(1);
        return new VectorSchemaRoot(List.of((FieldVector) key));
    }

    private static Set<String> texts(Database database, String sql) throws SQLException {
        Set<String> texts = new TreeSet<>();
        database.texts(sql).forEach(row -> texts.add(row.get(0)));
        return texts;
    }

    @Test
    void noSettingShowsAPlaceOrOpensOne(BufferAllocator allocator) throws Exception {
        try (Sql sql = Sql.open(allocator)) {
            assertThat(rows(sql.query("SELECT name FROM duckdb_settings() WHERE name <> 'custom_profiling_settings'"
                            + " AND regexp_matches(value, '(^|[^a-zA-Z0-9])([/~\\\\]|[A-Z]:\\\\)')"
                            // A name of a time zone is no path.
                            + " AND name <> 'TimeZone'")))
                    .isEmpty();
            assertThat(rows(sql.query("SELECT name, value FROM duckdb_settings() WHERE name IN ('allowed_paths',"
                            + " 'allowed_directories', 'allowed_configs', 'enable_external_access',"
                            + " 'lock_configuration', 'secret_directory', 'temp_directory', 'home_directory',"
                            + " 'extension_directory', 'allow_persistent_secrets',"
                            + " 'autoload_known_extensions', 'autoinstall_known_extensions') ORDER BY name")))
                    .containsExactly(
                            "allow_persistent_secrets,false",
                            "allowed_configs,[]",
                            "allowed_directories,[]",
                            "allowed_paths,[]",
                            "autoinstall_known_extensions,false",
                            "autoload_known_extensions,false",
                            "enable_external_access,false",
                            "extension_directory,",
                            "home_directory,",
                            "lock_configuration,true",
                            "secret_directory,",
                            "temp_directory,");
        }
    }

    @Test
    void noSettingCanBeChanged() throws SQLException {
        try (Database database = Database.open(0);
                Database planner = Database.open(0)) {
            database.lock();
            Set<String> settings = texts(database, "SELECT name FROM duckdb_settings()");
            assertThat(settings).hasSizeGreaterThan(150);
            Set<String> changed = new TreeSet<>();
            for (String setting : settings) {
                for (String change : List.of("SET %s = '1'", "SET GLOBAL %s = 1", "RESET %s", "PRAGMA %s = '1'")) {
                    String sql = String.format(change, SqlText.quote(setting));
                    assertThatThrownBy(() -> Statements.query(sql, new SqlText(sql), planner))
                            .as(sql)
                            .isInstanceOf(IllegalArgumentException.class);
                    if (runs(sql, database)) {
                        changed.add(sql);
                    }
                }
            }
            // Where names are looked up is the connection's own.
            assertThat(changed).containsExactly("RESET \"schema\"", "RESET \"search_path\"");
        }
    }

    private static boolean runs(String sql, Database database) {
        try {
            database.execute(sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void duckDbItselfReachesNoFile() throws SQLException {
        for (String statement : FILES) {
            try (Database database = Database.open(0)) {
                database.lock();
                assertThatThrownBy(() -> database.texts(sql(statement)))
                        .as(statement)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void refusesWhatReachesFilesOrIsNoQueryWithoutNamingPlaces(BufferAllocator allocator) {
        try (VectorSchemaRoot root = root(allocator);
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame)) {
            Stream.concat(Effort.some(30, FILES).stream(), Effort.some(20, NO_QUERIES).stream())
                    .forEach(statement -> {
                        String text = sql(statement);
                        assertThatThrownBy(() -> sql.query(text).close())
                                .as(statement)
                                .isInstanceOf(IllegalArgumentException.class)
                                .satisfies(e -> namesNoPlace(text, e.getMessage()));
                        if (!statement.startsWith("SELECT * FROM ")) {
                            assertThatThrownBy(() -> sql.schema(text))
                                    .as(statement)
                                    .isInstanceOf(IllegalArgumentException.class);
                        }
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 7 AS key",
                "SELECT 7;",
                ";SELECT 7; ; -- done",
                "/* a */ (SELECT 7) -- b",
                "FROM t",
                "FROM t SELECT key",
                "TABLE t",
                "VALUES (7)",
                "WITH x AS (FROM t) SELECT * FROM x",
                "WITH RECURSIVE x(n) AS (SELECT 5 UNION ALL SELECT n + 1 FROM x WHERE n < 7) SELECT max(n) FROM x",
                "SELECT ';' || 'COPY t TO x' AS a, 7 ORDER BY 1",
                "PIVOT (SELECT 'a' AS k, key FROM t) ON k USING sum(key)",
                "PIVOT (SELECT 'a' AS k, key FROM t) ON k USING sum(key) ;\n; ",
                "FROM (PIVOT (SELECT 'a' AS k, key FROM t) ON k USING sum(key)) -- x",
                "PIVOT (SELECT 'a' AS k, key FROM t) ON k IN ('a') USING sum(key);",
                "SELECT key FROM (UNPIVOT t ON key INTO NAME n VALUE key)",
                "SELECT query FROM (SELECT key AS query FROM t)",
                "FROM query_table('pg_type') SELECT 7 LIMIT 1",
                "FROM duckdb_settings() SELECT 7 LIMIT 1",
            })
    void answersQueriesOfEveryForm(String statement, BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = root(allocator);
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame)) {
            assertThat(rows(sql.query(statement))).singleElement().asString().endsWith("7");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DESCRIBE t",
                "DESCRIBE SELECT 1",
                "SUMMARIZE t",
                "SHOW DATABASES",
                "SHOW t",
                "EXPLAIN FROM t",
                "explain analyze from t",
                "EXPLAIN (FORMAT json) SELECT 1",
                "EXPLAIN (ANALYZE, FORMAT json) (SELECT 1)",
                "EXPLAIN /* (why */ (SELECT 1)",
            })
    void tellsOfTablesAndPlans(String statement, BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = root(allocator);
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame)) {
            assertThat(rows(sql.query(statement))).isNotEmpty();
            assertThat(sql.schema(statement).getFields()).isNotEmpty();
        }
    }

    @Test
    void refusesStatementsThatDuckDbWouldCutOrThatTakeTooMuch(BufferAllocator allocator) {
        try (Sql sql = Sql.open(allocator)) {
            assertThatThrownBy(() -> sql.query("SELECT 1 \0; COPY t TO 'x'"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the statement has a NUL, as character 10: write chr(0) in its place");
            assertThatThrownBy(() -> sql.query("SELECT 1" + " ".repeat(1 << 18)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("262152 characters and may have 262144");
        }
    }

    @Test
    void knowsEveryFunctionThatMayDoMoreThanRead() throws SQLException {
        try (Database database = Database.open(0)) {
            Set<String> tables = texts(
                    database,
                    "SELECT DISTINCT function_name FROM duckdb_functions()"
                            + " WHERE function_type IN ('table', 'table_macro')");
            Set<String> changing =
                    texts(database, "SELECT DISTINCT function_name FROM duckdb_functions() WHERE has_side_effects");
            assertThat(refused(tables, database)).isEqualTo(without(tables, TABLE_FUNCTIONS));
            assertThat(refused(changing, database)).isEqualTo(without(changing, CHANGING_FUNCTIONS));
        }
    }

    private static Set<String> refused(Set<String> functions, Database database) throws SQLException {
        Set<String> refused = new TreeSet<>();
        for (String function : functions) {
            try {
                String sql = "SELECT * FROM " + function + "()";
                Statements.query(sql, new SqlText(sql), database);
            } catch (IllegalArgumentException e) {
                refused.add(function);
            }
        }
        return refused;
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> others = new TreeSet<>(all);
        others.removeAll(some);
        return others;
    }
}
