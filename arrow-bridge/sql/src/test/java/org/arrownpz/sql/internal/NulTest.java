package org.arrownpz.sql.internal;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NUL in texts and in names, and long names, which are C strings between DuckDB and Java. */
@ExtendWith(LeakCheck.class)
class NulTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibraries() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        Database.open(0).close();
    }

    private static VarCharVector texts(String name, BufferAllocator allocator, String... values) {
        VarCharVector texts = new VarCharVector(name, allocator);
        for (int i = 0; i < values.length; i++) {
            texts.setSafe(i, values[i].getBytes(StandardCharsets.UTF_8));
        }
        texts.setValueCount(values.length);
        return texts;
    }

    private static BigIntVector number(String name, long value, BufferAllocator allocator) {
        BigIntVector number = new BigIntVector(name, allocator);
        number.setSafe(0, value);
        number.setValueCount(1);
        return number;
    }

    /** Three columns, of which the first two have one name up to the NUL. */
    private static VectorSchemaRoot clashing(BufferAllocator allocator) {
        return new VectorSchemaRoot(List.of(
                (FieldVector) number("a\0b", 1, allocator), number("a\0c", 2, allocator), number("d", 3, allocator)));
    }

    @Test
    void keepsNulInTexts(BufferAllocator allocator) throws IOException {
        String longer = "text beyond twelve bytes\0and on\0";
        try (VectorSchemaRoot root = new VectorSchemaRoot(
                        List.of((FieldVector) texts("v", allocator, "a\0b", "a\0c", "\0", longer)));
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame)) {
            assertThat(rows(sql.query("SELECT v FROM t"))).containsExactly("a\0b", "a\0c", "\0", longer);
            assertThat(rows(sql.query("SELECT v, length(v) FROM t WHERE v = 'a' || chr(0) || 'c'")))
                    .containsExactly("a\0c,3");
            assertThat(rows(sql.query("SELECT count(DISTINCT v) FROM t GROUP BY ALL")))
                    .containsExactly("4");
        }
    }

    @Test
    void refusesColumnsWithNulInTheirNamesAndReadsTheOthers(BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = clashing(allocator);
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame)) {
            assertThatThrownBy(() -> sql.query("SELECT * FROM t"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "DuckDB cannot take these columns: a\\u0000b (a NUL in its name), a\\u0000c (a NUL in its"
                                    + " name). Select the others");
            assertThat(rows(sql.query("SELECT d FROM t"))).containsExactly("3");
            assertThat(rows(sql.query("SELECT count(*) FROM t"))).containsExactly("1");
            assertThatThrownBy(() -> sql.query("SELECT a FROM t")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> sql.schema("SELECT * FROM t")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> sql.query("SUMMARIZE t")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.npz", "a.feather"})
    void refusesThemInFilesToo(String name, BufferAllocator allocator) throws IOException {
        Path file = directory.resolve(name);
        try (VectorSchemaRoot root = clashing(allocator);
                Frame frame = Frame.of(root)) {
            if (name.endsWith("npz")) {
                Frames.write(frame, file, WriteOptions.defaults());
            } else {
                Ipc.write(frame, file, IpcOptions.defaults());
            }
        }
        try (Sql sql = Sql.open(allocator).with("t", file)) {
            assertThatThrownBy(() -> sql.query("SELECT * FROM t"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a\\u0000b (a NUL in its name)");
            assertThat(rows(sql.query("SELECT d FROM t"))).containsExactly("3");
            assertThat(rows(sql.query("SELECT count(*) FROM t"))).containsExactly("1");
        }
    }

    @Test
    void refusesNulInTheNamesOfParts(BufferAllocator allocator) {
        try (StructVector struct = StructVector.empty("s", allocator)) {
            struct.addOrGet("p\0q", FieldType.nullable(new ArrowType.Int(32, true)), IntVector.class);
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of((FieldVector) struct)));
                    Sql sql = Sql.open(allocator).with("t", frame)) {
                assertThatThrownBy(() -> sql.query("SELECT * FROM t"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("s.p\\u0000q (a NUL in its name)");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PIVOT (SELECT 'a' || chr(0) || 'b' AS k, 1 AS v) ON k USING sum(v)",
                "PIVOT (VALUES ('a' || chr(0) || 'b', 1), ('a' || chr(0) || 'c', 2)) t(k, v) ON k USING sum(v)",
                "SELECT json_transform('{\"a\\u0000b\":1}', '{\"a\\u0000b\":\"INTEGER\"}') AS s",
                "SELECT [json_transform('{\"a\\u0000b\":1}', '{\"a\\u0000b\":\"INTEGER\"}')] AS s",
            })
    void refusesResultsWithNulInTheirNames(String statement, BufferAllocator allocator) {
        try (Sql sql = Sql.open(allocator)) {
            assertThatThrownBy(() -> sql.query(statement).close())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has a NUL in its name, or in that of a part");
            assertThatThrownBy(() -> sql.schema(statement)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void takesQuotesInNamesForWhatTheyAre(BufferAllocator allocator) throws IOException {
        try (Sql sql = Sql.open(allocator)) {
            assertThat(rows(sql.query(
                            "SELECT {'it''s \"x\"': 1, 'y \"': 'a'::ENUM('a', 'b\"c', 'd''e')} AS \"q\"\"z'\"")))
                    .singleElement()
                    .asString()
                    .contains("it's");
        }
    }

    @ParameterizedTest(name = "B9: a name of {0} bytes")
    @ValueSource(ints = {32_766, 32_767, 65_536, 130_000})
    void refusesNamesThatAreTooLongForResults(int bytes, BufferAllocator allocator) throws IOException {
        String name = "ä".repeat(bytes / 2) + "x".repeat(bytes % 2);
        for (String statement : List.of("SELECT 1 AS \"" + name + '"', "SELECT [{'" + name + "': 1}] AS parts")) {
            try (Sql sql = Sql.open(allocator)) {
                if (bytes < Short.MAX_VALUE) {
                    assertThat(rows(sql.query(statement))).hasSize(1);
                } else {
                    assertThatThrownBy(() -> sql.query(statement).close())
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("give it another name");
                    assertThatThrownBy(() -> sql.schema(statement)).isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
    }
}
