package org.arrownpz.spark;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Overwriting some of the {@code key=value} directories: the others stay as they are. */
@ExtendWith(SparkCheck.class)
class OverwriteTest {
    private static final String MODE = "spark.sql.sources.partitionOverwriteMode";

    @TempDir
    Path directory;

    private SparkSession spark;

    @BeforeEach
    void threePartitions(SparkSession session) {
        spark = session;
        rows("values (1L, 1), (2L, 2), (3L, cast(null as int))").mode("append").save(directory.toString());
    }

    @AfterEach
    void reset() {
        spark.conf().unset(MODE);
    }

    private DataFrameWriter<Row> rows(String values) {
        return spark.sql("select * from " + values + " as t(x, p)")
                .coalesce(1)
                .write()
                .format("npz")
                .partitionBy("p");
    }

    /** What the table holds, as {@code x@p}. */
    private List<String> table() {
        return spark
                .read()
                .format("npz")
                .schema("x bigint, p int")
                .load(directory.toString())
                .selectExpr("concat(x, '@', coalesce(cast(p as string), 'null')) r")
                .orderBy("r")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void dynamicModeReplacesThePartitionsThatAreWritten() {
        rows("values (20L, 2), (30L, null), (40L, 4)")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(directory.toString());
        assertThat(table()).containsExactly("1@1", "20@2", "30@null", "40@4");
        // No rows, no partitions.
        spark.sql("select 1L x, 2 p where 1 = 0")
                .write()
                .format("npz")
                .partitionBy("p")
                .mode("overwrite")
                .option("partitionOverwriteMode", "DYNAMIC")
                .save(directory.toString());
        assertThat(table()).containsExactly("1@1", "20@2", "30@null", "40@4");
    }

    @Test
    @Tag("nightly")
    void theSessionsModeCountsAndTheWritesOwnCountsMore() {
        spark.conf().set(MODE, "dynamic");
        rows("values (20L, 2)").mode("overwrite").save(directory.toString());
        assertThat(table()).containsExactly("1@1", "20@2", "3@null");
        rows("values (21L, 2)")
                .mode("overwrite")
                .option("partitionOverwriteMode", "static")
                .save(directory.toString());
        assertThat(table()).containsExactly("21@2");
    }

    /** Other programs spell values otherwise: what counts is the value. */
    @Test
    void partitionsAreTheSameWhereTheirValuesAre() throws Exception {
        Files.move(directory.resolve("p=2"), directory.resolve("p=%302"));
        rows("values (20L, 2)")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(directory.toString());
        assertThat(table()).containsExactly("1@1", "20@2", "3@null");
    }

    @Test
    void dynamicModeWithoutPartitionsIsRefused() {
        assertThatThrownBy(() -> spark.range(3)
                        .write()
                        .format("npz")
                        .option("partitionOverwriteMode", "dynamic")
                        .mode("overwrite")
                        .save(directory.toString()))
                .hasStackTraceContaining("partitionOverwriteMode=dynamic needs partitionBy");
        assertThatThrownBy(() -> rows("values (20L, 2)")
                        .option("partitionOverwriteMode", "some")
                        .mode("overwrite")
                        .save(directory.toString()))
                .hasStackTraceContaining("partitionOverwriteMode is static or dynamic, not some");
        assertThat(table()).containsExactly("1@1", "2@2", "3@null");
    }

    private void withTable(SparkTest test) throws Exception {
        if (SparkCheck.lacksHadoop()) {
            return;
        }
        spark.sql("create table npz_over (x bigint, p int) using npz partitioned by (p) location '" + directory.toUri()
                + "'");
        try {
            test.run();
        } finally {
            spark.sql("drop table npz_over");
        }
    }

    private interface SparkTest {
        void run() throws Exception;
    }

    @Test
    @Tag("spark4")
    void sqlOverwritesOnePartition() throws Exception {
        withTable(() -> {
            spark.sql("insert overwrite npz_over partition (p = 2) values (20)");
            assertThat(table()).containsExactly("1@1", "20@2", "3@null");
            spark.sql("insert overwrite npz_over partition (p = null) values (30)");
            assertThat(table()).containsExactly("1@1", "20@2", "30@null");
            spark.conf().set(MODE, "dynamic");
            spark.sql("insert overwrite npz_over values (10, 1), (50, 5)");
            assertThat(table()).containsExactly("10@1", "20@2", "30@null", "50@5");
            // In this mode too, a condition that is true means everything.
            spark.sql("select 7L x, 7 p").writeTo("npz_over").overwrite(lit(true));
            assertThat(table()).containsExactly("7@7");
        });
    }

    @Test
    @Tag("nightly")
    @Tag("spark4")
    void conditionsOverPartitionsChooseWhatIsReplaced() throws Exception {
        withTable(() -> {
            Dataset<Row> row = spark.sql("select 9L x, 9 p");
            row.writeTo("npz_over").overwrite(expr("p > 1"));
            assertThat(table()).containsExactly("1@1", "3@null", "9@9");
            row.writeTo("npz_over").overwrite(expr("p is null or p in (9)"));
            assertThat(table()).containsExactly("1@1", "9@9");
            row.writeTo("npz_over").overwritePartitions();
            assertThat(table()).containsExactly("1@1", "9@9");
        });
    }

    @Test
    @Tag("spark4")
    void otherConditionsAreRefusedBeforeAnythingGoes() throws Exception {
        withTable(() -> {
            Dataset<Row> row = spark.sql("select 9L x, 9 p");
            for (String condition : List.of("x = 1", "p = 1 and x = 1", "p = 1 or x = 1")) {
                assertThatThrownBy(() -> row.writeTo("npz_over").overwrite(expr(condition)))
                        .as(condition)
                        .hasStackTraceContaining("conditions over the columns that are directories, [p],")
                        .hasStackTraceContaining("(x,1)");
            }
            // A directory that states no number is neither null nor anything else.
            Files.move(directory.resolve("p=2"), directory.resolve("p=two"));
            assertThatThrownBy(() -> row.writeTo("npz_over").overwrite(expr("p is null")))
                    .hasStackTraceContaining("p=two");
            Files.move(directory.resolve("p=two"), directory.resolve("p=2"));
            assertThat(table()).containsExactly("1@1", "2@2", "3@null");
        });
    }
}
