package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a table that docs/spark.md tells. */
@ExtendWith(SparkCheck.class)
@Tag("spark4")
class TableLifeTest {
    private static final String STATIC_FRAME = """
            import sys, static_frame as sf
            frames = [sf.Frame.from_npz(path) for path in sys.argv[1:]]
            print(sum(len(f) for f in frames), sum(f["value"].sum() for f in frames))
            """;

    @TempDir
    Path directory;

    private static String rows(SparkSession spark, String query) {
        return spark.sql(query).collectAsList().toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("nightly")
    void fromCreatingToReadingElsewhere(boolean external) throws Exception {
        assumeFalse(SparkCheck.lacksHadoop(), "Spark's catalog needs a Hadoop that runs");
        SparkSession spark = SparkCheck.session();
        String location =
                external ? " location '" + directory.resolve("readings").toUri() + "'" : "";
        spark.sql("drop table if exists npz_life");
        try {
            spark.sql("create table npz_life using npz partitioned by (day)" + location
                    + " as select 1L sensor, 0.5D value, date'2026-11-21' day");
            spark.sql("insert into npz_life values (2, 0.25, date'2026-11-22'), (3, 0.125, date'2026-11-23')");
            spark.sql("insert overwrite npz_life partition (day = date'2026-11-22') values (2, 0.75)");
            spark.sql("alter table npz_life add columns (unit string after value)");
            stream(spark);
            assertThat(rows(spark, "select sensor, value, day, unit from npz_life order by sensor"))
                    .isEqualTo("[[1,0.5,2026-11-21,null], [2,0.75,2026-11-22,null], [3,0.125,2026-11-23,null],"
                            + " [4,8.0,2026-11-23,V]]");
            spark.sql("delete from npz_life where day < date'2026-11-22'");
            assertThat(rows(spark, "show partitions npz_life")).isEqualTo("[[day=2026-11-22], [day=2026-11-23]]");
            assertThat(rows(spark, "select count(*), sum(value) from npz_life")).isEqualTo("[[3,8.875]]");
            String python = System.getenv("ARROW_NPZ_CLIENTS");
            if (python != null) {
                assertThat(staticFrame(spark, python)).isEqualTo("3 8.875");
            }
        } finally {
            spark.sql("drop table if exists npz_life");
        }
        assertThat(Files.exists(directory.resolve("readings")))
                .as("dropping keeps external files")
                .isEqualTo(external);
    }

    private void stream(SparkSession spark) throws Exception {
        String source = directory.resolve("incoming").toString();
        spark.sql("select 4L sensor, 8D value, 'V' unit, date'2026-11-23' day")
                .write()
                .format("npz")
                .save(source);
        spark.readStream()
                .format("npz")
                .load(source)
                .writeStream()
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .toTable("npz_life")
                .awaitTermination();
    }

    private static String staticFrame(SparkSession spark, String python) throws Exception {
        Stream<String> files = spark.sql("select distinct _metadata.file_path from npz_life").collectAsList().stream()
                .map(row -> row.getString(0).substring("file://".length()));
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(python, "-c", STATIC_FRAME), files).toList());
        Process process = builder.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
