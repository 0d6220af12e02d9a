package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tables at the limits of what Parquet holds: judged by DuckDB, and by Polars and pyarrow where they are. */
@ExtendWith(LeakCheck.class)
class ParquetEdgesTest extends ParquetFiles {
    private static final int MIB = 1 << 20;

    private Path write(VectorSchemaRoot root, DictionaryProvider dictionaries, ParquetOptions options)
            throws Exception {
        Path path = directory.resolve("a.parquet");
        Parquet.write(root, dictionaries, path, options);
        return path;
    }

    private Path write(ParquetOptions options, FieldVector... vectors) throws Exception {
        try (VectorSchemaRoot root = VectorSchemaRoot.of(vectors)) {
            return write(root, new DictionaryProvider.MapDictionaryProvider(), options);
        }
    }

    private static String duck(String query, Path path) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query.formatted(path))) {
            result.next();
            return result.getString(1);
        }
    }

    /** Runs a script that finds the file as {@code name}, where the clients are. */
    private void clients(String script) throws Exception {
        String clients = System.getenv("ARROW_NPZ_CLIENTS");
        if (clients != null && !clients.isEmpty()) {
            String start = "import polars, pyarrow.parquet as pq\nname = 'a.parquet'\n";
            Python.check(directory, clients, "-c", start + script);
        }
    }

    /** 320 texts of 8 MiB are more than a page or an array holds. */
    @Test
    @Tag("soak")
    void longTextsHavePagesOfTheirOwn(BufferAllocator allocator) throws Exception {
        int rows = 320;
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, null);
        FieldType type = new FieldType(true, new ArrowType.Int(32, true), encoding);
        IntVector indices = new IntVector("texts", type, allocator);
        indices.allocateNew(rows);
        for (int row = 0; row < rows; row++) {
            indices.set(row, row % 2);
        }
        indices.setValueCount(rows);
        try (VarCharVector texts = new VarCharVector("values", allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(indices)) {
            texts.setSafe(0, "a".repeat(8 * MIB).getBytes(StandardCharsets.US_ASCII));
            texts.setSafe(1, "b".repeat(8 * MIB).getBytes(StandardCharsets.US_ASCII));
            texts.setValueCount(2);
            DictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider(new Dictionary(texts, encoding));
            Path path = write(root, provider, OPTIONS.withZstd(1).withDictionary(false));
            assertThat(duck("SELECT sum(length(texts))::VARCHAR FROM '%s'", path))
                    .isEqualTo(String.valueOf((long) rows * 8 * MIB));
        }
    }

    /** Nine million elements of a row: a page ends within the row. */
    @Test
    @Tag("nightly")
    void aRowMayBeLongerThanAPage(BufferAllocator allocator) throws Exception {
        int elements = 9_000_000;
        ListVector lists = ListVector.empty("lists", allocator);
        IntVector numbers = lists.<IntVector>addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true)))
                .getVector();
        numbers.allocateNew(elements + 2);
        for (int i = 0; i < elements + 2; i++) {
            numbers.getDataBuffer().setInt(4L * i, i);
        }
        numbers.getValidityBuffer().setOne(0, numbers.getValidityBuffer().capacity());
        numbers.setValueCount(elements + 2);
        int[] lengths = {1, elements, 1};
        for (int row = 0; row < lengths.length; row++) {
            lists.startNewValue(row);
            lists.endValue(row, lengths[row]);
        }
        lists.setValueCount(lengths.length);
        Path path = write(OPTIONS, lists);
        String sum = String.valueOf((long) elements * (elements + 1) / 2);
        assertThat(duck("SELECT list_sum(lists)::VARCHAR FROM '%s' OFFSET 1", path))
                .isEqualTo(sum);
        assertThat(duck("SELECT string_agg(len(lists)) FROM '%s'", path)).isEqualTo("1," + elements + ",1");
        clients("""
                for lists in (pq.read_table(name)['lists'].combine_chunks(), polars.read_parquet(name)['lists'].to_arrow()):
                    assert lists.value_lengths().to_pylist() == [1, 9000000, 1]
                    assert (lists.flatten().to_numpy() == range(9000002)).all()
                """);
    }

    /** Their numbers in the file have sixteen bits. */
    @Test
    @Tag("nightly")
    void aFileMayHaveMoreRowGroupsThanNumbersForThem(BufferAllocator allocator) throws Exception {
        int rows = 33_000;
        BigIntVector numbers = new BigIntVector("numbers", allocator);
        for (int row = 0; row < rows; row++) {
            numbers.setSafe(row, row);
        }
        numbers.setValueCount(rows);
        Path path = write(OPTIONS.withRowGroupRows(1), numbers);
        String sum = String.valueOf((long) rows * (rows - 1) / 2);
        assertThat(duck("SELECT sum(numbers)::VARCHAR FROM '%s'", path)).isEqualTo(sum);
        clients("""
                assert pq.ParquetFile(name).metadata.num_row_groups == 33000
                assert pq.read_table(name)['numbers'].to_pylist() == list(range(33000))
                assert polars.read_parquet(name)['numbers'].to_list() == list(range(33000))
                """);
    }

    /** Few rows whose lists are long do not become one group that fills the memory of all its readers. */
    @Test
    void rowGroupsEndAtSixteenMillionElements(BufferAllocator allocator) throws Exception {
        int rows = 20;
        int length = 1 << 20;
        ListVector lists = ListVector.empty("lists", allocator);
        BitVector bits = lists.<BitVector>addOrGetVector(FieldType.nullable(new ArrowType.Bool()))
                .getVector();
        bits.allocateNew(rows * length);
        bits.getDataBuffer().setZero(0, bits.getDataBuffer().capacity());
        bits.getValidityBuffer().setOne(0, bits.getValidityBuffer().capacity());
        bits.setValueCount(rows * length);
        for (int row = 0; row < rows; row++) {
            lists.startNewValue(row);
            lists.endValue(row, length);
        }
        lists.setValueCount(rows);
        Path path = write(OPTIONS, lists);
        String groups = "SELECT string_agg(DISTINCT row_group_num_rows ORDER BY row_group_num_rows) "
                + "FROM parquet_metadata('%s')";
        assertThat(duck(groups, path)).isEqualTo("10");
        assertThat(duck("SELECT sum(len(lists))::VARCHAR FROM '%s'", path)).isEqualTo(String.valueOf(rows * length));
    }

    private static Field nested(int depth) {
        Field field = Field.nullable("element", new ArrowType.Int(32, true));
        for (int i = 0; i < depth; i++) {
            field = new Field(
                    i == depth - 1 ? "deep" : "element", FieldType.nullable(new ArrowType.List()), List.of(field));
        }
        return field;
    }

    @Test
    void listsLieInListsInLists(BufferAllocator allocator) throws Exception {
        FieldVector deep = new RandomVectors(allocator, 3, true).vector(nested(40), 30);
        List<?> values = RandomVectors.values(deep);
        Path path = write(OPTIONS, deep);
        try (ParquetFile file = Parquet.read(allocator, path)) {
            assertThat(RandomVectors.values(file.frame().root().getVector(0))).isEqualTo(values);
        }
    }

    /** The format leaves NaN out, and has zeros of both signs where there is one (parquet.thrift, ColumnOrder). */
    @Test
    void limitsOfFloatsLeaveOutNanAndTakeZerosOfBothSigns(BufferAllocator allocator) throws Exception {
        Float8Vector nan = new Float8Vector("nan", allocator);
        Float4Vector zero = new Float4Vector("zero", allocator);
        for (int row = 0; row < 2; row++) {
            nan.setSafe(row, Double.longBitsToDouble(0x7FF8000000000123L + row));
            zero.setSafe(row, row == 0 ? 0.0f : Float.NaN);
        }
        List.of(nan, zero).forEach(vector -> vector.setValueCount(2));
        Path path = write(OPTIONS, nan, zero);
        String limits =
                "SELECT string_agg(concat_ws(' ', path_in_schema, stats_min_value, stats_max_value, min_is_exact), "
                        + "'; ') FROM parquet_metadata('%s')";
        assertThat(duck(limits, path)).isEqualTo("nan; zero -0.0 0.0 true");
        try (ParquetFile file = Parquet.read(allocator, path)) {
            Float8Vector read = (Float8Vector) file.frame().root().getVector("nan");
            assertThat(Double.doubleToRawLongBits(read.get(1))).isEqualTo(0x7FF8000000000124L);
        }
    }

    @Test
    void aFileSaysWhoMadeItInTheFormThatReadersParse(BufferAllocator allocator) throws Exception {
        BigIntVector numbers = new BigIntVector("numbers", allocator);
        numbers.setValueCount(0);
        Path path = write(OPTIONS, numbers);
        assertThat(duck("SELECT created_by FROM parquet_file_metadata('%s')", path))
                .matches("arrow-npz version [0-9][^ ]*");
    }
}
