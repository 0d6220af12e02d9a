package org.arrownpz.sql.internal;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.SparseArrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements read the columns that they need, and no others. */
@ExtendWith(LeakCheck.class)
class PruningTest {
    private static final int ROWS = 1000;

    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibraries() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        org.apache.arrow.dataset.jni.JniLoader.get().ensureLoaded();
        Database.open(0).close();
    }

    private static VectorSchemaRoot root(BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        BigIntVector twice = new BigIntVector("twice", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        VarCharVector text = new VarCharVector("text", allocator);
        for (int i = 0; i < ROWS; i++) {
            key.setSafe(i, i);
            twice.setSafe(i, 2L * i);
            name.setSafe(i, ("n" + i).getBytes(StandardCharsets.UTF_8));
            text.setSafe(i, ("t" + i % 10).getBytes(StandardCharsets.UTF_8));
        }
        List<FieldVector> vectors = List.of(key, twice, name, text);
        vectors.forEach(vector -> vector.setValueCount(ROWS));
        return new VectorSchemaRoot(vectors);
    }

    /** A file whose column "text" fails to decode: whoever reads it, knows. */
    private Path fileWithBrokenText(boolean indexed, BufferAllocator allocator) throws IOException {
        Path file = directory.resolve("a.npz");
        long at;
        try (VectorSchemaRoot root = root(allocator);
                Frame frame = indexed ? Frame.of(root).withIndex("key") : Frame.of(root)) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
        try (NpzFile npz = NpzFile.open(allocator, file)) {
            String last = null;
            for (String name : npz.names()) {
                if (name.startsWith("__blocks_")) {
                    last = name;
                }
            }
            at = npz.payloadOffset(last) + npz.entry(last).size() - Integer.BYTES;
        }
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt((int) at, 0x7FFF_FFFF);
        Files.write(file, bytes);
        return file;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT sum(twice) FROM 'FILE' | 999000",
                "SELECT count(*) FROM 'FILE' | 1000",
                "SELECT count(DISTINCT name) FROM (SELECT * FROM 'FILE') | 1000",
                "SELECT twice FROM (SELECT key, twice, text FROM 'FILE') WHERE key = 7 | 14",
                "WITH x AS (SELECT * FROM 'FILE') SELECT count(*) FROM x a JOIN x b USING (key) | 1000",
                "SELECT count(*) FROM 'FILE' a JOIN 'FILE' b ON a.key = b.twice | 500",
                "SELECT max(name) FROM T WHERE exists(FROM t AS u WHERE u.key = t.twice) | n99",
                "FROM t SELECT count(twice) | 1000",
            })
    void leavesOtherColumnsOfAnNpzFileUnread(String statement, String expected, BufferAllocator allocator)
            throws IOException {
        for (boolean indexed : List.of(false, true)) {
            Path file = fileWithBrokenText(indexed, allocator);
            try (Sql sql = Sql.open(allocator).allow(directory).with("t", file)) {
                assertThat(rows(sql.query(statement.replace("FILE", file.toString()))))
                        .containsExactly(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT text FROM t",
                "SELECT * FROM t",
                "SELECT t FROM t",
                "SELECT key FROM t ORDER BY text",
                "SELECT count(*) FROM t WHERE text > 'a'",
                "FROM t",
            })
    void readsColumnsThatAreUsedInAnyWay(String statement, BufferAllocator allocator) throws IOException {
        Path file = fileWithBrokenText(false, allocator);
        try (Sql sql = Sql.open(allocator).with("t", file)) {
            assertThatThrownBy(() -> rows(sql.query(statement))).isInstanceOf(NpzException.class);
        }
    }

    @Test
    void leavesOtherColumnsOfAPlainArchiveUnread(BufferAllocator allocator) throws IOException {
        Path file = directory.resolve("plain.npz");
        try (VectorSchemaRoot root = root(allocator);
                Frame frame = Frame.of(root)) {
            Frames.write(frame, file, WriteOptions.defaults().withForm(org.arrownpz.WriteOptions.ArchiveForm.ARRAYS));
        }
        try (Table table = FileTable.of(allocator, file, null, ReadLimits.defaults())) {
            assertThat(table.fields()).extracting(Field::getName).containsExactly("key", "twice", "name", "text");
            long before = allocator.getAllocatedMemory();
            try (ArrowReader rows = table.read(Set.of("key", "twice"))) {
                assertThat(rows.getVectorSchemaRoot().getSchema().getFields())
                        .extracting(Field::getName)
                        .containsExactly("key", "twice");
                // Numbers are views: nothing of the texts was decoded.
                assertThat(allocator.getAllocatedMemory() - before).isLessThan(ROWS);
            }
        }
    }

    @Test
    void leavesOtherColumnsOfAParquetFileUnread(BufferAllocator allocator) throws IOException {
        Path file = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = root(allocator);
                Frame frame = Frame.of(root)) {
            Parquet.write(frame, file, ParquetOptions.defaults());
        }
        try (Table table = FileTable.of(allocator, file, null, ReadLimits.defaults());
                ArrowReader rows = table.read(Set.of("twice"))) {
            assertThat(rows.getVectorSchemaRoot().getSchema().getFields())
                    .extracting(Field::getName)
                    .containsExactly("twice");
        }
        try (Sql sql = Sql.open(allocator).with("p", file)) {
            assertThat(rows(sql.query("SELECT count(*), sum(twice) FROM p"))).containsExactly("1000,999000");
        }
    }

    @Test
    void plansWithPartsOfStructsAndNamesThatLookLikeThem(BufferAllocator allocator) throws Exception {
        Field part = Field.nullable("p", new ArrowType.Int(64, true));
        Field struct = new Field("s", FieldType.nullable(new ArrowType.Struct()), List.of(part));
        Field dotted = Field.nullable("s.p", new ArrowType.Int(64, true));
        Field odd = Field.nullable("two\nlines", new ArrowType.Int(64, true));
        Map<TableName, List<Field>> tables = Map.of(TableName.of("t"), List.of(struct, dotted, odd, part));
        try (Database database = Database.open(0)) {
            Planner planner = new Planner(database, allocator);
            planner.add(tables);
            assertThat(planner.plan("SELECT s.p FROM t", List.of()).columns(TableName.of("t")))
                    .isNotNull()
                    .isSubsetOf("s", "s.p");
            assertThat(planner.plan("SELECT p FROM t", List.of()).columns(TableName.of("t")))
                    .containsExactly("p");
            assertThat(planner.plan("SELECT \"two\nlines\" FROM t", List.of()).columns(TableName.of("t")))
                    .isNull();
            assertThat(planner.plan("SELEC", List.of()).leavesOut()).isFalse();
            assertThat(planner.plan("SELECT 1; SELECT p FROM t", List.of()).leavesOut())
                    .isFalse();
        }
        try (StructVector column = (StructVector) struct.createVector(allocator);
                BigIntVector other = (BigIntVector) dotted.createVector(allocator)) {
            column.allocateNew();
            ((BigIntVector) column.getChild("p")).setSafe(0, 5);
            column.setIndexDefined(0);
            column.setValueCount(1);
            other.setSafe(0, 6);
            other.setValueCount(1);
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of(column, other)));
                    Sql sql = Sql.open(allocator).with("t", frame)) {
                assertThat(rows(sql.query("SELECT s.p FROM t"))).containsExactly("5");
                assertThat(rows(sql.query("SELECT \"s.p\" FROM t"))).containsExactly("6");
            }
        }
    }

    @Test
    void readsEverythingWhereAPlanIsWrong(BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = root(allocator);
                Frame frame = Frame.of(root);
                Sql sql = Sql.open(allocator).with("t", frame)) {
            // Columns that come from values.
            assertThat(rows(sql.query("SELECT count(*) FROM (PIVOT t ON text USING sum(twice) GROUP BY key)")))
                    .containsExactly("1000");
            assertThat(rows(sql.query("SELECT count(*) FROM (DESCRIBE t)"))).containsExactly("4");
        }
    }

    @Test
    void usesColumnsBesideSomeThatDuckDbHasNoTypeFor(BufferAllocator allocator) throws IOException {
        Field wide = Field.nullable("wide", new ArrowType.Decimal(70, 2, 256));
        try (FieldVector column = wide.createVector(allocator);
                BigIntVector key = new BigIntVector("key", allocator)) {
            column.allocateNew();
            column.setValueCount(1);
            key.setSafe(0, 5);
            key.setValueCount(1);
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of(column, key)));
                    Sql sql = Sql.open(allocator).with("t", frame)) {
                assertThat(rows(sql.query("SELECT key FROM t"))).containsExactly("5");
                assertThatThrownBy(() -> sql.query("SELECT wide FROM t"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("wide");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"d.npz", "d.feather", "d.arrows", "d.parquet"})
    void knowsTheTypesBehindDictionaries(String name, BufferAllocator allocator) throws IOException {
        Path file = directory.resolve(name);
        DictionaryEncoding encoding = new DictionaryEncoding(7, false, new ArrowType.Int(8, true));
        try (VarCharVector words = new VarCharVector("words", allocator);
                TinyIntVector column =
                        new TinyIntVector("d", new FieldType(true, new ArrowType.Int(8, true), encoding), allocator)) {
            words.setSafe(0, "zero".getBytes(StandardCharsets.UTF_8));
            words.setSafe(1, "one".getBytes(StandardCharsets.UTF_8));
            words.setValueCount(2);
            column.setSafe(0, 1);
            column.setSafe(1, 0);
            column.setValueCount(2);
            DictionaryProvider.MapDictionaryProvider provider =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(words, encoding));
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of((FieldVector) column)), provider)) {
                if (name.endsWith("npz")) {
                    Frames.write(frame, file, WriteOptions.defaults());
                } else if (name.endsWith("parquet")) {
                    Parquet.write(frame, file, ParquetOptions.defaults());
                } else {
                    Ipc.write(frame, file, IpcOptions.defaults());
                }
            }
        }
        try (Table table = FileTable.of(allocator, file, null, ReadLimits.defaults())) {
            assertThat(table.fields())
                    .extracting(field -> field.getType().toString())
                    .containsExactly("Utf8");
        }
        try (Sql sql = Sql.open(allocator).with("t", file)) {
            assertThat(rows(sql.query("SELECT d FROM t ORDER BY d"))).containsExactly("one", "zero");
            assertThat(rows(sql.query("SELECT count(*) FROM t a JOIN t b USING (d)")))
                    .containsExactly("2");
        }
    }

    @Test
    void tellsTheSchemaWithoutReadingRows(BufferAllocator allocator) throws IOException {
        Path file = fileWithBrokenText(false, allocator);
        try (Sql sql = Sql.open(allocator).with("t", file)) {
            assertThat(sql.schema("SELECT text, key + 1 AS more FROM t").getFields())
                    .extracting(field -> field.getName() + " " + field.getType())
                    .containsExactly("text Utf8", "more Int(64, true)");
            assertThatThrownBy(() -> sql.schema("SELECT nothing FROM t")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void takesNoMoreMemoryThanAllowedAndWritesNoTemporaryFiles(BufferAllocator allocator) {
        try (Sql sql = Sql.open(allocator).withMemoryLimit(16 << 20)) {
            assertThatThrownBy(() -> sql.query("SELECT * FROM range(50000000) ORDER BY range % 1000, range"))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(org.arrownpz.ErrorCode.LIMIT));
            assertThat(Path.of(".tmp")).doesNotExist();
        }
    }

    /** Of 20 GB and of more rows than a root holds, in the memory of some batches of 32 MiB. */
    @ParameterizedTest
    @CsvSource({"20000000, 256", "2147483660, 2"})
    void takesABatchOfARowMajorFile(long rows, int columns, BufferAllocator allocator) throws IOException {
        Path file = SparseArrays.write(
                directory.resolve("big.npy"), Float.BYTES, Shape.of(rows, columns), StorageOrder.C, 1, columns + 1);
        try (Frame frame = Frames.open(allocator, file);
                Sql sql = Sql.open(allocator).allow(directory).with("t", frame)) {
            for (String table : List.of("t", "'" + file + "'")) {
                String columnsOfRows = "SELECT \"1\"::INT + \"0\"::INT FROM " + table + " LIMIT 2";
                assertThat(rows(sql.query(columnsOfRows))).containsExactly("1", String.valueOf(columns + 1));
            }
        }
        assertThat(allocator.getPeakMemoryAllocation()).isLessThan(256 << 20);
    }
}
