package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What options make of a file: the same values in every form, and what DuckDB says of the form. */
@ExtendWith(LeakCheck.class)
class ParquetWritingTest extends ParquetFiles {
    private static final int MANY = Effort.of(100_000, 300_000);

    @ParameterizedTest
    @EnumSource(ParquetOptions.Compression.class)
    void everyCodecKeepsEveryTypeInEveryForm(ParquetOptions.Compression codec, BufferAllocator allocator)
            throws IOException {
        Path path = directory.resolve("a.parquet");
        List<FieldVector> vectors = new ArrayList<>();
        TypeZoo.fields().forEach(field -> vectors.add(TypeZoo.vector(field, 20, allocator)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(TypeZoo.fields()), vectors, 20)) {
            for (int rows : new int[] {1, 7, 20, 1_000}) {
                ParquetOptions options = OPTIONS.withCompression(codec)
                        .withRowGroupRows(rows)
                        .withDictionary(rows != 7)
                        .withStatistics(rows != 1);
                Parquet.write(root, path, options);
                try (ParquetFile file = Parquet.read(allocator, path)) {
                    for (FieldVector vector : vectors) {
                        assertThat(RandomVectors.values(file.frame().root().getVector(vector.getName())))
                                .as("%s, row groups of %s", vector.getField(), rows)
                                .isEqualTo(RandomVectors.values(vector));
                    }
                }
            }
        }
    }

    @Test
    void halfFloatsKeepEveryBit(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("halves.parquet");
        try (Float2Vector every = new Float2Vector("every", allocator);
                Float2Vector few = new Float2Vector("few", allocator);
                Float2Vector gaps = new Float2Vector("gaps", allocator)) {
            for (int row = 0; row < MANY; row++) {
                every.setSafe(row, (short) row);
                few.setSafe(row, (short) (row * row % 9 - 5));
                if (row % 7 > 0) {
                    gaps.setSafe(row, (short) (row * 31));
                }
            }
            List<FieldVector> columns = List.of(every, few, gaps);
            columns.forEach(column -> column.setValueCount(MANY));
            Parquet.write(new VectorSchemaRoot(columns), path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                for (FieldVector column : columns) {
                    Float2Vector read = (Float2Vector) file.frame().root().getVector(column.getName());
                    int same = 0;
                    for (int row = 0; row < MANY; row++) {
                        boolean none = column.isNull(row);
                        boolean equal = none || read.get(row) == ((Float2Vector) column).get(row);
                        same += none == read.isNull(row) && equal ? 1 : 0;
                    }
                    assertThat(same).as(column.getName()).isEqualTo(MANY);
                }
            }
        }
    }

    @Test
    void zstandardShortensTimesOfWholeSeconds(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("times.parquet");
        try (TimeStampMicroVector times = new TimeStampMicroVector("time", allocator)) {
            for (int row = 0; row < MANY; row++) {
                times.setSafe(row, 1_735_689_600_000_000L + row * 1_000_000L);
            }
            times.setValueCount(MANY);
            Parquet.write(VectorSchemaRoot.of(times), path, OPTIONS.withCompression(ParquetOptions.Compression.ZSTD));
            assertThat(Files.size(path)).isLessThan(3L * MANY);
        }
    }

    /** Columns of several pages, with and without dictionaries, and lists whose rows lie across them. */
    private static VectorSchemaRoot many(BufferAllocator allocator) {
        Random random = new Random(7);
        BigIntVector unique = new BigIntVector("unique", allocator);
        IntVector few = new IntVector("few", allocator);
        BitVector bits = new BitVector("bits", allocator);
        Float8Vector floats = new Float8Vector("floats", allocator);
        VarCharVector words = new VarCharVector("words", allocator);
        VarCharVector texts = new VarCharVector("texts", allocator);
        ListVector lists = ListVector.empty("lists", allocator);
        BigIntVector elements = (BigIntVector) lists.addOrGetVector(FieldType.nullable(new ArrowType.Int(64, true)))
                .getVector();
        List<FieldVector> all = List.of(unique, few, bits, floats, words, texts, lists);
        int element = 0;
        for (int row = 0; row < MANY; row++) {
            unique.setSafe(row, row * 1_000_003L);
            floats.setSafe(row, random.nextInt(200_000) / 8.0);
            words.setSafe(row, ("word" + random.nextInt(50)).getBytes(StandardCharsets.US_ASCII));
            texts.setSafe(row, ("text " + random.nextLong()).getBytes(StandardCharsets.US_ASCII));
            if (random.nextInt(5) > 0) {
                few.setSafe(row, random.nextInt(9));
                bits.setSafe(row, random.nextInt(2));
            }
            if (random.nextInt(7) > 0) {
                int length = row == 1_000 ? 200_000 : random.nextInt(4);
                lists.startNewValue(row);
                for (int i = 0; i < length; i++, element++) {
                    if (random.nextInt(9) > 0) {
                        elements.setSafe(element, random.nextInt(1 << random.nextInt(20)));
                    } else {
                        elements.setNull(element);
                    }
                }
                lists.endValue(row, length);
            }
        }
        elements.setValueCount(element);
        all.forEach(vector -> vector.setValueCount(MANY));
        return new VectorSchemaRoot(all);
    }

    @Test
    void everyReaderReadsEveryFormEqual(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = many(allocator)) {
            List<Path> files = new ArrayList<>();
            for (ParquetOptions.Compression codec : ParquetOptions.Compression.values()) {
                ParquetOptions options = OPTIONS.withCompression(codec);
                files.add(write(root, codec + ".parquet", options));
                files.add(write(root, codec + "-groups.parquet", options.withRowGroupRows(70_001)));
                files.add(write(root, codec + "-plain.parquet", options.withDictionary(false)));
            }
            for (Path file : Effort.some(2, files)) {
                try (ParquetFile read = Parquet.read(allocator, file)) {
                    assertThat(RandomVectors.values(read.frame()
                                            .root()
                                            .getFieldVectors()
                                            .toArray(FieldVector[]::new))
                                    .equals(RandomVectors.values(
                                            root.getFieldVectors().toArray(FieldVector[]::new))))
                            .as("%s", file)
                            .isTrue();
                }
                assertThat(duck("SELECT count(*) FROM (FROM '%s' EXCEPT ALL FROM '%s')".formatted(files.get(0), file)))
                        .as("%s", file)
                        .isEqualTo("0");
            }
            String sums = "SELECT sum(\"unique\")::VARCHAR FROM '%s'".formatted(files.get(1));
            assertThat(duck(sums)).isEqualTo(String.valueOf((long) MANY * (MANY - 1) / 2 * 1_000_003L));
            String clients = System.getenv("ARROW_NPZ_CLIENTS");
            Assumptions.assumeTrue(clients != null && !clients.isEmpty(), "no clients");
            Path truth = directory.resolve("truth.feather");
            Ipc.write(root, truth, IpcOptions.defaults());
            Python.check(directory, clients, "-c", """
                    import glob, polars, pyarrow.feather, pyarrow.parquet
                    truth = pyarrow.feather.read_table('truth.feather')
                    same = polars.read_ipc('truth.feather', memory_map=False)
                    for name in sorted(glob.glob('*.parquet')):
                        read = pyarrow.parquet.read_table(name)
                        assert read.cast(truth.schema).equals(truth), name
                        assert polars.read_parquet(name).equals(same), name
                    """);
        }
    }

    private Path write(VectorSchemaRoot root, String name, ParquetOptions options) throws IOException {
        Path file = directory.resolve(name);
        Parquet.write(root, file, options);
        return file;
    }

    /** Three-level lists, "element", UTF8, adjusted times only where there is a zone, decimals as such. */
    @Test
    void schemasAreOfTheShapeThatWarehousesLoad(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("a.parquet");
        Field text = Field.nullable("item", new ArrowType.Utf8());
        List<Field> fields = List.of(
                Field.nullable("key", new ArrowType.Int(64, true)),
                new Field("texts", FieldType.nullable(new ArrowType.List()), List.of(text)),
                Field.nullable("at", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
                Field.nullable("local", new ArrowType.Timestamp(TimeUnit.MILLISECOND, null)),
                Field.nullable("price", new ArrowType.Decimal(12, 2, 128)),
                Field.nullable("day", new ArrowType.Date(DateUnit.DAY)),
                Field.nullable("raw", new ArrowType.Binary()));
        List<FieldVector> vectors = new ArrayList<>();
        fields.forEach(field -> vectors.add(TypeZoo.vector(field, 3, allocator)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields), vectors, 3)) {
            Parquet.write(root, path, OPTIONS);
        }
        String shape = """
                SELECT string_agg(concat_ws(' ', name, type, type_length, repetition_type, num_children, converted_type,
                  logical_type), '
                ') FROM parquet_schema('%s')
                """;
        assertThat(duck(shape.formatted(path)).lines())
                .containsExactly(
                        "schema REQUIRED 7",
                        "key INT64 OPTIONAL",
                        "texts OPTIONAL 1 LIST ListType()",
                        "list REPEATED 1",
                        "element BYTE_ARRAY OPTIONAL UTF8 StringType()",
                        "at INT64 OPTIONAL TIMESTAMP_MICROS TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>,"
                                + " MICROS=MicroSeconds(), NANOS=<null>))",
                        "local INT64 OPTIONAL TimestampType(isAdjustedToUTC=0, unit=TimeUnit(MILLIS=MilliSeconds(),"
                                + " MICROS=<null>, NANOS=<null>))",
                        "price FIXED_LEN_BYTE_ARRAY 6 OPTIONAL DECIMAL DecimalType(scale=2, precision=12)",
                        "day INT32 OPTIONAL DATE DateType()",
                        "raw BYTE_ARRAY OPTIONAL");
    }

    @Test
    void rowGroupsTellTheirLimitsAndNulls(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("a.parquet");
        IntVector numbers = new IntVector("numbers", allocator);
        UInt4Vector unsigned = new UInt4Vector("unsigned", allocator);
        Float8Vector floats = new Float8Vector("floats", allocator);
        DecimalVector decimals = new DecimalVector("decimals", allocator, 5, 2);
        VarCharVector texts = new VarCharVector("texts", allocator);
        for (int row = 0; row < 4; row++) {
            numbers.setSafe(row, row - 2);
            unsigned.setSafe(row, row == 0 ? -1 : row);
            floats.setSafe(row, row == 3 ? Double.NaN : row);
            decimals.setSafe(row, new BigDecimal(row - 2).setScale(2));
        }
        texts.setSafe(1, "é".getBytes(StandardCharsets.UTF_8));
        texts.setSafe(2, "z".getBytes(StandardCharsets.UTF_8));
        List<FieldVector> vectors = List.of(numbers, unsigned, floats, decimals, texts);
        vectors.forEach(vector -> vector.setValueCount(4));
        String limits = """
                SELECT string_agg(concat_ws(' ', path_in_schema, stats_min_value, stats_max_value, stats_null_count), '; ')
                FROM parquet_metadata('%s')
                """;
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
            for (boolean dictionary : new boolean[] {true, false}) {
                Parquet.write(root, path, OPTIONS.withDictionary(dictionary));
                assertThat(duck(limits.formatted(path)))
                        .isEqualTo("numbers -2 1 0; unsigned 1 4294967295 0; floats -0.0 2.0 0; "
                                + "decimals -2.00 1.00 0; texts z é 2");
            }
            Parquet.write(root, path, OPTIONS.withStatistics(false));
            assertThat(duck(limits.formatted(path))).isEqualTo("numbers; unsigned; floats; decimals; texts");
        }
    }

    @Test
    void refusesDecimalsThatTheirTypeDoesNotHold(BufferAllocator allocator) {
        DecimalVector decimals = new DecimalVector("decimals", allocator, 2, 0);
        decimals.allocateNew(1);
        decimals.set(0, 1L << 40);
        decimals.setValueCount(1);
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(decimals))) {
            assertThatThrownBy(() -> Parquet.write(root, directory.resolve("a.parquet"), OPTIONS))
                    .hasMessageContaining("VALUE")
                    .hasMessageContaining("decimals");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void optionsRefuseWhatCannotBe() {
        assertThatThrownBy(() -> OPTIONS.withRowGroupRows(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withZstd(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withZstd(23)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Their open pages would take more than 32 MiB together. */
    @Test
    void wideTablesKeepValuesWhosePagesEndWithABatch(BufferAllocator allocator) throws IOException {
        int batch = 1 << 14;
        int columns = 300;
        Path path = directory.resolve("wide.parquet");
        List<FieldVector> vectors = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            IntVector vector = new IntVector("c" + column, allocator);
            vector.allocateNew(2 * batch);
            for (int row = 0; row < 2 * batch; row++) {
                vector.set(row, wide(column, row, batch));
            }
            vector.setValueCount(2 * batch);
            vectors.add(vector);
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                Frame frame = Frame.of(root);
                ArrowReader batches = frame.interchangeReader(batch)) {
            Parquet.write(batches, path, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, path)) {
            for (int column = 0; column < columns; column++) {
                IntVector vector = (IntVector) file.frame().root().getVector("c" + column);
                assertThat(vector.getValueCount()).isEqualTo(2 * batch);
                for (int row = 0; row < 2 * batch; row++) {
                    if (vector.get(row) != wide(column, row, batch)) {
                        throw new AssertionError("column " + column + ", row " + row + ": " + vector.get(row));
                    }
                }
            }
        }
    }

    /** Few values, all different ones, or first these and then those. */
    private static int wide(int column, int row, int batch) {
        boolean few = column % 3 == 0 || column % 3 == 2 && row >= batch;
        return few ? row % 7 : row * 31 + column;
    }
}
