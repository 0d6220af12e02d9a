package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Options that Spark's own sources have, and those that nobody has. */
@ExtendWith(SparkCheck.class)
class OptionsTest {
    @TempDir
    Path directory;

    private Path archive(String name, int rows) throws Exception {
        return RandomNumpy.archive(directory.resolve(name), rows, "x:<i8");
    }

    private static DataFrameReader reader(SparkSession spark) {
        return spark.read().format("npz");
    }

    @Test
    void unknownOptionsAreRefusedByName(SparkSession spark) throws Exception {
        archive("1.npz", 10);
        String place = directory.toString();
        assertThatThrownBy(() -> reader(spark).option("mergeShema", true).load(place))
                .hasMessageContaining("mergeShema")
                .hasMessageContaining("mergeSchema, ");
        assertThatThrownBy(() -> reader(spark)
                        .schema("x bigint")
                        .option("header", true)
                        .load(place)
                        .count())
                .hasMessageContaining("there is no option header");
        assertThatThrownBy(() -> spark.range(3)
                        .write()
                        .format("npz")
                        .option("packBye", "id")
                        .mode("append")
                        .save(place))
                .hasStackTraceContaining("there is no option packBye")
                .hasStackTraceContaining("maxBytesInMemory");
    }

    @Test
    @Tag("spark4")
    void unknownOptionsOfTablesAreRefusedByName(SparkSession spark) {
        assumeFalse(SparkCheck.lacksHadoop(), "Spark's catalog needs a Hadoop that runs");
        assertThatThrownBy(() -> spark.sql("create table npz_odd (x bigint) using npz options (mergeShema true)"))
                .hasStackTraceContaining("there is no option mergeshema");
        // Properties are notes that anybody may add.
        spark.sql("create table npz_noted (x bigint) using npz options (mergeSchema true)"
                + " tblproperties (retention = '9')");
        assertThat(spark.table("npz_noted").count()).isZero();
        spark.sql("drop table npz_noted");
    }

    @Test
    void valuesThatAreNoneAreRefusedWithWhatIsAllowed(SparkSession spark) throws Exception {
        archive("1.npz", 10);
        Map<String, String> refused = Map.of(
                "verify", "verify is structure, crc or content, not nope",
                "mapping", "mapping is read_only or copy, not nope",
                "batchRows", "batchRows is a number, not nope",
                "mergeSchema", "mergeSchema is true or false, not nope",
                "modifiedAfter", "modifiedAfter is a time such as 2026-11-21T07:30:00, not nope");
        refused.forEach((option, message) -> assertThatThrownBy(
                        () -> reader(spark).option(option, "nope").load(directory.toString()))
                .hasMessage(message));
        assertThatThrownBy(() -> spark.range(1)
                        .write()
                        .format("npz")
                        .option("compression", "snappy")
                        .mode("append")
                        .save(directory.toString()))
                .hasStackTraceContaining("compression is none or deflate, not snappy");
    }

    @Test
    void namesAndTimesChooseFiles(SparkSession spark) throws Exception {
        Path old = archive("a-1.npz", 10);
        archive("p=1/b-2.npz", 20);
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        String place = directory.toString();
        DataFrameReader merging = reader(spark).option("recursiveFileLookup", true);
        assertThat(merging.load(place).columns()).containsExactly("x");
        assertThat(merging.load(place).count()).isEqualTo(30);
        assertThat(reader(spark).option("pathGlobFilter", "a-*.npz").load(place).count())
                .isEqualTo(10);
        assertThat(reader(spark)
                        .option("pathGlobFilter", "*-{2,3}.npz")
                        .load(place)
                        .columns())
                .containsExactly("x", "p");
        assertThat(reader(spark)
                        .option("modifiedBefore", "2020-01-01T00:00:01")
                        .load(place)
                        .count())
                .isEqualTo(10);
        assertThat(reader(spark)
                        .option("modifiedAfter", "2020-01-01T00:00:00")
                        .load(place)
                        .count())
                .isEqualTo(20);
        // Times are the session's, as with Spark's own sources.
        assertThat(reader(spark)
                        .option("modifiedBefore", "2020-01-01T01:00:01")
                        .option("timeZone", "Europe/Berlin")
                        .load(place)
                        .count())
                .isEqualTo(10);
        assertThatThrownBy(() ->
                        reader(spark).option("pathGlobFilter", "*.parquet").load(place))
                .hasMessageContaining("no NPZ file");
    }

    @Test
    void columnsOfDirectoriesBeginBelowTheBasePath(SparkSession spark) throws Exception {
        archive("p=1/q=2/1.npz", 10);
        archive("p=2/q=3/1.npz", 20);
        String place = directory.toString();
        assertThat(reader(spark).load(place + "/p=1").columns()).containsExactly("x", "q");
        Dataset<Row> one = reader(spark).option("basePath", place).load(place + "/p=1");
        assertThat(one.columns()).containsExactly("x", "p", "q");
        assertThat(one.filter("p = 1").count()).isEqualTo(10);
        assertThat(reader(spark)
                        .option("basePath", place)
                        .load(place + "/p=1/q=2/1.npz", place + "/p=2")
                        .columns())
                .containsExactly("x", "p", "q");
        // A glob's own directories are columns; below a base path, only those.
        assertThat(reader(spark).load(place + "/p=*/q=*").columns()).containsExactly("x", "p", "q");
        assertThat(reader(spark)
                        .option("basePath", place + "/p=1")
                        .load(place + "/p=1/q=*")
                        .columns())
                .containsExactly("x", "q");
        assertThatThrownBy(
                        () -> reader(spark).option("basePath", place + "/p=2").load(place + "/p=1"))
                .hasMessageContaining("basePath");
    }

    @Test
    void filesThatAreDamagedOrGoneAreLeftOutWhereAsked(SparkSession spark) throws Exception {
        archive("1.npz", 10);
        Path gone = archive("2.npz", 20);
        Files.write(directory.resolve("3.npz"), new byte[100]);
        String place = directory.toString();
        assertThat(reader(spark).option("ignoreCorruptFiles", true).load(place).count())
                .isEqualTo(30);
        Files.delete(directory.resolve("3.npz"));
        Dataset<Row> strict = reader(spark).load(place);
        Dataset<Row> lenient = reader(spark).option("ignoreMissingFiles", true).load(place);
        Files.delete(gone);
        assertThatThrownBy(() -> strict.selectExpr("count(x)").collect()).hasStackTraceContaining("2.npz");
        assertThat(lenient.selectExpr("count(x)").head().getLong(0)).isEqualTo(10);
        // Damaged files are not missing ones.
        archive("2.npz", 5);
        assertThatThrownBy(() -> lenient.selectExpr("count(x)").collect()).hasStackTraceContaining("FILE_CHANGED");
    }

    @Test
    void membersAreDeflatedWhereAsked(SparkSession spark) throws Exception {
        for (String compression : List.of("none", "uncompressed", "deflate")) {
            Path target = directory.resolve(compression);
            spark.range(100_000)
                    .coalesce(1)
                    .write()
                    .format("npz")
                    .option("compression", compression)
                    .mode("append")
                    .save(target.toString());
            try (BufferAllocator allocator = new RootAllocator();
                    NpzFile file =
                            NpzFile.open(allocator, WriteTest.files(target).get(0))) {
                assertThat(file.entry(file.names().get(0)).stored()).isEqualTo(!compression.equals("deflate"));
            }
            assertThat(reader(spark)
                            .load(target.toString())
                            .selectExpr("sum(id)")
                            .head()
                            .getLong(0))
                    .isEqualTo(99_999L * 50_000);
        }
    }
}
