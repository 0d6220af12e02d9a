package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.ReadOptions;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Archives as {@code numpy.savez_compressed} writes them, and checksums: what nobody selects is not looked at. */
@ExtendWith(SparkCheck.class)
class DeflatedTest {
    private static final int ROWS = 20_000;

    @TempDir
    Path directory;

    private static DataFrameReader reader(SparkSession spark) {
        return spark.read().format("npz");
    }

    private Path deflated(Path stored) throws Exception {
        Path file = directory.resolve("deflated.npz");
        try (ZipFile from = new ZipFile(stored.toFile());
                OutputStream bytes = Files.newOutputStream(file);
                ZipOutputStream to = new ZipOutputStream(bytes)) {
            for (Enumeration<? extends ZipEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                to.putNextEntry(new ZipEntry(entry.getName()));
                from.getInputStream(entry).transferTo(to);
            }
        }
        return file;
    }

    /** Overwrites some bytes in the middle of a member. */
    private static void damage(Path file, String member) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile npz = NpzFile.openLazily(allocator, file, ReadOptions.defaults());
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long middle = npz.payloadOffset(member) + npz.entry(member).compressedSize() / 2;
            channel.write(ByteBuffer.wrap(new byte[] {-1, 0, -1, 0, -1, 0, -1, 0}), middle);
        }
    }

    @Test
    void planningReadsHeadersAndTasksInflateTheirColumnsAlone(SparkSession spark) throws Exception {
        Path stored = RandomNumpy.archive(directory.resolve("stored.npz"), ROWS, "x:<i8", "y:<f4", "s:<U5");
        Path file = deflated(stored);
        spark.conf().set("spark.sql.files.openCostInBytes", "1k");
        try {
            Dataset<Row> rows = reader(spark).load(file.toString());
            assertThat(rows.collectAsList())
                    .isEqualTo(reader(spark).load(stored.toString()).collectAsList());
            // Two tasks would inflate everything twice.
            assertThat(rows.rdd().getNumPartitions()).isEqualTo(1);
        } finally {
            spark.conf().unset("spark.sql.files.openCostInBytes");
        }
        damage(file, "y.npy");
        Dataset<Row> rows = reader(spark).load(file.toString());
        assertThat(rows.count()).isEqualTo(ROWS);
        assertThat(rows.selectExpr("count(x)", "count(s)").head().toString()).isEqualTo("[20000,20000]");
        assertThatThrownBy(() -> rows.selectExpr("max(y)").head()).hasStackTraceContaining("deflated.npz!/y.npy");
    }

    @Test
    void headersWithinBrokenStreamsAreNamed(SparkSession spark) throws Exception {
        Path file = deflated(RandomNumpy.archive(directory.resolve("stored.npz"), 10, "x:<i8"));
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile npz = NpzFile.openLazily(allocator, file, ReadOptions.defaults());
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}), npz.payloadOffset("x.npy"));
        }
        assertThatThrownBy(() -> reader(spark).load(file.toString()))
                .hasMessageContaining("deflated.npz!/x.npy")
                .hasMessageContaining("ZIP_DATA");
    }

    @Test
    void checksumsAreComparedForTheColumnsReadAlone(SparkSession spark) throws Exception {
        Path file = RandomNumpy.archive(directory.resolve("stored.npz"), ROWS, "x:<i8", "y:<f4");
        damage(file, "y.npy");
        Dataset<Row> rows = reader(spark).option("verify", "crc").load(file.toString());
        assertThat(rows.selectExpr("count(x)").head().getLong(0)).isEqualTo(ROWS);
        assertThatThrownBy(() -> rows.selectExpr("max(y)").head())
                .hasStackTraceContaining("stored.npz!/y.npy")
                .hasStackTraceContaining("ZIP_CRC");
        assertThat(reader(spark)
                        .load(file.toString())
                        .selectExpr("count(y)")
                        .head()
                        .getLong(0))
                .isEqualTo(ROWS);
    }
}
