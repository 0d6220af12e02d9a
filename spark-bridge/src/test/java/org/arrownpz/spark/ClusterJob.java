package org.arrownpz.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.testing.Await;

/**
 * The driver of {@link ClusterSoakTest}, in a JVM of its own: packs a directory twice and prints what came out. Between
 * the lines it tells how many tasks have ended, so that somebody can kill a worker in the middle of the second run.
 */
public final class ClusterJob {
    private ClusterJob() {}

    /** Arguments: the directory with events, and one for the results. */
    public static void main(String[] arguments) throws InterruptedException {
        SparkSession spark = SparkSession.builder().appName("arrow-npz soak").getOrCreate();
        Await.until(
                () -> spark.sparkContext().statusTracker().getExecutorInfos().length >= 3,
                () -> "the executors do not come");
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                System.out.println("TASK " + ended.incrementAndGet());
            }

            @Override
            public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                lost.incrementAndGet();
            }
        });
        for (int run = 1; run <= 2; run++) {
            System.out.println("RUN " + run);
            long begin = System.nanoTime();
            String target = arguments[1] + "/run" + run;
            spark.read()
                    .format("npz")
                    .load(arguments[0])
                    .write()
                    .format("npz")
                    .option("packBy", "trip")
                    .option("orderBy", "ts")
                    .mode("overwrite")
                    .save(target);
            Dataset<Row> packed = spark.read().format("npz").load(target);
            Row lists = packed.selectExpr(
                            "count(trip)", "sum(size(value))", "sum(xxhash64(trip, ts, value, kind) % 1000003)")
                    .head();
            Row rows = spark.read()
                    .format("npz")
                    .option("unpack", true)
                    .load(target)
                    .selectExpr("count(value)", "sum(value)", "sum(kind)", "sum(trip)")
                    .head();
            System.out.println("RESULT " + run + " " + lists + rows);
            System.out.println(
                    "TIME " + run + " " + (System.nanoTime() - begin) / 1_000_000 + " ms, executors lost " + lost);
        }
        System.out.println("LOST " + lost);
        spark.stop();
    }
}
