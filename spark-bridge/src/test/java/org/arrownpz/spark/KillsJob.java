package org.arrownpz.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.arrownpz.testing.Await;

/**
 * The driver of {@link KillsTest}, in a JVM of its own, whose children the executors are. It kills one of them in the
 * middle of each of its jobs, and compares what is there then with what was written undisturbed.
 */
public final class KillsJob {
    private static final int ROWS = 120_000;
    private static final int TASKS = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SparkSession spark;
    private final Path directory;
    private final Killer killer = new Killer();

    private KillsJob(SparkSession spark, Path directory) {
        this.spark = spark;
        this.directory = directory;
    }

    /** Arguments: a directory for data, and how often an executor is killed in each of the jobs. */
    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder().appName("arrow-npz kills").getOrCreate();
        KillsJob job = new KillsJob(spark, Path.of(arguments[0]));
        spark.sparkContext().addSparkListener(job.killer);
        for (String scenario : List.of("write", "packBy", "overwrite", "stream")) {
            String expected = job.run(scenario, "undisturbed", false);
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                String found = job.run(scenario, "killed" + i, true);
                System.out.println(
                        (found.equals(expected) ? "SAME " : "OTHER " + expected + " " + found + " ") + scenario);
            }
        }
        System.out.println("KILLED " + job.killer.killed);
        spark.stop();
    }

    /** Kills an executor when some tasks have ended. */
    private static final class Killer extends SparkListener {
        private final AtomicInteger remaining = new AtomicInteger(-1);
        private final AtomicInteger killed = new AtomicInteger();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (remaining.decrementAndGet() != 0) {
                return;
            }
            Comparator<ProcessHandle> order = Comparator.comparingLong(ProcessHandle::pid);
            executors().max(killed.get() % 2 == 0 ? order : order.reversed()).ifPresent(executor -> {
                executor.destroyForcibly();
                killed.incrementAndGet();
            });
        }

        private static Stream<ProcessHandle> executors() {
            return ProcessHandle.current()
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("java"));
        }
    }

    private Dataset<Row> rows(String... columns) {
        return spark.range(0, ROWS, 1, TASKS).selectExpr(columns);
    }

    private Dataset<Row> read(Path place) {
        return spark.read().format("npz").load(place.toString());
    }

    private String run(String scenario, String name, boolean kill) throws Exception {
        Path place = directory.resolve(scenario + "-" + name);
        Path source = directory.resolve("source");
        if (scenario.equals("overwrite")) {
            rows("id", "id % 4 p").write().format("npz").partitionBy("p").save(place.toString());
        }
        if (scenario.equals("stream") && !Files.exists(source)) {
            rows("id").write().format("npz").save(source.toString());
        }
        awaitExecutors();
        killer.remaining.set(kill ? 4 : -1);
        String found = switch (scenario) {
            case "write" -> write(place);
            case "packBy" -> pack(place);
            case "overwrite" -> overwrite(place);
            default -> stream(source, place);
        };
        killer.remaining.set(-1);
        return found + left(place);
    }

    private String write(Path place) {
        rows("id", "sqrt(id) x").write().format("npz").save(place.toString());
        return read(place)
                .selectExpr("count(*)", "sum(xxhash64(id, x) % 1000003)", "count(distinct id)")
                .head()
                .toString();
    }

    private String pack(Path place) {
        rows("id * 7919 % 1000 k", "id t", "sqrt(id) x")
                .write()
                .format("npz")
                .option("packBy", "k")
                .option("orderBy", "t")
                .save(place.toString());
        return read(place)
                .selectExpr("count(k)", "sum(size(t))", "sum(xxhash64(k, t, x) % 1000003)")
                .head()
                .toString();
    }

    private String overwrite(Path place) {
        rows("id + 1000000 id", "id % 2 + 1 p")
                .write()
                .format("npz")
                .partitionBy("p")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(place.toString());
        return read(place).groupBy("p").sum("id").orderBy("p").collectAsList().toString();
    }

    private String stream(Path source, Path place) throws Exception {
        spark.readStream()
                .format("npz")
                .option("maxFilesPerTrigger", 6)
                .load(source.toString())
                .writeStream()
                .format("npz")
                .option("checkpointLocation", place + "-checkpoint")
                .trigger(Trigger.AvailableNow())
                .start(place.toString())
                .awaitTermination();
        return read(place)
                .selectExpr("count(*)", "sum(id)", "count(distinct id)")
                .head()
                .toString();
    }

    /** Files that are no data. A task that was lost may still be noticed. */
    private static String left(Path place) throws Exception {
        try (Stream<Path> all = Files.walk(place)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("_temporary") || name.startsWith("."))
                    .toList()
                    .toString();
        }
    }

    private void awaitExecutors() {
        Await.holds(PATIENCE, () -> spark.sparkContext().statusTracker().getExecutorInfos().length >= 3);
    }
}
