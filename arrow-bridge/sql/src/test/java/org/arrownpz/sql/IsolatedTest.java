package org.arrownpz.sql;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.array.Npz;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements in processes of their own answer as those in this one do, and can be ended. */
@ExtendWith(LeakCheck.class)
class IsolatedTest {
    private static final long MEMORY = 64 << 20;
    private static final ConcurrentLinkedQueue<String> LOG = new ConcurrentLinkedQueue<>();
    private static SqlWorkers workers;

    @TempDir
    static Path directory;

    @BeforeAll
    static void startsProcesses() throws IOException {
        workers = SqlWorkers.start(2, LOG::add);
        Npz.save(directory.resolve("t.npz"), java.util.Map.of("a", new long[] {1, 2, 3}, "b", new double[] {1, 2, 4}));
    }

    @AfterAll
    static void endsProcesses() {
        workers.close();
        Await.until(
                () -> ProcessHandle.current().children().findAny().isEmpty(),
                () -> ProcessHandle.current().children().toList().toString());
    }

    private static Sql take(BufferAllocator allocator) throws NpzException {
        return workers.take(allocator, "tests", () -> false).withMemoryLimit(MEMORY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM t ORDER BY a",
                "SELECT a, b FROM 'FILE' WHERE a > 1",
                "SELECT t.a, u.b FROM t JOIN 'FILE' u USING (a)",
                "FROM range(300000)",
                "SELECT NULL, 'x'::ENUM('x', 'y'), [1, 2], {a: 1, b: 'z'}, 1.5::DECIMAL(9, 2), DATE '2020-01-01'",
                "SELECT 1 WHERE false",
                "DESCRIBE t",
                "PIVOT t ON a USING sum(b)",
                "EXPLAIN SELECT 1",
            })
    void givesWhatThisProcessGives(String statement, BufferAllocator allocator) throws IOException {
        String sql = statement.replace("FILE", directory.resolve("t.npz").toString());
        try (Sql here = Sql.open(allocator)
                        .with("t", directory.resolve("t.npz"))
                        .allow(directory);
                Sql there =
                        take(allocator).with("t", directory.resolve("t.npz")).allow(directory)) {
            assertThat(rows(there.query(sql))).isEqualTo(rows(here.query(sql)));
            assertThat(there.schema(sql)).isEqualTo(here.schema(sql));
        }
    }

    @Test
    void takesParametersOfEveryType(BufferAllocator allocator) throws IOException {
        List<Object> values = Arrays.asList(
                null,
                true,
                (byte) 1,
                (short) -2,
                3,
                -4L,
                1.5f,
                -2.5,
                new BigDecimal("12345678901234567890.123"),
                "'; DROP TABLE x; --",
                new byte[] {0, 1, -1},
                LocalDate.of(2024, 2, 29),
                LocalTime.of(1, 2, 3, 4000),
                LocalDateTime.of(2024, 2, 29, 1, 2, 3),
                OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 0, ZoneOffset.UTC));
        String sql = "SELECT " + String.join(", ", java.util.Collections.nCopies(values.size(), "?::VARCHAR"));
        try (Sql here = Sql.open(allocator);
                Sql there = take(allocator)) {
            assertThat(rows(there.query(sql, values))).isEqualTo(rows(here.query(sql, values)));
            assertThat(there.describe("SELECT ?::BIGINT AS x")).isEqualTo(here.describe("SELECT ?::BIGINT AS x"));
            assertThatThrownBy(() -> there.query("SELECT ?", List.of(new Object())))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> there.query("SELECT ?", List.of(BigInteger.ONE, 2)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesAsThisProcessDoes(BufferAllocator allocator) throws IOException {
        try (Sql there =
                take(allocator).withLimits(ReadLimits.defaults().withMembers(1)).allow(directory)) {
            assertThatThrownBy(() -> there.query("SELECT nothing FROM range(1)"))
                    .isInstanceOfSatisfying(
                            Sql.StatementException.class,
                            e -> assertThat(e.excerpt()).contains("^"));
            assertThatThrownBy(() -> there.query("DROP TABLE x")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> there.query("SELECT * FROM '/etc/x.npz'"))
                    .isInstanceOfAny(IllegalArgumentException.class, NpzException.class);
            assertThatThrownBy(() -> there.query("FROM '" + directory.resolve("t.npz") + "'"))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            assertThat(rows(there.query("SELECT 1"))).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT json_structure(repeat('[',200000)||repeat(']',200000))",
                "SELECT (repeat('[',200000)||repeat(']',200000))::JSON::VARIANT",
                "SELECT from_json('1', repeat('{\"a\":',50000)||'\"INT\"'||repeat('}',50000))",
            })
    void aCrashEndsNothingElse(String statement, BufferAllocator allocator) throws IOException {
        try (Sql other = take(allocator);
                ArrowReader running = other.query("FROM range(3000000)");
                Sql there = take(allocator)) {
            running.loadNextBatch();
            LOG.clear();
            assertThatThrownBy(() -> rows(there.query(statement))).isInstanceOfSatisfying(NpzException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
                assertThat(LOG).singleElement().asString().contains("statement ", "exit code");
                assertThat(e.problem()).contains(LOG.peek().split(" ")[1]);
            });
            assertThat(rows(there.query("SELECT 1"))).containsExactly("1");
            while (running.loadNextBatch()) {
                // It goes on.
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT len(range(200000000))", "SELECT length(lpad('a',2000000000,'x'))"})
    void memoryIsBounded(String statement, BufferAllocator allocator) throws IOException {
        try (Sql there = take(allocator)) {
            assertThatThrownBy(() -> rows(there.query(statement)))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            assertThat(rows(there.query("SELECT 1"))).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM range(100000000000) a, range(1000000) b WHERE a.range + b.range = -1",
                "SELECT levenshtein(repeat('a',1000000),repeat('b',1000000))",
            })
    void timeOfProcessorsIsBounded(String statement, BufferAllocator allocator) throws IOException {
        try (Sql there = take(allocator).withProcessorLimit(Duration.ofMillis(200))) {
            assertThatThrownBy(() -> rows(there.query(statement))).isInstanceOfSatisfying(NpzException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
                assertThat(e.problem()).contains("processors");
                assertThat(e.expected()).isEqualTo("at most 200 ms");
                assertThat(e.found()).endsWith(" ms");
            });
            assertThat(rows(there.query("SELECT 1"))).containsExactly("1");
        }
    }

    private static void cancelled(Sql sql, String statement) throws Exception {
        Thread end = new Thread(sql::cancel);
        end.start();
        assertThatThrownBy(() -> rows(sql.query(statement))).isInstanceOf(CancellationException.class);
        end.join();
    }

    @Test
    void cancelEndsWhatDoesNotListen(BufferAllocator allocator) throws Exception {
        try (Sql there = take(allocator)) {
            cancelled(there, "SELECT levenshtein(repeat('a',100000),repeat('b',100000))");
        }
        try (Sql there = take(allocator)) {
            // Planned, for minutes.
            cancelled(there, "SELECT " + "/*".repeat(16_000) + "*/".repeat(16_000) + "1 FROM range(1000000000000)");
        }
        try (Sql there = take(allocator)) {
            assertThat(rows(there.query("SELECT 1"))).containsExactly("1");
        }
    }

    @Test
    void aResultThatNobodyReadsIsGivenUp(BufferAllocator allocator) throws IOException {
        try (Sql there = take(allocator)) {
            for (int i = 0; i < 3; i++) {
                try (ArrowReader rows = there.query("FROM range(1000000000)")) {
                    assertThat(rows.loadNextBatch()).isTrue();
                }
            }
            assertThat(rows(there.query("SELECT 1"))).containsExactly("1");
        }
    }

    @Test
    void framesOfThisProcessAreNoTables(BufferAllocator allocator) throws IOException {
        try (Sql there = Sql.isolated(allocator);
                org.arrownpz.frame.Frame frame =
                        org.arrownpz.frame.Frames.open(allocator, directory.resolve("t.npz"))) {
            assertThatThrownBy(() -> there.with("f", frame)).isInstanceOf(IllegalArgumentException.class);
            there.with("f", directory.resolve("t.npz"));
            assertThat(rows(there.query("SELECT sum(a) FROM f"))).containsExactly("6");
        }
    }
}
