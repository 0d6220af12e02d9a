package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The hidden column {@code _metadata} and {@code input_file_name()}, as Spark's own sources have them. */
@ExtendWith(SparkCheck.class)
class MetadataTest {
    @TempDir
    Path directory;

    @Test
    void theFileOfEachRowIsTold(SparkSession spark) throws Exception {
        for (int i = 0; i < 2; i++) {
            spark.range(3)
                    .selectExpr("id", i + " p")
                    .coalesce(1)
                    .write()
                    .format("npz")
                    .partitionBy("p")
                    .mode("append")
                    .save(directory.toString());
        }
        Dataset<Row> table = spark.read().format("npz").load(directory.toString());
        assertThat(table.columns()).containsExactly("id", "p");
        Path file;
        try (var files = Files.list(directory.resolve("p=1"))) {
            file = files.findFirst().orElseThrow();
        }
        List<Row> rows = table.where("p = 1 and id = 2")
                .selectExpr(
                        "_metadata.file_path",
                        "_metadata.file_name",
                        "_metadata.file_size",
                        "unix_millis(_metadata.file_modification_time)",
                        "input_file_name()",
                        "id")
                .collectAsList();
        assertThat(rows).hasSize(1);
        Row row = rows.get(0);
        assertThat(row.getString(0))
                .isEqualTo("file://" + file)
                .isEqualTo(row.getString(4).replace("file:///", "file:///"));
        assertThat(row.getString(1)).isEqualTo(file.getFileName().toString());
        assertThat(row.getLong(2)).isEqualTo(Files.size(file));
        assertThat(row.getLong(3)).isEqualTo(Files.getLastModifiedTime(file).toMillis());
        assertThat(row.getLong(5)).isEqualTo(2);
        assertThat(table.selectExpr("_metadata.*").columns())
                .containsExactly(
                        "file_path",
                        "file_name",
                        "file_size",
                        "file_block_start",
                        "file_block_length",
                        "file_modification_time");
        assertThat(table.select("_metadata").distinct().count()).isEqualTo(2);
        assertThat(table.where("_metadata.file_name = '" + file.getFileName() + "'")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void aColumnOfThatNameIsTheFilesOwn(SparkSession spark) {
        spark.range(3)
                .selectExpr("id _metadata")
                .write()
                .format("npz")
                .mode("append")
                .save(directory.toString());
        assertThat(spark.read()
                        .format("npz")
                        .load(directory.toString())
                        .selectExpr("sum(_metadata)")
                        .head()
                        .getLong(0))
                .isEqualTo(3);
    }

    /** A join tells which directories it needs when it runs, if both keys have one type. */
    @Test
    @Tag("nightly")
    void joinsLeaveOutDirectories(SparkSession spark) throws Exception {
        String place = directory.toString();
        spark.range(400)
                .selectExpr("id", "id % 40 p")
                .write()
                .format("npz")
                .partitionBy("p")
                .mode("append")
                .save(place);
        spark.range(40)
                .selectExpr("cast(id as int) q", "id * 10 x")
                .write()
                .format("npz")
                .mode("append")
                .save(place + "-small");
        Dataset<Row> joined = spark.read()
                .format("npz")
                .load(place)
                .join(
                        spark.read().format("npz").load(place + "-small").where("x = 70"),
                        org.apache.spark.sql.functions.expr("p = q"));
        Dataset<Row> sums = joined.selectExpr("sum(id)", "count(*)");
        long[] read = MetricsTest.metrics(
                spark, () -> assertThat(sums.head().toString()).isEqualTo("[1870,10]"));
        // Those of the small table and of one directory of forty, and not all 400.
        assertThat(read[1]).isBetween(50L, 100L);
        assertThat(joined.queryExecution().executedPlan().toString()).contains("dynamicpruning");
    }
}
