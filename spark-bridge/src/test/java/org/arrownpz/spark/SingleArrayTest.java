package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.spark.internal.SparkCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** NPY files. */
@ExtendWith(SparkCheck.class)
class SingleArrayTest {
    @TempDir
    Path directory;

    @Test
    void singleArraysAreTablesAsCoreHasThem(SparkSession spark) throws Exception {
        Map<String, Shape> arrays = new LinkedHashMap<>();
        arrays.put("<f8", Shape.of(100));
        arrays.put("<U5", Shape.of(100));
        arrays.put("<i4", Shape.of(100, 3));
        arrays.put("<M8[ns]", Shape.of(100, 2, 2));
        arrays.put("[('a', '<i4'), ('b', '<U3'), ('c', '<f8', (2,))]", Shape.of(100));
        arrays.put("<i8", Shape.of());
        RandomNumpy random = new RandomNumpy(3);
        for (Map.Entry<String, Shape> array : arrays.entrySet()) {
            DType dtype = RandomNumpy.dtype(array.getKey());
            Shape shape = array.getValue();
            Path file = directory.resolve("one.npy");
            byte[] bytes = random.bytes(dtype, shape.elements());
            Npy.save(file, RandomNumpy.content(dtype, shape, StorageOrder.C, bytes), WriteOptions.defaults());
            List<@Nullable Object> expected = new ArrayList<>();
            String[] names;
            try (BufferAllocator allocator = new RootAllocator();
                    Frame frame = Frames.open(allocator, file)) {
                names = frame.schema().getFields().stream()
                        .map(field -> field.getName())
                        .toArray(String[]::new);
                for (int row = 0; row < frame.rowCount(); row++) {
                    List<@Nullable Object> values = new ArrayList<>();
                    for (FieldVector vector : frame.root().getFieldVectors()) {
                        values.add(Plain.of(vector, row, frame.dictionaries()));
                    }
                    expected.add(values);
                }
            }
            Dataset<Row> rows =
                    spark.read().format("npz").option("batchRows", 32).load(file.toString());
            assertThat(rows.columns()).as(array.getKey()).isEqualTo(names);
            assertThat(Plain.rows(rows.collectAsList())).as(array.getKey()).isEqualTo(expected);
            assertThat(rows.select(names[names.length - 1]).collectAsList()).hasSize(expected.size());
            assertThat(spark.read().format("npz").load(directory.toString()).count())
                    .isEqualTo(expected.size());
        }
        // Beside archives they are left alone unless named.
        random.write(directory.resolve("1.npz"), Map.of("x", RandomNumpy.dtype("<i8")), Shape.of(10), StorageOrder.C);
        assertThat(spark.read().format("npz").load(directory.toString()).columns())
                .containsExactly("x");
        assertThat(spark.read().format("npz").load(directory + "/*.npy").count())
                .isEqualTo(1);
        Files.writeString(directory.resolve("bad.npy"), "no array");
        assertThatThrownBy(() -> spark.read().format("npz").load(directory + "/bad.npy"))
                .hasMessageContaining("bad.npy")
                .hasMessageContaining("MAGIC");
    }

    @Test
    void columnsOfWhichTheFileHoldsNoByteAreBounded(SparkSession spark) throws Exception {
        Path file = directory.resolve("empty.npy");
        zeros(file, Shape.of(0, 300_000));
        assertThat(spark.read().format("npz").load(file.toString()).columns())
                .as("one column of lists, as core has it")
                .containsExactly("0");
    }

    @Test
    void framesMayHaveMoreColumnsWithoutLabelsThanThat(SparkSession spark) throws Exception {
        Path array = directory.resolve("wide.npy");
        zeros(array, Shape.of(1, 5000));
        Path file = directory.resolve("wide.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, array)) {
            Frames.write(frame, file, WriteOptions.defaults().withForm(ArchiveForm.FRAME));
        }
        assertThat(spark.read().format("npz").load(file.toString()).columns()).hasSize(5000);
    }

    @Test
    void archivesMayHoldArraysWithoutDimensions(SparkSession spark) throws Exception {
        RandomNumpy random = new RandomNumpy(4);
        random.write(directory.resolve("1.npz"), Map.of("x", RandomNumpy.dtype("<i8")), Shape.of(), StorageOrder.C);
        List<Row> rows = spark.read().format("npz").load(directory.toString()).collectAsList();
        assertThat(rows).hasSize(1);
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, directory.resolve("1.npz"))) {
            assertThat(rows.get(0).get(0)).isEqualTo(Plain.of(frame.root().getVector("x"), 0, frame.dictionaries()));
        }
    }

    private static void zeros(Path file, Shape shape) throws Exception {
        byte[] bytes = new byte[Math.toIntExact(shape.elements())];
        Npy.save(
                file,
                RandomNumpy.content(RandomNumpy.dtype("|u1"), shape, StorageOrder.C, bytes),
                WriteOptions.defaults());
    }
}
