package org.arrownpz.sql.internal;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
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

    /** A decimal of 3 digits with the value of another one's 8, in allocator memory. */
    private static DecimalVector tooLong(BufferAllocator allocator) {
        DecimalVector decimals = new DecimalVector("d", allocator, 3, 2);
        decimals.allocateNew(2);
        decimals.set(0, 100);
        decimals.set(1, 99_999_999);
        decimals.setValueCount(2);
        return decimals;
    }

    private static void assertTooLong(String statement, Sql sql) {
        assertThatThrownBy(() -> rows(sql.query(statement)))
                .as(statement)
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                .hasMessageContaining("has more than 3 digits");
    }

    @Test
    @DisplayName("A5: refuses decimals of more digits than their type has")
    void refusesDecimalsOfTooManyDigits(BufferAllocator allocator) throws Exception {
        Path file =
                Path.of(Objects.requireNonNull(EncodingsTest.class.getResource("/sql/decimal_too_many_digits.arrow"))
                        .toURI());
        try (Sql sql = Sql.open(allocator).with("t", file)) {
            assertTooLong("SELECT * FROM t", sql);
            assertTooLong("SELECT sum(v) FROM t WHERE v > 1", sql);
        }
    }

    @Test
    @DisplayName("A5: refuses decimals of too many digits wherever they are")
    void refusesNestedDecimalsOfTooManyDigits(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(7, false, null);
        try (DecimalVector decimals = tooLong(allocator);
                StructVector struct = StructVector.empty("s", allocator);
                FixedSizeListVector list = FixedSizeListVector.empty("l", 2, allocator);
                IntVector indices =
                        new IntVector("i", new FieldType(true, new ArrowType.Int(32, true), encoding), allocator)) {
            DecimalVector member = struct.addOrGet("d", decimals.getField().getFieldType(), DecimalVector.class);
            decimals.makeTransferPair(member).splitAndTransfer(0, 2);
            struct.setIndexDefined(0);
            struct.setIndexDefined(1);
            struct.setValueCount(2);
            DecimalVector items = (DecimalVector)
                    list.addOrGetVector(decimals.getField().getFieldType()).getVector();
            decimals.makeTransferPair(items).splitAndTransfer(0, 2);
            list.setValueCount(1);
            list.setNotNull(0);
            indices.setSafe(0, 0);
            indices.setValueCount(1);
            DictionaryProvider provider =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(decimals, encoding));
            try (Frame structs = Frame.of(VectorSchemaRoot.of(struct));
                    Frame lists = Frame.of(VectorSchemaRoot.of(list));
                    Frame categories = Frame.of(VectorSchemaRoot.of(indices), provider);
                    Sql sql = Sql.open(allocator)
                            .with("s", structs)
                            .with("l", lists)
                            .with("c", categories)) {
                assertTooLong("SELECT s.d FROM s", sql);
                assertTooLong("SELECT l FROM l", sql);
                assertTooLong("SELECT i FROM c", sql);
            }
        }
    }

    @Test
    @DisplayName("A4: names structs with children of one name, of which DuckDB keeps one")
    void namesStructsWithChildrenOfOneName(BufferAllocator allocator) throws IOException {
        for (int rows : new int[] {0, 1}) {
            try (StructVector struct = StructVector.emptyWithDuplicates("s", allocator)) {
                Field member = Field.nullable("a", new ArrowType.Int(32, true));
                struct.initializeChildrenFromFields(List.of(member, member));
                struct.allocateNew();
                struct.setValueCount(rows);
                try (Frame frame = Frame.of(VectorSchemaRoot.of(struct));
                        Sql sql = Sql.open(allocator).with("t", frame)) {
                    assertThatThrownBy(() -> sql.query("SELECT s FROM t"))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("DuckDB cannot take these columns: s (a struct with children of one name)."
                                    + " Select the others");
                }
            }
        }
    }
}
