package org.arrownpz.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Statements whose values come from outside of their text. */
@ExtendWith(LeakCheck.class)
class ParametersTest {
    private static String one(Sql sql, String statement, Object... parameters) throws Exception {
        try (ArrowReader rows = sql.query(statement, Arrays.asList(parameters))) {
            assertThat(rows.loadNextBatch()).isTrue();
            FieldVector column = rows.getVectorSchemaRoot().getVector(0);
            return String.valueOf(column.getObject(0));
        }
    }

    @Test
    void areValuesAndNeverText(BufferAllocator allocator) throws Exception {
        try (Sql sql = Sql.open(allocator)) {
            assertThat(one(sql, "SELECT ? || 'x'", "'; DROP TABLE t; --")).isEqualTo("'; DROP TABLE t; --x");
            assertThat(one(sql, "SELECT $2::BIGINT - $1::BIGINT", 1, 5L)).isEqualTo("4");
            assertThat(one(sql, "SELECT ?::VARCHAR IS NULL", (Object) null)).isEqualTo("true");
            assertThat(one(sql, "SELECT (?::DECIMAL(10,2))::VARCHAR", new BigDecimal("12.50")))
                    .isEqualTo("12.50");
            assertThat(one(sql, "SELECT (?::DATE)::VARCHAR", LocalDate.of(2024, 2, 29)))
                    .isEqualTo("2024-02-29");
            assertThat(one(sql, "SELECT (?::TIMESTAMP)::VARCHAR", LocalDateTime.of(2024, 2, 29, 1, 2, 3)))
                    .isEqualTo("2024-02-29 01:02:03");
            assertThat(one(sql, "SELECT octet_length(?::BLOB)", (Object) new byte[] {1, 0, 2}))
                    .isEqualTo("3");
        }
    }

    @Test
    void chooseRowsAndTellTheirTypes(BufferAllocator allocator) throws Exception {
        BigIntVector key = new BigIntVector("key", allocator);
        for (int i = 0; i < 100; i++) {
            key.setSafe(i, i);
        }
        key.setValueCount(100);
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) key));
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame)) {
            String statement = "SELECT count(*) FROM t WHERE key >= ? AND key < ?";
            assertThat(one(sql, statement, 10, 20)).isEqualTo("10");
            assertThat(one(sql, "SELECT count(*) FROM main.t AS x JOIN t AS y USING (key) WHERE key = ?", 7))
                    .isEqualTo("1");
            assertThat(sql.describe(statement).parameters()).containsExactly("BIGINT", "BIGINT");
            assertThat(sql.describe("SELECT ?").parameters()).containsExactly("");
            assertThat(sql.schema(statement, Arrays.asList(null, null)).getFields())
                    .hasSize(1);
        }
    }

    @Test
    void areRefusedWhereTheyDoNotFit(BufferAllocator allocator) throws Exception {
        try (Sql sql = Sql.open(allocator)) {
            for (List<?> wrong : List.of(List.of(), List.of(1, 2), List.of("no number"), List.of(new Object()))) {
                assertThatThrownBy(() -> sql.query("SELECT ?::INT", wrong).close())
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> sql.query("SELECT 1", List.of(1)).close())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A12: nanoseconds were cut, digits beyond 38 became null, and dates before the year 1 others. */
    @Test
    void areRefusedWhereTheDriverWouldChangeThem(BufferAllocator allocator) throws Exception {
        try (Sql sql = Sql.open(allocator)) {
            for (Object wrong : List.of(
                    LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4001),
                    LocalTime.of(1, 2, 3, 999),
                    OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 1, ZoneOffset.UTC),
                    LocalDate.of(0, 12, 31),
                    LocalDate.MIN,
                    LocalDate.MAX,
                    BigDecimal.TEN.pow(38),
                    new BigDecimal("-1E-39"),
                    BigInteger.TWO.pow(200),
                    LocalDateTime.MAX)) {
                assertThatThrownBy(() ->
                                sql.query("SELECT ?::VARCHAR", List.of(wrong)).close())
                        .as(wrong.toString())
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(one(sql, "SELECT ?::VARCHAR", LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4000)))
                    .isEqualTo("2024-02-29 01:02:03.000004");
            assertThat(one(sql, "SELECT ?::VARCHAR", LocalDateTime.of(-3000, 1, 1, 0, 0)))
                    .isEqualTo("3001-01-01 (BC) 00:00:00");
            assertThat(one(sql, "SELECT ?::VARCHAR", LocalDate.of(1, 1, 1))).isEqualTo("0001-01-01");
            assertThat(one(sql, "SELECT ?::VARCHAR", LocalDate.of(5_881_579, 12, 31)))
                    .isEqualTo("5881579-12-31");
            assertThat(one(sql, "SELECT ?::VARCHAR", BigDecimal.TEN.pow(37).negate()))
                    .isEqualTo("-1" + "0".repeat(37));
            assertThat(one(sql, "SELECT ?::VARCHAR", new BigDecimal("1E-38"))).isEqualTo("." + "0".repeat(37) + "1");
        }
    }
}
