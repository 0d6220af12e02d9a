package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.Durability;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Spark shows the values that core reads, for every type of {@code FORMAT_COVERAGE.md}. */
@ExtendWith(SparkCheck.class)
class ReadTypesTest {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    private static void assertShowsCoresValues(SparkSession spark, Path file, Map<String, String> options)
            throws Exception {
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
    private static Map<String, DType> documentedTypes() throws Exception {
        Map<String, DType> types = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("..", "FORMAT_COVERAGE.md"))) {
            if (line.startsWith("| `") && line.contains("` | 1-d")) {
                String descr = line.substring(3, line.indexOf("` |")).replace("\\|", "|");
                types.put("c" + types.size(), RandomNumpy.dtype(descr));
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

    @Test
    void showsEveryArrowTypeThatSparkCanHold(SparkSession spark) throws Exception {
        Path file = directory.resolve("arrow.npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            List<Field> fields = new ArrayList<>(AllTypes.all());
            // The random decimals have more than 38 digits, and the maps null entries; WriteTest has others.
            List<String> elsewhere = List.of("sparse union", "dense union", "decimal128", "decimal256", "map");
            fields.removeIf(field -> elsewhere.contains(field.getName()));
            RandomVectors random = new RandomVectors(allocator, 5, true);
            List<FieldVector> vectors = new ArrayList<>();
            fields.forEach(field -> vectors.add(random.vector(field, 100)));
            for (FieldVector vector : vectors) {
                // Within Spark's reach, before 1970 too.
                if (List.of("date64", "timestamp", "duration").contains(vector.getName())) {
                    for (int row = 0; row < 100; row++) {
                        vector.getDataBuffer().setLong(8L * row, (row - 50) * 123_456_789L);
                    }
                }
                if (vector.getName().equals("interval days")) {
                    for (int row = 0; row < 100; row++) {
                        vector.getDataBuffer().setInt(8L * row, (row - 50) * 2_000_000);
                    }
                }
            }
            try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields), vectors, 100)) {
                Frames.write(root, file, FAST);
            }
        }
        assertShowsCoresValues(spark, file, Map.of("batchRows", "32"));
    }

    @Test
    void refusesTypesThatSparkCannotHoldUnlessToldToLeaveThemOut(SparkSession spark) throws Exception {
        Path file = directory.resolve("union.npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            List<Field> fields = AllTypes.all().stream()
                    .filter(field -> List.of("i4", "sparse union", "dense union", "decimal256")
                            .contains(field.getName()))
                    .toList();
            RandomVectors random = new RandomVectors(allocator, 5, false);
            List<FieldVector> vectors =
                    fields.stream().map(field -> random.vector(field, 10)).toList();
            try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields), vectors, 10)) {
                Frames.write(root, file, FAST);
            }
        }
        assertThatThrownBy(() -> spark.read().format("npz").load(file.toString()))
                .hasMessageContaining("union.npz")
                .hasMessageContaining("Spark has no type for the column decimal256")
                .hasMessageContaining("unsupportedColumns=skip");
        assertThat(spark.read()
                        .format("npz")
                        .option("unsupportedColumns", "skip")
                        .load(file.toString())
                        .columns())
                .containsExactly("i4");
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
