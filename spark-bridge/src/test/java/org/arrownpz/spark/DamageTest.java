package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what they should be. */
@ExtendWith(SparkCheck.class)
class DamageTest {
    @TempDir
    Path directory;

    private Path archive(String name, int rows, String... columns) throws Exception {
        return RandomNumpy.archive(directory.resolve(name), rows, columns);
    }

    private static DataFrameReader reader(SparkSession spark) {
        return spark.read().format("npz");
    }

    @Test
    void damagedFilesFailByNameOrAreSkipped(SparkSession spark) throws Exception {
        archive("1.npz", 10, "x:<i8");
        Path truncated = archive("2.npz", 20, "x:<i8");
        byte[] bytes = Files.readAllBytes(truncated);
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length - 30));
        assertThatThrownBy(() -> reader(spark).load(directory.toString()))
                .hasMessageContaining("2.npz")
                .hasMessageContaining("ZIP_STRUCTURE");
        Dataset<Row> rest = reader(spark).option("badFiles", "skip").load(directory.toString());
        assertThat(rest.count()).isEqualTo(10);
        assertThat(rest.selectExpr("count(x)").head().getLong(0)).isEqualTo(10);
    }

    @Test
    void damagedValuesFailTheTaskByNameAndOnlyWhereTheyAreRead(SparkSession spark) throws Exception {
        archive("1.npz", 10, "x:<i8", "s:<U5");
        Path file = archive("2.npz", 20, "x:<i8", "s:<U5");
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile npz = NpzFile.open(allocator, file);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long data = npz.payloadOffset("s.npy") + npz.array("s.npy").header().dataOffset();
            channel.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}), data);
        }
        Dataset<Row> rows = reader(spark).load(directory.toString());
        assertThat(rows.selectExpr("count(x)").head().getLong(0)).isEqualTo(30);
        assertThatThrownBy(() -> rows.selectExpr("max(s)").head())
                .hasStackTraceContaining("2.npz!/s.npy")
                .hasStackTraceContaining("NpzException");
        Dataset<Row> rest = reader(spark).option("badFiles", "skip").load(directory.toString());
        assertThat(rest.filter("s is not null").selectExpr("count(s)").head().getLong(0))
                .isEqualTo(10);
        assertThatThrownBy(() -> reader(spark)
                        .option("verify", "crc")
                        .load(file.toString())
                        .selectExpr("max(s)")
                        .head())
                .hasStackTraceContaining("ZIP_CRC");
    }

    @Test
    void filesThatShrinkBetweenPlanningAndReadingAreNamed(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 1000, "x:<i8");
        Dataset<Row> rows = reader(spark).load(file.toString());
        archive("1.npz", 500, "x:<i8");
        assertThatThrownBy(() -> rows.selectExpr("sum(x)").collect())
                .hasStackTraceContaining("1.npz")
                .hasStackTraceContaining("FILE_CHANGED");
    }

    @Test
    void refusesArchivesThatAreNoTable(SparkSession spark) throws Exception {
        Path file = directory.resolve("odd.npz");
        try (NpzWriter writer = NpzWriter.create(file, WriteOptions.defaults())) {
            DType type = RandomNumpy.dtype("<i8");
            for (int rows = 1; rows < 3; rows++) {
                writer.array(
                        "a" + rows + ".npy",
                        NpyHeaderWriter.numpy(type, Shape.of(rows), StorageOrder.C),
                        RandomNumpy.content(type, Shape.of(rows), StorageOrder.C, new byte[8 * rows]));
            }
            writer.finish();
        }
        assertThatThrownBy(() -> reader(spark).load(file.toString()))
                .hasMessageContaining("odd.npz!/a2.npy")
                .hasMessageContaining("FRAME_SHAPE");
        assertThatThrownBy(() -> reader(spark).option("badFiles", "maybe").load(file.toString()))
                .hasMessageContaining("badFiles is fail or skip, not maybe");
    }
}
