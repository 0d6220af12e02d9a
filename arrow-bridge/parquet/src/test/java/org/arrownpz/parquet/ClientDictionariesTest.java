package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.parquet.internal.file.FileDictionaries;
import org.arrownpz.parquet.internal.type.ListRows;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dictionary columns, names and types in files that pandas, Polars, pyarrow and DuckDB wrote. */
@ExtendWith(LeakCheck.class)
class ClientDictionariesTest extends ParquetFiles {
    @Test
    void readsThePandasCategoricalWithItsUnusedCategoriesInOrder(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("pandas_categorical"))) {
            Frame frame = file.frame();
            FieldVector column = frame.root().getVector("c");
            DictionaryEncoding encoding = column.getField().getDictionary();
            assertThat(encoding.isOrdered()).isTrue();
            assertThat(encoding.getIndexType()).isEqualTo(new ArrowType.Int(8, true));
            assertThat(words(frame.dictionaries(), encoding.getId())).containsExactly("y", "x", "z");
            assertThat(values(column, frame.dictionaries())).containsExactly("x", "y", null);
        }
    }

    @Test
    void readsPolarsCategoricalsAndEnumsAlsoInLists(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("polars_categorical"))) {
            Frame frame = file.frame();
            assertThat(values(frame.root().getVector("c"), frame.dictionaries()))
                    .containsExactly("x", null, "y");
            assertThat(values(frame.root().getVector("e"), frame.dictionaries()))
                    .containsExactly("x", null, "y");
            assertThat(values(frame.root().getVector("l"), frame.dictionaries()))
                    .containsExactly(List.of("x"), List.of(), null);
            long id = frame.root().getVector("e").getField().getDictionary().getId();
            assertThat(words(frame.dictionaries(), id)).containsExactly("q", "y", "x");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesAllRowGroupsOneDictionary(boolean whole, BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("row_groups"))) {
            List<Object> values = new ArrayList<>();
            List<Object> parts = new ArrayList<>();
            if (whole) {
                Frame frame = file.frame();
                values.addAll(values(frame.root().getVector("c"), frame.dictionaries()));
                parts.addAll(values(frame.root().getVector("s"), frame.dictionaries()));
            } else {
                ArrowReader reader = file.reader();
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                long id = batch.getVector("c").getField().getDictionary().getId();
                assertThat(words(reader, id)).containsExactly("a", "b", "x");
                while (reader.loadNextBatch()) {
                    values.addAll(values(batch.getVector("c"), reader));
                    parts.addAll(values(batch.getVector("s"), reader));
                    assertThat(words(reader, id)).containsExactly("a", "b", "x");
                }
            }
            assertThat(values).containsExactly("a", "b", "x", "b", null);
            assertThat(parts).containsExactly(List.of("a"), List.of("b"), List.of("x"), List.of("b"), nullPart());
        }
    }

    private static List<Object> nullPart() {
        List<Object> part = new ArrayList<>();
        part.add(null);
        return part;
    }

    @ParameterizedTest
    @ValueSource(strings = {"row_groups", "nested", "index_widths", "too_many_for_int8"})
    void writesWhatItReadAsNpz(String name, BufferAllocator allocator) throws IOException {
        Path first = directory.resolve("frame.npz");
        Path second = directory.resolve("batches.npz");
        try (ParquetFile file = Parquet.read(allocator, resource(name))) {
            Frames.write(file.frame(), first, WriteOptions.defaults());
        }
        try (ParquetFile file = Parquet.read(allocator, resource(name))) {
            Frames.write(file.reader(), second, WriteOptions.defaults());
        }
        try (Frame one = Frames.open(allocator, first);
                Frame other = Frames.open(allocator, second)) {
            assertThat(other.schema()).isEqualTo(one.schema());
            for (FieldVector column : one.root().getFieldVectors()) {
                assertThat(values(other.root().getVector(column.getName()), other.dictionaries()))
                        .as(column.getName())
                        .isEqualTo(values(column, one.dictionaries()));
            }
        }
    }

    @Test
    void readsAnEmptyFileWithAnEmptyDictionary(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("no_rows"))) {
            Frame frame = file.frame();
            FieldVector column = frame.root().getVector("c");
            assertThat(frame.rowCount()).isZero();
            assertThat(words(
                            frame.dictionaries(),
                            column.getField().getDictionary().getId()))
                    .isEmpty();
        }
    }

    @Test
    void widensIndicesThatCannotCountTheEntriesOfAllRowGroups(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("too_many_for_int8"))) {
            Frame frame = file.frame();
            FieldVector column = frame.root().getVector("c");
            assertThat(column.getField().getType()).isEqualTo(new ArrowType.Int(32, true));
            List<String> expected = IntStream.range(0, 200)
                    .mapToObj(i -> i / 100 + "-" + i % 100)
                    .toList();
            assertThat(values(column, frame.dictionaries())).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"s,[y],[z]", "l,[y],[z]", "f,[y],[z]", "m,[[k|y]],[[k2|z]]", "k,[[y|k]],[[z|k2]]", "b,a,"})
    void readsDictionariesInsideOtherTypesAsTheFileDeclaresThem(
            String name, String first, String second, BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("nested"), name)) {
            Frame frame = file.frame();
            FieldVector column = frame.root().getVector(name);
            assertThat(FileDictionaries.isEncoded(frame.schema().getFields().get(0)))
                    .isTrue();
            assertThat(values(column, frame.dictionaries()).stream()
                            .map(value ->
                                    value == null ? null : value.toString().replace(", ", "|"))
                            .toList())
                    .containsExactly(first, second);
        }
    }

    @Test
    void keepsTheWidthOfTheIndices(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("index_widths"))) {
            Frame frame = file.frame();
            for (FieldVector column : frame.root().getFieldVectors()) {
                ArrowType.Int type = (ArrowType.Int) column.getField().getType();
                assertThat((type.getIsSigned() ? "int" : "uint") + type.getBitWidth())
                        .isEqualTo(column.getName());
                assertThat(values(column, frame.dictionaries())).containsExactly("a", null);
            }
        }
    }

    @Test
    void restoresWhatTheArrowSchemaSaysAndTheNativeReaderDoesNot(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("declared"))) {
            Schema schema = file.schema();
            assertThat(schema.findField("m")
                            .getChildren()
                            .get(0)
                            .getChildren()
                            .get(1)
                            .getType())
                    .isEqualTo(new ArrowType.Duration(TimeUnit.MILLISECOND));
            assertThat(schema.findField("z")
                            .getChildren()
                            .get(0)
                            .getChildren()
                            .get(1)
                            .getType())
                    .isEqualTo(new ArrowType.Timestamp(TimeUnit.MILLISECOND, "Europe/Berlin"));
            assertThat(schema.findField("v").getType()).isEqualTo(new ArrowType.Utf8View());
            assertThat(schema.findField("l").getType()).isEqualTo(new ArrowType.ListView());
            assertThat(schema.findField("u").getMetadata()).containsEntry("ARROW:extension:name", "arrow.uuid");
            Frame frame = file.frame();
            assertThat(values(frame.root().getVector("m"), frame.dictionaries()))
                    .containsExactly(List.of(List.of("k", "PT0.005S")), List.of());
            assertThat(values(frame.root().getVector("v"), frame.dictionaries()))
                    .containsExactly("text", null);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fixed_list_with_null|c c|[[null], [a], null, [日本]]",
                "lists_in_fixed_list|b|[null]",
                "fixed_lists|f|[[1, 2], null, [3, 4]]",
                "fixed_lists|l|[[[1, 2], null], [], null]",
                "fixed_lists|t|[[1, 2], null, [3, null]]"
            })
    void readsFixedSizeListsThatAreNull(String name, String column, String expected, BufferAllocator allocator)
            throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource(name), column)) {
            Frame frame = file.frame();
            assertThat(frame.schema().getFields().toString()).contains("FixedSizeList");
            assertThat(values(frame.root().getVector(column), frame.dictionaries()))
                    .hasToString(expected);
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(file -> file.startsWith("." + name + ".parquet"));
        }
    }

    @Test
    void readsUuidsOfFilesWithoutAnArrowSchemaAndWritesThemAsSuch(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("again.parquet");
        try (ParquetFile file = Parquet.read(allocator, resource("duckdb_uuid"), "l", "u")) {
            List<Field> fields = file.schema().getFields();
            assertThat(fields.get(1).getMetadata()).containsEntry("ARROW:extension:name", "arrow.uuid");
            assertThat(fields.get(0).getChildren().get(0).getMetadata())
                    .containsEntry("ARROW:extension:name", "arrow.uuid");
            Parquet.write(file.frame(), path, OPTIONS);
        }
        assertThat(typesInDuckDb(path)).containsExactly("UUID[]", "UUID");
    }

    @Test
    void writesTimesThatAreNotInUtc(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("again.parquet");
        List<FieldVector> times = List.of(
                new TimeMilliVector("a", allocator),
                new TimeMicroVector("b", allocator),
                new TimeSecVector("d", allocator));
        times.forEach(time -> {
            ((BaseFixedWidthVector) time).allocateNew(1);
            time.setValueCount(1);
        });
        try (VectorSchemaRoot root = new VectorSchemaRoot(times)) {
            Parquet.write(root, path, OPTIONS);
        }
        assertThat(typesInDuckDb(path)).containsExactly("TIME", "TIME", "TIME");
        try (ParquetFile file = Parquet.read(allocator, path)) {
            assertThat(file.schema().getFields().get(2).getType()).isEqualTo(new ArrowType.Time(TimeUnit.SECOND, 32));
        }
    }

    private static List<String> typesInDuckDb(Path path) {
        List<String> types = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM '" + path + "'")) {
            while (columns.next()) {
                types.add(columns.getString("column_type"));
            }
            return types;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void selectsColumnsWhoseNamesNativeCodeSpellsInAnotherWay(BufferAllocator allocator) throws IOException {
        try (ParquetFile file = Parquet.read(allocator, resource("names"), "é😀", "a\0c")) {
            assertThat(file.frame().columnNames()).containsExactly("é😀", "a\0c");
            assertThat(file.frame().root().getVector(1).getObject(0)).isEqualTo(2L);
        }
    }

    private static List<Object> words(DictionaryProvider dictionaries, long id) {
        return values(dictionaries.lookup(id).getVector(), dictionaries);
    }

    /** Values with dictionaries looked up, lists and structs as lists. */
    private static List<Object> values(FieldVector vector, DictionaryProvider dictionaries) {
        List<Object> values = new ArrayList<>();
        for (int row = 0; row < vector.getValueCount(); row++) {
            values.add(value(vector, row, dictionaries));
        }
        return values;
    }

    private static Object value(FieldVector vector, int row, DictionaryProvider dictionaries) {
        if (vector.isNull(row)) {
            return null;
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            FieldVector entries = dictionaries.lookup(encoding.getId()).getVector();
            return value(entries, (int) ((BaseIntVector) vector).getValueAsLong(row), dictionaries);
        }
        List<FieldVector> children = vector.getChildrenFromFields();
        if (children.isEmpty()) {
            Object value = vector.getObject(row);
            return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value.toString();
        }
        List<Object> values = new ArrayList<>();
        ListRows rows = vector.getField().getType() instanceof ArrowType.Struct ? null : ListRows.of(vector);
        if (rows == null && !(vector instanceof ListVector || vector instanceof FixedSizeListVector)) {
            children.forEach(child -> values.add(value(child, row, dictionaries)));
            return values;
        }
        for (int i = 0; i < Objects.requireNonNull(rows).length(row); i++) {
            values.add(value(children.get(0), rows.start(row) + i, dictionaries));
        }
        return values;
    }

    private Path resource(String name) throws IOException {
        Path path = directory.resolve(name + ".parquet");
        try (InputStream in = Objects.requireNonNull(
                ClientDictionariesTest.class.getResourceAsStream("/parquet/" + name + ".parquet"))) {
            Files.write(path, in.readAllBytes());
        }
        return path;
    }
}
