package org.arrownpz.sql;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.fidelity.Meaning;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.internal.SqlText;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class SqlTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibraries() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        org.apache.arrow.dataset.jni.JniLoader.get().ensureLoaded();
        Sql.open(new org.apache.arrow.memory.RootAllocator()).close();
    }

    private static VectorSchemaRoot root(int rows, BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        Float2Vector half = new Float2Vector("half", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        FieldType bool8 = new FieldType(
                true,
                new ArrowType.Int(8, true),
                null,
                Map.of("ARROW:extension:name", "arrow.bool8", "ARROW:extension:metadata", ""));
        TinyIntVector flag = new TinyIntVector("flag", bool8, allocator);
        for (int i = 0; i < rows; i++) {
            key.setSafe(i, i);
            half.setSafeWithPossibleTruncate(i, i * 0.5f);
            flag.setSafe(i, i % 2);
            if (i % 4 != 1) {
                name.setSafe(i, ("n" + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        List<FieldVector> vectors = List.of(key, half, name, flag);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors);
    }

    @Test
    void queriesFramesByName(BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = root(10, allocator);
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame).with("other", frame)) {
            assertThat(rows(sql.query("SELECT count(name), sum(half), typeof(any_value(flag)) FROM t")))
                    .containsExactly("7,22.5,BOOLEAN");
            assertThat(rows(sql.query("select T.key from T where key > 7"))).containsExactly("8", "9");
            assertThat(rows(sql.query("select * from t limit 1"))).containsExactly("0,0.0,n0,false");
            assertThat(rows(sql.query("select 1"))).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM t a JOIN t b USING (key)",
                "WITH x AS (SELECT * FROM 'FILE') SELECT count(*) FROM x a JOIN x b USING (key)",
                "SELECT count(*) FROM 'FILE' JOIN 'FILE' AS b USING (key)",
                "SELECT count(*) FROM 'FILE' a, 'FILE' b WHERE a.key = b.key",
                "SELECT count(*) FROM t, 'FILE' f WHERE t.key = f.key",
            })
    void joinsATableWithItself(String statement, BufferAllocator allocator) throws IOException {
        Path file = directory.resolve("it's.npz");
        try (VectorSchemaRoot root = root(1000, allocator);
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame).allow(directory)) {
            Frames.write(frame, file, WriteOptions.defaults());
            String text = statement.replace("FILE", file.toString().replace("'", "''"));
            assertThat(rows(sql.query(text))).containsExactly("1000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.npz", "a.feather", "a.arrows", "a.parquet"})
    void readsFilesAndWritesResults(String name, BufferAllocator allocator) throws IOException {
        Path file = directory.resolve(name);
        Path out = directory.resolve("out.npz");
        try (VectorSchemaRoot root = root(100, allocator);
                Frame frame = Frame.of(root).withIndex("key")) {
            if (name.endsWith("npz")) {
                Frames.write(frame, file, WriteOptions.defaults());
            } else if (name.endsWith("parquet")) {
                Parquet.write(frame, file, ParquetOptions.defaults());
            } else {
                Ipc.write(frame, file, IpcOptions.defaults());
            }
        }
        try (Sql sql = Sql.open(allocator).allow(file);
                ArrowReader result = sql.query("SELECT a.key * 2 AS twice, name FROM '" + file + "' ORDER BY 1")) {
            Frames.write(result, out, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, out)) {
            assertThat(frame.columnNames()).containsExactly("twice", "name");
            assertThat(frame.root().getVector("twice").getObject(99)).isEqualTo(198L);
        }
    }

    @Test
    void readsOnlyWhatIsAllowed(BufferAllocator allocator) throws IOException {
        Path inside = Files.createDirectory(directory.resolve("in"));
        Path secret = directory.resolve("secret.npz");
        try (VectorSchemaRoot root = root(3, allocator);
                Frame frame = Frame.of(root)) {
            Frames.write(frame, secret, WriteOptions.defaults());
        }
        Files.createSymbolicLink(inside.resolve("link.npz"), secret);
        try (Sql sql = Sql.open(allocator).allow(inside)) {
            for (String path : List.of(secret.toString(), inside + "/../secret.npz", inside + "/link.npz")) {
                assertThatThrownBy(() -> sql.query("FROM '" + path + "'"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("may not read");
            }
            assertThatThrownBy(() -> sql.query("FROM '" + inside + "/none.npz'"))
                    .isInstanceOf(NpzException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_text('/etc/passwd')",
                "COPY (SELECT 1) TO 'x.csv'",
                "SET enable_external_access = true",
                "INSTALL httpfs",
                "ATTACH 'x.db'",
                "SELECT * FROM '/etc/passwd'",
                "SELEC 1",
                "SELECT * FROM nowhere",
            })
    void refusesStatementsThatReachOutOrAreWrong(String statement, BufferAllocator allocator) {
        try (Sql sql = Sql.open(allocator).allow(directory)) {
            assertThatThrownBy(() -> sql.query(statement)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesColumnsThatDuckDbHasNoTypeFor(BufferAllocator allocator) {
        Field wide = Field.nullable("wide", new ArrowType.Decimal(70, 2, 256));
        try (FieldVector column = wide.createVector(allocator);
                Frame frame = Frame.of(new VectorSchemaRoot(List.of(column)));
                Sql sql = Sql.open(allocator).with("t", frame)) {
            assertThatThrownBy(() -> sql.query("SELECT * FROM t"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("wide (Decimal(70, 2, 256))");
        }
    }

    @Test
    void readsEveryTypeOrNamesIt(BufferAllocator allocator) throws IOException {
        Set<String> refused = new TreeSet<>();
        for (Field field : TypeZoo.fields()) {
            try (FieldVector column = TypeZoo.vector(field, 8, allocator);
                    Frame frame = Frame.of(new VectorSchemaRoot(List.of(column)));
                    Sql sql = Sql.open(allocator).with("t", frame)) {
                String name = SqlText.quote(field.getName());
                int nulls = column instanceof RunEndEncodedVector ? 3 : column.getNullCount();
                try {
                    assertThat(rows(sql.query("SELECT count(*) - count(" + name + ") FROM t")))
                            .as(name)
                            .containsExactly(String.valueOf(nulls));
                } catch (IllegalArgumentException | NpzException e) {
                    assertThat(e).hasMessageContaining(field.getName());
                    refused.add(field.getName());
                }
            }
        }
        assertThat(refused)
                .containsExactlyInAnyOrder(
                        "decimal256",
                        "decimal256 short",
                        "decimal negative scale",
                        "duration ns",
                        "fixed list of nothing",
                        "struct of nothing");
    }

    /** DuckDB, given views, reads as many texts as their lengths add up to: four of seven here. */
    @ParameterizedTest
    @ValueSource(strings = {"large list view", "list view"})
    void keepsElementsOfListViewsInAnyOrder(String name, BufferAllocator allocator) throws IOException {
        Field item = Field.nullable("item", new ArrowType.Utf8());
        ArrowType type = name.equals("list view") ? new ArrowType.ListView() : new ArrowType.LargeListView();
        Field field = new Field(name, FieldType.nullable(type), List.of(item));
        try (FieldVector column = TypeZoo.vector(field, 12, allocator);
                Frame frame = Frame.of(new VectorSchemaRoot(List.of(column)));
                Sql sql = Sql.open(allocator).with("t", frame);
                ArrowReader rows = sql.query("SELECT * FROM t")) {
            assertThat(rows.loadNextBatch()).isTrue();
            assertThat(Meaning.of(rows.getVectorSchemaRoot().getVector(0), rows))
                    .isEqualTo(Meaning.of(column, rows))
                    .contains(List.of("text w\u00f6rt-xxxxx37"));
        }
    }

    @Test
    void endsAQueryThatAnotherThreadCancels(BufferAllocator allocator) throws InterruptedException {
        AtomicReference<Throwable> end = new AtomicReference<>();
        try (Sql sql = Sql.open(allocator)) {
            Thread query = new Thread(() -> {
                try (ArrowReader rows =
                        sql.query("SELECT sum(sin(a.range * b.range)) FROM range(1000000000) a, range(1000000000) b")) {
                    rows.loadNextBatch();
                } catch (Throwable e) {
                    end.set(e);
                }
            });
            query.start();
            // It would take days. Wherever it is when it is cancelled, it ends.
            while (query.isAlive()) {
                sql.cancel();
                query.join(20);
            }
            assertThat(end.get()).isInstanceOf(CancellationException.class);
            assertThatThrownBy(() -> sql.query("SELECT 1")).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void keepsDaysAndMillisecondsOfIntervals(BufferAllocator allocator) throws IOException {
        try (IntervalDayVector column = new IntervalDayVector("i", allocator)) {
            column.setSafe(0, 3, 4005);
            column.setValueCount(1);
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of((FieldVector) column)));
                    Sql sql = Sql.open(allocator).with("t", frame)) {
                assertThat(rows(sql.query("SELECT i = INTERVAL 3 DAY + INTERVAL 4005 MILLISECOND FROM t")))
                        .containsExactly("true");
            }
        }
    }

    @Test
    void cancelEndsAResultBetweenItsBatches(BufferAllocator allocator) throws IOException {
        try (Sql sql = Sql.open(allocator);
                ArrowReader rows = sql.query("FROM range(1000000000)")) {
            assertThat(rows.loadNextBatch()).isTrue();
            sql.cancel();
            assertThatThrownBy(rows::loadNextBatch).isInstanceOf(CancellationException.class);
        }
    }
}
