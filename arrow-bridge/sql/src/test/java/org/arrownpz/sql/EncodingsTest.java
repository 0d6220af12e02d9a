package org.arrownpz.sql;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns of every encoding, as pyarrow writes them. DuckDB gives indices for values of some, ends the process at others,
 * or calls them a fault of its own.
 */
@ExtendWith(LeakCheck.class)
class EncodingsTest {
    @BeforeAll
    static void loadNativeLibraries() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        Database.open(0).close();
    }

    private static Path file() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(EncodingsTest.class.getResource("/sql/encodings.arrow"))
                .toURI());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dictionary | a;b;null;b",
                "dictionary of numbers | 20;10;20;20",
                "dictionary of lists | [2, 3];[1];[2, 3];[2, 3]",
                "list of dictionary | [a, b];[];[NULL];[b, b, a, a, NULL]",
                "struct of dictionary | {'x': a};{'x': b};{'x': NULL};{'x': b}",
                "run ends | a;b;b;b",
                "run ends of half floats | 1.5;null;null;null",
                "list of run ends | [a, b];[];[b];[b]",
            })
    void readsTheValues(String column, String expected, BufferAllocator allocator) throws Exception {
        try (Sql sql = Sql.open(allocator).with("t", file())) {
            assertThat(rows(sql.query("SELECT " + SqlText.quote(column) + "::VARCHAR FROM t")))
                    .containsExactly(expected.split(";"));
        }
    }

    @Test
    void namesColumnsThatDuckDbWouldReadWrong(BufferAllocator allocator) throws Exception {
        try (Sql sql = Sql.open(allocator).with("t", file())) {
            List<String> columns = rows(sql.query("SELECT column_name FROM (DESCRIBE SELECT COLUMNS('^bad') FROM t)"));
            assertThat(columns).hasSize(14);
            for (String column : columns) {
                assertThatThrownBy(() -> sql.query("SELECT " + SqlText.quote(column) + " FROM t"))
                        .as(column)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("DuckDB cannot take these columns: " + column)
                        .hasMessageEndingWith("Select the others");
            }
        }
    }

    @Test
    void refusesTimesInZonesThatAreFinerThanDuckDbs(BufferAllocator allocator) throws IOException {
        try (TimeStampNanoTZVector column = new TimeStampNanoTZVector("moment", allocator, "UTC")) {
            column.setSafe(0, -2000);
            column.setSafe(1, -1001);
            column.setNull(2);
            column.setValueCount(3);
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of((FieldVector) column)));
                    Sql sql = Sql.open(allocator).with("t", frame)) {
                assertThatThrownBy(() -> {
                            try (ArrowReader rows = sql.query("SELECT moment FROM t")) {
                                rows.loadNextBatch();
                            }
                        })
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                        .hasMessageContaining(
                                "'moment' holds a time that is no whole microsecond, as DuckDB's are: found"
                                        + " -1001 ns in row 1");
                column.setSafe(1, -1000);
                assertThat(rows(sql.query("SELECT epoch_us(moment) FROM t"))).containsExactly("-2", "-1", "null");
            }
        }
    }
}
