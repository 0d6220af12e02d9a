package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that differ in their columns, and writes that would make them so. */
@ExtendWith(SparkCheck.class)
class DriftTest {
    @TempDir
    Path directory;

    private SparkSession spark;
    private String target;

    @BeforeEach
    void start(SparkSession session) {
        spark = session;
        target = directory.resolve("t").toString();
    }

    private DataFrameReader reader() {
        return spark.read().format("npz");
    }

    private DataFrameWriter<Row> rows(String columns) {
        return spark.sql("select " + columns).write().format("npz").mode("append");
    }

    @Test
    void aGivenSchemaReadsFilesThatDriftElsewhere() throws Exception {
        RandomNumpy.archive(directory.resolve("1.npz"), 10, "i:<i8", "a:<f8");
        RandomNumpy.archive(directory.resolve("2.npz"), 20, "a:<i4", "i:<i8", "b:<f8");
        Dataset<Row> ids = reader().schema("i bigint").load(directory.toString());
        assertThat(ids.selectExpr("count(i)").head().getLong(0)).isEqualTo(30);
        // The second file has no c, but what may be its old name: nothing is null by mistake.
        assertThatThrownBy(() -> reader().schema("i bigint, c double")
                        .load(directory.toString())
                        .count())
                .hasMessageContaining("1.npz")
                .hasMessageContaining("c double")
                .hasMessageContaining("mergeSchema=true");
        assertThat(reader().schema("i bigint, b double")
                        .option("mergeSchema", true)
                        .load(directory.toString())
                        .selectExpr("count(i)", "count(b)")
                        .head()
                        .toString())
                .isEqualTo("[30,20]");
    }

    @Test
    void appendingOtherTypesIsRefused() {
        rows("1L id, 0.5D x").save(target);
        assertThatThrownBy(() -> rows("'one' id, 0.5D x").save(target))
                .hasStackTraceContaining("META_SCHEMA")
                .hasStackTraceContaining("expected id bigint but found id string");
        assertThatThrownBy(() -> rows("1L id, array(0.5D) x").save(target))
                .hasStackTraceContaining("found x array<double>");
        // Packing makes arrays.
        assertThatThrownBy(() -> rows("1L id, 0.5D x").option("packBy", "id").save(target))
                .hasStackTraceContaining("found x array<double>");
        // The order of columns is no difference.
        rows("0.75D x, 2L id").save(target);
        assertThat(reader().load(target).selectExpr("sum(id)", "sum(x)").head().toString())
                .isEqualTo("[3,1.25]");
        // Overwriting replaces what was there, whatever it was.
        rows("'one' id").mode("overwrite").save(target);
        assertThat(reader().load(target).head().toString()).isEqualTo("[one]");
    }

    @Test
    void appendingOtherColumnsIsRefusedUnlessSchemasAreMerged() {
        rows("1L id, 0.5D x").save(target);
        assertThatThrownBy(() -> rows("1L id").save(target))
                .hasStackTraceContaining("x double")
                .hasStackTraceContaining("mergeSchema=true");
        assertThatThrownBy(() -> rows("1L id, 0.5D x, 3 y").save(target)).hasStackTraceContaining("y int");
        rows("2L id, 3 y").option("mergeSchema", true).save(target);
        assertThatThrownBy(
                        () -> rows("2L id, 'z' y").option("mergeSchema", true).save(target))
                .hasStackTraceContaining("found y string");
        assertThat(reader().option("mergeSchema", true)
                        .load(target)
                        .selectExpr("sum(id)", "sum(x)", "sum(y)")
                        .head()
                        .toString())
                .isEqualTo("[3,0.5,3]");
    }

    @Test
    void appendingToOtherDirectoriesIsRefused() {
        rows("1L id, 2 p, 3 q").partitionBy("p").save(target);
        assertThatThrownBy(() -> rows("1L id, 2 p, 3 q").save(target)).hasStackTraceContaining("its directories state");
        assertThatThrownBy(() -> rows("1L id, 2 p, 3 q").partitionBy("p", "q").save(target))
                .hasStackTraceContaining("its directories state");
        assertThatThrownBy(() -> rows("1L id, 2 p, 3 q")
                        .partitionBy("q")
                        .option("partitionOverwriteMode", "dynamic")
                        .mode("overwrite")
                        .save(target))
                .hasStackTraceContaining("its directories state");
        rows("1L id, 5 p, 3 q").partitionBy("p").save(target);
        assertThat(reader().load(target).selectExpr("sum(p)").head().getLong(0)).isEqualTo(7);
    }
}
