package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.Effort;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Statements that a caller who may only read must not get answered; after all of them the server serves on. */
class HostileStatementsTest extends HostileCalls {
    /** OUT is a directory beside the served one, with secret.csv, secret.npz and secret.parquet. */
    private static final List<String> STATEMENTS = List.of(
            // Write.
            "CREATE TABLE x (a INT)",
            "CREATE TABLE x AS SELECT * FROM prices",
            "CREATE OR REPLACE TABLE prices AS SELECT 1",
            "CREATE TEMP TABLE x (a INT)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE OR REPLACE VIEW prices AS SELECT 1",
            "CREATE SCHEMA s",
            "CREATE SEQUENCE s",
            "CREATE TYPE t AS ENUM ('a')",
            "CREATE MACRO m(a) AS a",
            "CREATE FUNCTION m(a) AS TABLE SELECT a",
            "CREATE INDEX i ON prices (key)",
            "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
            "INSERT INTO prices VALUES (1, 2, 'x')",
            "INSERT INTO prices SELECT * FROM prices",
            "UPDATE prices SET key = 1",
            "DELETE FROM prices",
            "TRUNCATE prices",
            "DROP TABLE prices",
            "DROP VIEW prices",
            "DROP SCHEMA main",
            "ALTER TABLE prices ADD COLUMN x INT",
            "ALTER VIEW prices RENAME TO x",
            "COMMENT ON TABLE prices IS 'x'",
            "MERGE INTO prices USING prices p ON prices.key = p.key WHEN MATCHED THEN DELETE",
            "WITH x AS (SELECT 1) INSERT INTO prices SELECT 1, 2, 'x' FROM x",
            "SELECT 1; DROP VIEW prices",
            "SELECT 1; COPY prices TO 'OUT/new.csv'",
            "/* SELECT */ DROP VIEW prices",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "CHECKPOINT",
            "FORCE CHECKPOINT",
            "VACUUM",
            "ANALYZE",
            // Copy, export, attach.
            "COPY prices TO 'OUT/new.csv'",
            "COPY (SELECT 1) TO 'OUT/new.parquet' (FORMAT parquet)",
            "COPY prices FROM 'OUT/secret.csv'",
            "EXPORT DATABASE 'OUT/new'",
            "IMPORT DATABASE 'OUT/new'",
            "ATTACH 'OUT/new.db'",
            "ATTACH 'OUT/new.db' AS x (READ_ONLY)",
            "ATTACH ':memory:' AS x",
            "DETACH memory",
            "USE memory",
            // Install and load.
            "INSTALL httpfs",
            "FORCE INSTALL httpfs",
            "LOAD httpfs",
            "LOAD 'OUT/evil.duckdb_extension'",
            "UPDATE EXTENSIONS",
            // Other files.
            "SELECT * FROM 'OUT/secret.csv'",
            "SELECT * FROM 'OUT/secret.parquet'",
            "SELECT * FROM \"OUT/secret.csv\"",
            "SELECT * FROM 'OUT/secret.npz'",
            "SELECT * FROM '../secret.npz'",
            "SELECT * FROM read_csv('OUT/secret.csv')",
            "SELECT * FROM read_csv_auto('OUT/secret.csv')",
            "SELECT * FROM sniff_csv('OUT/secret.csv')",
            "SELECT * FROM read_text('OUT/secret.csv')",
            "SELECT * FROM read_blob('OUT/secret.csv')",
            "SELECT * FROM read_parquet('OUT/secret.parquet')",
            "SELECT * FROM parquet_scan('OUT/secret.parquet')",
            "SELECT * FROM parquet_metadata('OUT/secret.parquet')",
            "SELECT * FROM parquet_schema('OUT/secret.parquet')",
            "SELECT * FROM read_json('OUT/secret.csv')",
            "SELECT * FROM read_json_auto('OUT/secret.csv')",
            "SELECT * FROM read_ndjson('OUT/secret.csv')",
            "SELECT * FROM glob('OUT/*')",
            "SELECT (SELECT count(*) FROM read_text('OUT/secret.csv'))",
            "SELECT * FROM prices WHERE key IN (SELECT 1 FROM read_text('OUT/secret.csv'))",
            "WITH x AS (SELECT * FROM read_text('OUT/secret.csv')) SELECT * FROM x",
            "SELECT * FROM query('SELECT * FROM read_text(''OUT/secret.csv'')')",
            "SELECT * FROM query_table('OUT/secret.csv')",
            "SELECT * FROM 'https://localhost/secret.csv'",
            "SELECT * FROM 's3://bucket/secret.parquet'",
            "SELECT getenv('HOME')",
            // Options and the inside.
            "SET threads = 1",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
            "SET GLOBAL memory_limit = '1TB'",
            "SET SESSION search_path = 'x'",
            "SET VARIABLE x = 1",
            "RESET threads",
            "RESET enable_external_access",
            "PRAGMA database_list",
            "PRAGMA enable_profiling",
            "PRAGMA profiling_output = 'OUT/new'",
            "PRAGMA threads = 1",
            "CALL pragma_version()",
            "CALL dbgen(sf = 1)",
            "PREPARE p AS SELECT 1",
            "EXECUTE p",
            "DEALLOCATE p",
            "EXPLAIN ANALYZE DELETE FROM prices",
            // No statements.
            "",
            ";",
            "-- nothing",
            "SELEC 1",
            "SELECT",
            "SELECT * FROM none",
            "SELECT none FROM prices",
            "SELECT 'open",
            "SELECT 1; SELECT 2",
            "SELECT \0 1");

    /** The files there, with their sizes and times. */
    private static Map<String, String> state(Path directory) throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith(".")) {
                    state.put(file.getFileName().toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
                }
            }
        }
        return state;
    }

    @Test
    void statementsThatDoMoreThanReadAreRefused(BufferAllocator allocator) throws Exception {
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = start(allocator);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator));
                FlightClient raw = client(server, allocator)) {
            Map<String, String> served = state(directory);
            Map<String, String> beside = state(other);
            for (String statement : Effort.some(24, STATEMENTS)) {
                String sql = statement.replace("OUT", other.toString());
                // A plan of sniff_csv looks at no file.
                if (!sql.contains("sniff_csv")) {
                    refused(all, sql, INVALID, () -> client.execute(sql, ANN));
                    refused(all, sql, INVALID, () -> client.prepare(sql, ANN));
                }
                refused(all, sql, INVALID, () -> FlightCalls.read(raw, new SqlQuery(sql).toTicket(), ANN));
            }
            all.assertThat(state(directory)).isEqualTo(served);
            all.assertThat(state(other)).isEqualTo(beside);
            all.assertThat(FlightCalls.read(raw, NpzTicket.of("prices").toTicket(), ANN)[0])
                    .isEqualTo(10);
        }
        all.assertAll();
    }

    @Test
    void listsMoreThanEightyStatements() {
        assertThat(STATEMENTS).hasSizeGreaterThan(80).doesNotHaveDuplicates();
    }
}
