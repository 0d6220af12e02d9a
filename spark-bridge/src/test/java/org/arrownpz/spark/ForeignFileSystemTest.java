package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.spark.internal.write.Output;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not on the local disk. */
@ExtendWith(SparkCheck.class)
class ForeignFileSystemTest {
    private static final int ROWS = Effort.of(100_000, 400_000);

    @TempDir
    Path directory;

    private Path archive(String name, int rows, String... columns) throws Exception {
        return RandomNumpy.archive(directory.resolve(name), rows, columns);
    }

    private static DataFrameReader reader(SparkSession spark) {
        return spark.read().format("npz");
    }

    @Test
    void foreignFileSystemsAreReadByRanges(SparkSession spark) throws Exception {
        Path file = archive("1.npz", ROWS, "x:<i8", "y:<f8", "z:<f8");
        String remote = "counted://" + directory;
        if (SparkCheck.lacksHadoop()) {
            assertThatThrownBy(() -> FileSystem.get(
                            URI.create(remote), spark.sparkContext().hadoopConfiguration()))
                    .hasMessageContaining("getSubject is not supported");
            return;
        }
        // What options or the session say of a file system counts, for drivers and executors.
        assertThatThrownBy(() -> reader(spark).load(remote)).hasMessageContaining("No FileSystem for scheme");
        Dataset<Row> byOption = reader(spark)
                .option("fs.counted.impl", CountedFileSystem.class.getName())
                .option("fs.counted.impl.disable.cache", true)
                .load(remote);
        assertThat(byOption.filter("x is not null").count()).isEqualTo(ROWS);
        spark.conf().set("fs.counted.impl", CountedFileSystem.class.getName());
        try {
            readsWritesAndPacks(spark, file, remote);
            aTaskThatOutlivesItsJobLeavesNothing(spark, remote);
        } finally {
            spark.conf().unset("fs.counted.impl");
        }
    }

    private void readsWritesAndPacks(SparkSession spark, Path file, String remote) throws Exception {
        long expected = reader(spark)
                .load(file.toString())
                .selectExpr("sum(x % 1000)")
                .head()
                .getLong(0);
        CountedFileSystem.BYTES.set(0);
        assertThat(reader(spark).load(remote).selectExpr("sum(x % 1000)").head().getLong(0))
                .isEqualTo(expected);
        // One column of three, and headers in blocks.
        assertThat(CountedFileSystem.BYTES.get()).isBetween(8L * ROWS, Math.max(12L * ROWS, 1_800_000));
        // Writing and packing there, and reading it.
        String target = remote + "/out";
        reader(spark)
                .load(remote + "/1.npz")
                .selectExpr("x % 10 k", "y")
                .write()
                .format("npz")
                .option("packBy", "k")
                .mode("overwrite")
                .save(target);
        assertThat(reader(spark).load(target).selectExpr("sum(size(y))").head().getLong(0))
                .isEqualTo(ROWS);
        assertThat(reader(spark).option("unpack", true).load(target).count()).isEqualTo(ROWS);
        // Directories for the values of a column, there too.
        String parted = remote + "/parted";
        reader(spark)
                .load(remote + "/1.npz")
                .selectExpr("x", "if(x > 0, 'a:b', 'c') sign")
                .write()
                .format("npz")
                .partitionBy("sign")
                .mode("overwrite")
                .save(parted);
        assertThat(reader(spark)
                        .load(parted)
                        .filter("sign = 'a:b'")
                        .selectExpr("min(x) > 0")
                        .head()
                        .getBoolean(0))
                .isTrue();
        assertThat(reader(spark).load(parted).count()).isEqualTo(ROWS);
        // One of the directories again, and what a killed driver left.
        Path left = Files.createDirectories(directory.resolve("parted/_temporary-killed"));
        Files.writeString(left.resolve("part-1.npz"), "data");
        Files.writeString(left.resolve("_lease"), "another-host");
        Files.setLastModifiedTime(
                left.resolve("_lease"), FileTime.from(Instant.now().minusSeconds(3600)));
        reader(spark)
                .load(parted)
                .filter("sign = 'c'")
                .limit(10)
                .write()
                .format("npz")
                .partitionBy("sign")
                .option("partitionOverwriteMode", "dynamic")
                .mode("overwrite")
                .save(parted);
        assertThat(reader(spark).load(parted).filter("sign = 'c'").count()).isEqualTo(10);
        assertThat(reader(spark).load(parted).count()).isGreaterThan(10);
        assertThat(left).doesNotExist();
        Files.write(directory.resolve("bad.npz"), new byte[100]);
        assertThatThrownBy(() -> reader(spark).load(remote + "/bad.npz"))
                .hasMessageContaining("counted://" + directory + "/bad.npz");
        assertThat(CountedFileSystem.OPEN).hasValue(0);
    }

    private void aTaskThatOutlivesItsJobLeavesNothing(SparkSession spark, String remote) {
        Configuration configuration = spark.sessionState().newHadoopConf();
        Output late = new Output(
                URI.create(remote + "/_temporary-gone"),
                false,
                "part",
                new AtomicInteger(),
                configuration,
                NpzOptions.of(Map.of()));
        try (VectorSchemaRoot rows = VectorSchemaRoot.of()) {
            assertThatThrownBy(() -> late.write(rows)).hasMessageContaining("the job has ended");
        }
        assertThat(directory.resolve("_temporary-gone")).doesNotExist();
    }
}
