package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's user interface shows of reads and writes, and the planner of tables. */
@ExtendWith(SparkCheck.class)
class MetricsTest {
    private static final int ROWS = 100_000;

    @TempDir
    Path directory;

    /** Bytes and rows read, bytes and rows written, of all tasks of an action. */
    static long[] metrics(SparkSession spark, Callable<?> action) throws Exception {
        AtomicLongArray sums = new AtomicLongArray(4);
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                sums.addAndGet(0, end.taskMetrics().inputMetrics().bytesRead());
                sums.addAndGet(1, end.taskMetrics().inputMetrics().recordsRead());
                sums.addAndGet(2, end.taskMetrics().outputMetrics().bytesWritten());
                sums.addAndGet(3, end.taskMetrics().outputMetrics().recordsWritten());
            }
        };
        // What came before may still be told.
        spark.sparkContext().listenerBus().waitUntilEmpty(60_000);
        spark.sparkContext().addSparkListener(listener);
        try {
            action.call();
            spark.sparkContext().listenerBus().waitUntilEmpty(60_000);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
        return new long[] {sums.get(0), sums.get(1), sums.get(2), sums.get(3)};
    }

    @Test
    void bytesAndRowsAreCounted(SparkSession spark) throws Exception {
        String place = directory.toString();
        long[] written = metrics(spark, () -> {
            spark.range(ROWS)
                    .selectExpr("id", "cast(id as int) small", "cast(id as double) x")
                    .repartition(3)
                    .write()
                    .format("npz")
                    .mode("append")
                    .save(place);
            return null;
        });
        assertThat(written[3]).isEqualTo(ROWS);
        assertThat(written[2]).isBetween(20L * ROWS, 20L * ROWS + 20_000);

        long[] all = metrics(
                spark,
                () -> spark.read()
                        .format("npz")
                        .load(place)
                        .selectExpr("sum(id)", "sum(small)", "sum(x)")
                        .head());
        assertThat(all[1]).isEqualTo(ROWS);
        assertThat(all[0]).isBetween(20L * ROWS - 10, 20L * ROWS);
        long[] one = metrics(
                spark,
                () -> spark.read()
                        .format("npz")
                        .load(place)
                        .selectExpr("sum(small)")
                        .head());
        assertThat(one[1]).isEqualTo(ROWS);
        assertThat(one[0]).isBetween(4L * ROWS - 10, 4L * ROWS);
        long[] count = metrics(
                spark,
                () -> spark.read()
                        .format("npz")
                        .load(place)
                        .selectExpr("count(*)")
                        .head());
        // Three files of three columns: headers and no more.
        assertThat(count[0]).isBetween(1000L, 20_000L);
    }

    @Test
    void packedColumnsCountTheirBytes(SparkSession spark) throws Exception {
        String place = directory.toString();
        spark.range(ROWS)
                .selectExpr("id % 100 key", "id x", "id y")
                .write()
                .format("npz")
                .option("packBy", "key")
                .mode("append")
                .save(place);
        long[] one = metrics(
                spark,
                () -> spark.read()
                        .format("npz")
                        .load(place)
                        .selectExpr("sum(size(x))")
                        .head());
        assertThat(one[0]).isBetween(8L * ROWS, 9L * ROWS);
        long[] unpacked = metrics(
                spark,
                () -> spark.read()
                        .format("npz")
                        .option("unpack", true)
                        .load(place)
                        .selectExpr("sum(x)")
                        .head());
        assertThat(unpacked[1]).isEqualTo(ROWS);
        assertThat(unpacked[0]).isBetween(8L * ROWS, 9L * ROWS);
    }

    @Test
    void thePlannerKnowsRowsAndSizes(SparkSession spark) {
        String place = directory.toString();
        spark.range(ROWS)
                .selectExpr("id", "cast(id as int) small", "id % 4 p")
                .write()
                .format("npz")
                .partitionBy("p")
                .mode("append")
                .save(place);
        var statistics = spark.read()
                .format("npz")
                .load(place)
                .where("p = 1")
                .select("small")
                .queryExecution()
                .optimizedPlan()
                .collectLeaves()
                .head()
                .stats();
        assertThat(statistics.rowCount().get().longValue()).isEqualTo(ROWS / 4);
        assertThat(statistics.sizeInBytes().toLong()).isBetween(ROWS * 1L, ROWS * 4L);
    }
}
