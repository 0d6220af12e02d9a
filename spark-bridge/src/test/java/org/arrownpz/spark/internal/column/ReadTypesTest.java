package org.arrownpz.spark.internal.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.spark.Plain;
import org.arrownpz.spark.RandomNumpy;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Spark shows the values that core reads, for every type of {@code docs/types.md}. */
@ExtendWith(SparkCheck.class)
public class ReadTypesTest {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private static final int ROWS = 100;

    @TempDir
    Path directory;

    static void assertShowsCoresValues(SparkSession spark, Path file, Map<String, String> options) throws Exception {
        List<Row> rows = spark.read()
                .format("npz")
                .options(options)
                .load(file.toString())
                .collectAsList();
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, file)) {
            VectorSchemaRoot root = frame.root();
            assertThat(rows).hasSize(root.getRowCount()).isNotEmpty();
            for (int column = 0; column < root.getFieldVectors().size(); column++) {
                FieldVector vector = root.getVector(column);
                List<@Nullable Object> expected = new ArrayList<>();
                List<@Nullable Object> shown = new ArrayList<>();
                for (int row = 0; row < root.getRowCount(); row++) {
                    expected.add(Plain.of(vector, row, frame.dictionaries()));
                    shown.add(Plain.of(rows.get(row).get(column)));
                }
                assertThat(shown).as(vector.getField().toString()).isEqualTo(expected);
            }
        }
    }

    /** The dtypes that the document lists. */
    static Map<String, DType> documentedTypes() throws Exception {
        Map<String, DType> types = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "types.md"));
        int start = lines.indexOf("## NumPy to Arrow");
        for (String line : lines.subList(start, lines.indexOf("## Arrow to NPZ"))) {
            if (line.startsWith("| `")) {
                Matcher dtype = Pattern.compile("`([^`]+)`").matcher(line.split(" \\| ", 2)[0]);
                while (dtype.find()) {
                    String descr = dtype.group(1).replace("\\|", "|");
                    types.put("c" + types.size(), RandomNumpy.dtype(descr));
                    if (descr.startsWith("<")) {
                        types.put("c" + types.size(), RandomNumpy.dtype(">" + descr.substring(1)));
                    }
                }
            }
        }
        assertThat(types).hasSizeGreaterThan(80);
        return types;
    }

    @Test
    void showsEveryDocumentedDtypeOfPlainArchives(SparkSession spark) throws Exception {
        Path file = directory.resolve("all.npz");
        new RandomNumpy(1).write(file, documentedTypes(), Shape.of(50), StorageOrder.C);
        // Batches of 16 rows: four windows, the last one short.
        assertShowsCoresValues(spark, file, Map.of("batchRows", "16"));
        assertShowsCoresValues(spark, file, Map.of("mapping", "copy"));
    }

    @Test
    void showsRowsOfArraysInBothOrders(SparkSession spark) throws Exception {
        for (StorageOrder order : StorageOrder.values()) {
            Path file = directory.resolve(order + ".npz");
            Map<String, DType> types = new LinkedHashMap<>();
            for (String descr : List.of("<f8", ">i4", "|b1", "<U5", "<M8[ns]", "<c8")) {
                types.put("c" + types.size(), RandomNumpy.dtype(descr));
            }
            new RandomNumpy(2).write(file, types, Shape.of(50, 4, 2), order);
            assertShowsCoresValues(spark, file, Map.of("batchRows", "24"));
        }
    }

    /** A file of every Arrow type, unions and wide decimals too. */
    private Path everyArrowType() throws Exception {
        Path file = directory.resolve("arrow.npz");
        write(file, AllTypes.all());
        return file;
    }

    static void write(Path file, List<Field> fields) throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            RandomVectors random = new RandomVectors(allocator, 5, true);
            RandomVectors withoutNulls = new RandomVectors(allocator, 6, false);
            List<FieldVector> vectors = new ArrayList<>();
            for (Field field : fields) {
                // Keys are never null.
                boolean plain = field.getType() instanceof ArrowType.Map;
                vectors.add(
                        field.getType() instanceof ArrowType.Null
                                ? nulls(field, allocator)
                                : (plain ? withoutNulls : random).vector(field, ROWS));
            }
            vectors.forEach(ReadTypesTest::bringWithinReach);
            try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields), vectors, ROWS)) {
                Frames.write(root, file, FAST);
            }
        }
    }

    // The oldest Arrow that Spark brings does not tell the allocator of these.
    private static NullVector nulls(Field field, BufferAllocator allocator) {
        NullVector vector = new NullVector(field) {
            @Override
            public BufferAllocator getAllocator() {
                return allocator;
            }
        };
        vector.setValueCount(ROWS);
        return vector;
    }

    /** Random bits are times and numbers beyond Spark's; before 1970 is not. */
    public static void bringWithinReach(FieldVector vector) {
        int rows = vector.getValueCount();
        for (int row = 0; row < rows; row++) {
            long value = (row - rows / 2) * 123_456_789L;
            if (vector instanceof TimeStampVector
                    || vector instanceof DurationVector
                    || vector instanceof DateMilliVector) {
                vector.getDataBuffer().setLong(8L * row, value);
            } else if (vector instanceof IntervalDayVector) {
                vector.getDataBuffer().setInt(8L * row, (row - rows / 2) * 2_000_000);
            } else if (vector instanceof DecimalVector) {
                vector.getDataBuffer().setLong(16L * row, value);
                vector.getDataBuffer().setLong(16L * row + 8, value >> 63);
            }
        }
        vector.getChildrenFromFields().forEach(ReadTypesTest::bringWithinReach);
    }

    @Test
    void showsEveryArrowType(SparkSession spark) throws Exception {
        assertShowsCoresValues(spark, everyArrowType(), Map.of("batchRows", "32"));
    }

    @Test
    void unionsAreStructsAndWideDecimalsTextsOrDecimals(SparkSession spark) throws Exception {
        StructType schema =
                spark.read().format("npz").load(everyArrowType().toString()).schema();
        assertThat(schema.apply("sparse union").dataType().catalogString()).isEqualTo("struct<int:int,varchar:string>");
        assertThat(schema.apply("dense union").dataType().catalogString()).isEqualTo("struct<first:int,second:string>");
        assertThat(schema.apply("decimal256").dataType()).isEqualTo(DataTypes.StringType);
        Map<String, String> types = new LinkedHashMap<>();
        types.put("38 2", "decimal(38,2)");
        types.put("10 -3", "decimal(13,0)");
        types.put("38 -1", "string");
        types.put("5 7", "decimal(7,7)");
        types.put("5 38", "decimal(38,38)");
        types.put("5 39", "string");
        types.forEach((arrow, expected) -> {
            String[] digits = arrow.split(" ", -1);
            ArrowType type = new ArrowType.Decimal(Integer.parseInt(digits[0]), Integer.parseInt(digits[1]), 128);
            assertThat(SparkTypes.of(new Field("d", FieldType.nullable(type), List.of()))
                            .catalogString())
                    .as(arrow)
                    .isEqualTo(expected);
        });
    }

    @Test
    void decimalsOfMoreDigitsThanTheirTypeHasAreErrors(SparkSession spark) throws Exception {
        Path file = directory.resolve("digits.npz");
        try (BufferAllocator allocator = new RootAllocator();
                DecimalVector vector = new DecimalVector("d", allocator, 5, 2)) {
            vector.allocateNew(2);
            vector.set(0, new BigDecimal("-123.45"));
            vector.set(1, 1);
            vector.getDataBuffer().setLong(16, 12345);
            vector.getDataBuffer().setLong(24, 1);
            vector.setValueCount(2);
            Frames.write(VectorSchemaRoot.of(vector), file, FAST);
        }
        Dataset<Row> rows = spark.read().format("npz").load(file.toString());
        assertThat(rows.limit(1).head().getDecimal(0)).isEqualTo(new BigDecimal("-123.45"));
        assertThatThrownBy(rows::collect)
                .hasStackTraceContaining("digits.npz: column d: row 1 holds the decimal 184467440737095639.61");
    }

    @Test
    void timesThatSparkDoesNotReachAreErrorsWithFileAndColumn(SparkSession spark) throws Exception {
        Path file = directory.resolve("far.npz");
        DType seconds = RandomNumpy.dtype("<M8[s]");
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(1L << 60)
                .array();
        try (NpzWriter writer = NpzWriter.create(file, FAST)) {
            writer.array(
                    "t.npy",
                    NpyHeaderWriter.numpy(seconds, Shape.of(1), StorageOrder.C),
                    RandomNumpy.content(seconds, Shape.of(1), StorageOrder.C, bytes));
            writer.finish();
        }
        assertThatThrownBy(
                        () -> spark.read().format("npz").load(file.toString()).collect())
                .hasStackTraceContaining("far.npz: column t: row 0 holds the time 1152921504606846976");
    }
}
