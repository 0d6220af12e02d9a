package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkCheck.class)
class FilesTest {
    @TempDir
    Path directory;

    private Path archive(String name, int rows, String... columns) throws Exception {
        return RandomNumpy.archive(directory.resolve(name), rows, columns);
    }

    private static DataFrameReader reader(SparkSession spark) {
        return spark.read().format("npz");
    }

    @Test
    void readsFilesDirectoriesGlobsAndSeveralPaths(SparkSession spark) throws Exception {
        archive("a/1.npz", 10, "x:<i8");
        archive("a/deep/2.npz", 20, "x:<i8");
        archive("b/3.npz", 40, "x:<i8");
        archive("b/_hidden.npz", 80, "x:<i8");
        Files.writeString(directory.resolve("b/notes.txt"), "no archive");
        String root = directory.toString();
        assertThat(reader(spark).load(root).count()).isEqualTo(70);
        assertThat(reader(spark).load(root + "/a/1.npz").count()).isEqualTo(10);
        assertThat(reader(spark).load(root + "/*/3.npz", root + "/a/deep").count())
                .isEqualTo(60);
        assertThat(spark.sql("create or replace temporary view t using npz options (path '" + root + "/a')")
                        .isEmpty())
                .isTrue();
        assertThat(spark.sql("select count(x) from t").head().getLong(0)).isEqualTo(30);
        assertThatThrownBy(() -> reader(spark).load(root + "/c")).hasMessageContaining("there is no file or directory");
        Files.createDirectories(directory.resolve("c"));
        assertThatThrownBy(() -> reader(spark).load(root + "/c")).hasMessageContaining("no NPZ file in");
    }

    @Test
    void partitionDirectoriesBecomeColumnsAndChooseFiles(SparkSession spark) throws Exception {
        archive("day=2026-01-01/city=K%C3%B6ln/1.npz", 10, "x:<i8");
        archive("day=2026-01-02/city=__HIVE_DEFAULT_PARTITION__/2.npz", 20, "x:<i8");
        Path bad = archive("day=2026-01-03/city=7/3.npz", 40, "x:<i8");
        Dataset<Row> all = reader(spark).load(directory.toString());
        assertThat(all.schema())
                .isEqualTo(new StructType().add("x", "long").add("day", "date").add("city", "string"));
        assertThat(all.groupBy("day", "city")
                        .count()
                        .orderBy("day")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[2026-01-01,KÃ¶ln,10], [2026-01-02,null,20], [2026-01-03,7,40]]");
        // A file that the condition excludes is not opened.
        Files.delete(bad);
        assertThat(all.filter("day < '2026-01-03' and x is not null").count()).isEqualTo(30);
        assertThat(all.filter("city is null or day = date'2026-01-01'").count()).isEqualTo(30);
        assertThat(all.filter("city in ('x')").count()).isZero();
        Path odd = archive("4.npz", 1, "x:<i8");
        assertThatThrownBy(() -> reader(spark).load(directory.toString()))
                .hasMessageContaining("its directories state other columns")
                .hasMessageContaining(odd.getParent().toString());
    }

    /** As everywhere else in Spark, zeros are equal whatever their sign. */
    @Test
    void negativeZeroIsZeroInDirectoriesToo(SparkSession spark) throws Exception {
        archive("p=-0.0/1.npz", 10, "x:<i8");
        archive("p=0.0/2.npz", 20, "x:<i8");
        archive("p=0.5/3.npz", 40, "x:<i8");
        Dataset<Row> all = reader(spark).load(directory.toString());
        for (String condition :
                List.of("p = 0", "p = -0D", "p <=> 0D", "p in (0D, 7D)", "p <= 0D and p >= -0D", "p < 0.5D")) {
            assertThat(all.filter(condition).count()).as(condition).isEqualTo(30);
        }
        assertThat(all.filter("p < 0D or p > 0D").count()).isEqualTo(40);
    }

    @Test
    void rowsTellTheirFile(SparkSession spark) throws Exception {
        archive("a b/1.npz", 10, "x:<i8");
        archive("c/2.npz", 20, "x:<i8");
        Dataset<Row> files = reader(spark)
                .load(directory.toString())
                .selectExpr("x", "input_file_name() f")
                .groupBy("f")
                .count()
                .orderBy("f");
        assertThat(files.collectAsList().stream()
                        .map(row -> row.getString(0).replaceAll(".*/(.*/)", "$1") + "=" + row.getLong(1)))
                .containsExactly("a%20b/1.npz=10", "c/2.npz=20");
    }

    @Test
    void countStarIsAnsweredFromHeaders(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 1000, "x:<i8");
        Dataset<Row> count = reader(spark).load(file.toString()).selectExpr("count(*)", "count(1)");
        assertThat(count.head().toString()).isEqualTo("[1000,1000]");
        assertThat(count.queryExecution().executedPlan().toString())
                .contains("npz count(*) from headers: 1000")
                .doesNotContain("Aggregate");
    }

    @Test
    void differingFilesAreRefusedByNameOrMerged(SparkSession spark) throws Exception {
        archive("1.npz", 10, "x:<i8", "y:<f8");
        archive("2.npz", 20, "x:<i8", "z:|b1");
        assertThatThrownBy(() -> reader(spark).load(directory.toString()))
                .hasMessageContaining("2.npz")
                .hasMessageContaining("1.npz")
                .hasMessageContaining("z boolean")
                .hasMessageContaining("mergeSchema=true");
        Dataset<Row> merged = reader(spark).option("mergeSchema", true).load(directory.toString());
        assertThat(merged.columns()).containsExactly("x", "y", "z");
        assertThat(merged.selectExpr("count(x)", "count(y)", "count(z)").head().toString())
                .isEqualTo("[30,10,20]");
        archive("3.npz", 5, "x:<f4");
        assertThatThrownBy(() -> reader(spark).option("mergeSchema", true).load(directory.toString()))
                .hasMessageContaining("3.npz")
                .hasMessageContaining("expected x bigint but found x float");
    }

    @Test
    void namesThatDifferInCaseAloneAreRefusedAsSparkWould(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 10, "m:<i8", "M:<f8");
        assertThatThrownBy(() -> reader(spark).load(file.toString()))
                .hasMessageContaining("1.npz")
                .hasMessageContaining("m, M")
                .hasMessageContaining("spark.sql.caseSensitive");
    }

    @Test
    void givenSchemaMustFit(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 10, "x:<i8", "y:<f8");
        StructType fits = new StructType().add("y", DataTypes.DoubleType);
        assertThat(reader(spark)
                        .schema(fits)
                        .load(file.toString())
                        .selectExpr("count(y)")
                        .head()
                        .getLong(0))
                .isEqualTo(10);
        StructType other = new StructType().add("y", DataTypes.LongType);
        assertThatThrownBy(
                        () -> reader(spark).schema(other).load(file.toString()).collect())
                .hasStackTraceContaining("1.npz")
                .hasStackTraceContaining("expected y bigint but found y double");
    }

    @Test
    void largeFilesAreReadInParts(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 100_000, "x:<i4", "s:<U5", "t:<M8[ns]");
        spark.conf().set("spark.sql.files.openCostInBytes", "1k");
        try {
            Dataset<Row> rows = reader(spark).load(file.toString());
            assertThat(rows.rdd().getNumPartitions()).isGreaterThan(1);
            List<Row> parts = rows.collectAsList();
            List<Row> whole = reader(spark).load(file.toString()).coalesce(1).collectAsList();
            assertThat(parts).hasSize(100_000).isEqualTo(whole);
        } finally {
            spark.conf().unset("spark.sql.files.openCostInBytes");
        }
    }

    @Test
    void smallLocalFilesShareATaskForTheyCostLittleToOpen(SparkSession spark) throws Exception {
        for (int i = 0; i < 60; i++) {
            archive(i + ".npz", 10, "x:<i8");
        }
        // By Spark's reckoning, 4 MiB for each file, a task for each core.
        Dataset<Row> rows = reader(spark).load(directory.toString());
        assertThat(rows.rdd().getNumPartitions()).isEqualTo(1);
        assertThat(rows.collectAsList()).hasSize(600);
    }

    @Test
    void globsMeanWhatTheyMeanToHadoopAndLeaveOutWhatIsNoData(SparkSession spark) throws Exception {
        for (String name : List.of("a/1.npz", "b/2.npz", "c/3.npz", "c/[4].npz")) {
            archive(name, 10, "x:<i8");
        }
        Files.createFile(directory.resolve("c/_SUCCESS"));
        Files.createFile(directory.resolve("c/.3.npz.crc"));
        Files.createSymbolicLink(directory.resolve("c/.#3.npz"), Path.of("nowhere"));
        Map<String, Integer> patterns = new LinkedHashMap<>();
        patterns.put("c/*", 2);
        patterns.put("c", 2);
        patterns.put("*/?.npz", 3);
        patterns.put("[^a]/[0-9].npz", 2);
        patterns.put("{a,c}/*.npz", 3);
        patterns.put("{a/1,b/2}.npz", 2);
        patterns.put("c/[4].npz", 1);
        patterns.put("c/\\[4].npz", 1);
        patterns.forEach((pattern, files) -> assertThat(
                        reader(spark).load(directory + "/" + pattern).count())
                .as(pattern)
                .isEqualTo(10L * files));
    }

    @Test
    @Tag("spark4")
    void tablesOfTheCatalogAreReadAndInsertedInto(SparkSession spark) throws Exception {
        Path place = directory.resolve("t");
        Files.createDirectories(place);
        String create = "create table npz_table (x bigint, s struct<a: int, b: string>, day date) using npz"
                + " partitioned by (day) location '" + place.toUri() + "'";
        if (SparkCheck.lacksHadoop()) {
            // Spark's catalog looks at the place with Hadoop before it asks us.
            assertThatThrownBy(() -> spark.sql(create)).hasMessageContaining("getSubject is not supported");
            return;
        }
        spark.sql(create);
        try {
            for (int i = 1; i < 3; i++) {
                spark.sql("insert into npz_table values (" + i + ", struct(" + i + ", 'b" + i + "'), date'2026-01-0" + i
                        + "')");
            }
            assertThat(spark.sql("select sum(x), max(s.b) from npz_table where day > '2026-01-01'")
                            .head()
                            .toString())
                    .isEqualTo("[2,b2]");
            assertThat(spark.table("npz_table").count()).isEqualTo(2);
            spark.sql("insert overwrite npz_table values (7, null, date'2026-01-07')");
            assertThat(spark.sql("select * from npz_table").collectAsList().toString())
                    .isEqualTo("[[7,null,2026-01-07]]");
        } finally {
            spark.sql("drop table npz_table");
        }
    }
}
