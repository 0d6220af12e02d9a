package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Writing into {@code key=value} directories. */
@ExtendWith(SparkCheck.class)
class PartitionByTest {
    @TempDir
    Path directory;

    @Test
    void partitionColumnsBecomeDirectories(SparkSession spark) throws Exception {
        Dataset<Row> rows = spark.range(0, 60, 1, 2)
                .selectExpr(
                        "id",
                        "date_add(date'2026-01-30', cast(id % 3 as int)) day",
                        "element_at(array('a/b', 'K\u00f6ln=%', null, 'plain'), cast(id % 4 as int) + 1) city",
                        "id * 0.5D x");
        String target = directory.resolve("t").toString();
        for (int round = 0; round < 2; round++) {
            rows.write()
                    .format("npz")
                    .partitionBy("day", "city")
                    .mode("overwrite")
                    .save(target);
            Dataset<Row> read = spark.read().format("npz").load(target);
            assertThat(read.schema())
                    .isEqualTo(new StructType()
                            .add("id", "long")
                            .add("x", "double")
                            .add("day", "date")
                            .add("city", "string"));
            assertThat(read.select("id", "day", "city", "x").orderBy("id").collectAsList())
                    .isEqualTo(rows.orderBy("id").collectAsList());
            assertThat(read.filter("day = date'2026-01-31' and city is null").count())
                    .isEqualTo(5);
        }
        Path one = directory.resolve("t/day=2026-02-01/city=a%2Fb");
        assertThat(one).isDirectory();
        // Files hold the other columns alone, and hardly ever more than one from each task.
        assertThat(WriteTest.coresValues(one)).hasSize(5).contains(List.of(8L, 4.0));
        assertThat(WriteTest.files(one)).hasSizeLessThanOrEqualTo(2);
        assertThat(directory.resolve("t/day=2026-02-01/city=__HIVE_DEFAULT_PARTITION__"))
                .isDirectory();
    }

    @Test
    void explainShowsTheColumnsReadAndTheDirectoriesLeft(SparkSession spark) {
        spark.range(0, 30, 1, 1)
                .selectExpr("id", "id * 0.5D x", "id % 3 p")
                .write()
                .format("npz")
                .partitionBy("p")
                .mode("append")
                .save(directory.toString());
        spark.read().format("npz").load(directory.toString()).createOrReplaceTempView("npz_explained");
        assertThat(spark.sql("explain select sum(x) from npz_explained where p >= 1 and id > 5")
                        .head()
                        .getString(0))
                .contains("npz " + directory + ": columns id, x; 2 of 3 files, where [")
                .contains("GreaterThanOrEqual(p,1)");
        assertThat(spark.sql("explain select id from npz_explained").head().getString(0))
                .contains(": columns id")
                .doesNotContain(" files, where ");
    }

    @Test
    void packsWithinPartitionDirectories(SparkSession spark) {
        Dataset<Row> events = spark.range(0, 4000, 1, 3)
                .selectExpr("id % 3 day", "id % 50 trip", "pmod(id * 7919, 4000) ts", "id * 0.5D x");
        List<Row> expected = events.groupBy("day", "trip")
                .agg(functions
                        .sort_array(functions.collect_list(functions.struct("ts", "x")))
                        .as("l"))
                .selectExpr("trip", "l.ts", "l.x", "cast(day as int) day")
                .orderBy("day", "trip")
                .collectAsList();
        for (Map<String, String> options : Effort.some(
                1,
                List.of(Map.<String, String>of(), Map.of("packForm", "sorted"), Map.of("maxBytesInMemory", "20000")))) {
            String target =
                    directory.resolve("t" + options.size() + options.keySet()).toString();
            events.write()
                    .format("npz")
                    .option("packBy", "trip")
                    .option("orderBy", "ts")
                    .options(options)
                    .partitionBy("day")
                    .mode("append")
                    .save(target);
            assertThat(Plain.rows(spark.read()
                            .format("npz")
                            .load(target)
                            .orderBy("day", "trip")
                            .collectAsList()))
                    .as(options.toString())
                    .isEqualTo(Plain.rows(expected));
        }
    }

    @Test
    void refusesColumnsThatCannotBeDirectories(SparkSession spark) {
        Dataset<Row> rows = spark.range(5).selectExpr("id", "id * 0.5D x", "'' empty");
        String target = directory.toString();
        assertThatThrownBy(() -> rows.write()
                        .format("npz")
                        .partitionBy("x")
                        .mode("append")
                        .save(target))
                .hasStackTraceContaining("column x of type double cannot be a directory");
        assertThatThrownBy(() -> rows.select("id")
                        .write()
                        .format("npz")
                        .partitionBy("id")
                        .mode("append")
                        .save(target))
                .hasStackTraceContaining("nothing is left for the files");
        assertThatThrownBy(() -> rows.write()
                        .format("npz")
                        .partitionBy("id")
                        .option("packBy", "id")
                        .mode("append")
                        .save(target))
                .hasStackTraceContaining("column id is named twice");
        assertThat(directory).isEmptyDirectory();
        // An empty text has no directory of its own; it is read as null, as with Spark's own files.
        rows.write().format("npz").partitionBy("empty").mode("append").save(target);
        assertThat(spark.read()
                        .format("npz")
                        .load(target)
                        .filter("empty is null")
                        .count())
                .isEqualTo(5);
    }

    @Test
    void givenTypesOfPartitionColumnsAreTheirs(SparkSession spark) {
        Dataset<Row> rows = spark.range(6)
                .selectExpr(
                        "id",
                        "cast(id as tinyint) t",
                        "cast(id as smallint) s",
                        "id % 2 = 0 b",
                        "cast(id as string) u");
        String target = directory.toString();
        rows.write()
                .format("npz")
                .partitionBy("t", "s", "b", "u")
                .mode("append")
                .save(target);
        Dataset<Row> read = spark.read().format("npz").schema(rows.schema()).load(target);
        assertThat(read.orderBy("id").collectAsList())
                .isEqualTo(rows.orderBy("id").collectAsList());
        assertThat(read.filter("b and s > 1S and t < 4Y and u = '2'").count()).isEqualTo(1);
        assertThat(spark.read().format("npz").load(target).schema().apply("b").dataType())
                .isEqualTo(DataTypes.StringType);
        StructType dates = new StructType().add("id", "long").add("u", "date");
        assertThatThrownBy(() ->
                        spark.read().format("npz").schema(dates).load(target).collect())
                .hasStackTraceContaining("its directory states no value of the given schema")
                .hasStackTraceContaining("u date");
    }
}
