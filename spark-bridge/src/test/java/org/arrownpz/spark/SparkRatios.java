package org.arrownpz.spark;

import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Scans, aggregates and packs the same events as NPZ, uncompressed Parquet and Snappy Parquet in one process, by turns,
 * and prints medians and shortest times. Arguments: a directory for some gigabytes, where events of an earlier run are
 * used again; rounds; events; and, if not all are wanted, a pattern of the names of questions.
 */
public final class SparkRatios {
    private static final int FILES = 16;
    private static final int TRIPS = 100_000;

    private SparkRatios() {}

    /** Runs. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        int events = Integer.parseInt(arguments[2]);
        SparkSession spark = SparkCheck.session();
        spark.conf().set("spark.sql.shuffle.partitions", 8);
        Map<String, Dataset<Row>> sources = sources(spark, directory, events / FILES);

        Map<String, Map<String, Callable<?>>> table = new LinkedHashMap<>();
        queries(table, sources, "sum of one column", rows -> rows.selectExpr("sum(value)"));
        queries(
                table,
                sources,
                "6 aggregates over 3 columns",
                rows -> rows.selectExpr("sum(value)", "max(value)", "min(ts)", "max(ts)", "sum(kind)", "avg(kind)"));
        queries(
                table,
                sources,
                "filter and count",
                rows -> rows.filter("kind = 3 and value > 1000").selectExpr("count(*)"));
        queries(table, sources, "group by kind", rows -> rows.groupBy("kind").agg(Map.of("value", "sum")));
        queries(table, sources, "count(*)", rows -> rows.selectExpr("count(*)"));
        packs(table, sources, directory);
        lists(spark, table, directory);
        Pattern wanted = Pattern.compile(arguments.length > 3 ? arguments[3] : "");
        table.keySet().removeIf(name -> !wanted.matcher(name).find());
        table.forEach((name, ways) -> print(name, ways, rounds));
        spark.stop();
    }

    private static Map<String, Dataset<Row>> sources(SparkSession spark, Path directory, int rows) throws Exception {
        boolean there = Files.exists(directory.resolve("npz"));
        if (!there) {
            EventFiles.write(directory.resolve("npz"), FILES, rows, TRIPS);
        }
        Map<String, Dataset<Row>> sources = new LinkedHashMap<>();
        Dataset<Row> npz =
                spark.read().format("npz").load(directory.resolve("npz").toString());
        sources.put("npz", npz);
        for (String codec : List.of("uncompressed", "snappy")) {
            String target = directory.resolve("parquet-" + codec).toString();
            if (!there) {
                npz.repartition(FILES)
                        .write()
                        .option("compression", codec)
                        .mode("overwrite")
                        .parquet(target);
            }
            sources.put("parquet " + codec, spark.read().parquet(target));
        }
        return sources;
    }

    private static void queries(
            Map<String, Map<String, Callable<?>>> table,
            Map<String, Dataset<Row>> sources,
            String name,
            Function<Dataset<Row>, Dataset<Row>> query) {
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        List<List<Row>> results = new ArrayList<>();
        sources.forEach((source, rows) -> {
            Dataset<Row> answer = query.apply(rows);
            results.add(answer.orderBy(answer.columns()[0]).collectAsList());
            // Planned anew each time: the plan of a query that has run holds on to what it shuffled, and scans no more.
            ways.put(source, () -> query.apply(rows).collectAsList());
        });
        if (!results.get(0).toString().equals(results.get(1).toString())) {
            throw new AssertionError(name + ": " + results);
        }
        table.put(name, ways);
    }

    private static Dataset<Row> collected(Dataset<Row> rows) {
        return rows.groupBy("trip")
                .agg(sort_array(collect_list(struct("ts", "value", "kind"))).as("events"));
    }

    private static void packs(
            Map<String, Map<String, Callable<?>>> table, Map<String, Dataset<Row>> sources, Path directory) {
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        Dataset<Row> npz = sources.get("npz");
        ways.put("npz to npz, packBy", () -> packed(npz, directory.resolve("packed"), "columnar"));
        ways.put(
                "npz to npz, packBy, packForm=sorted", () -> packed(npz, directory.resolve("packed-sorted"), "sorted"));
        ways.put("npz, collect_list, not written", () -> {
            collected(npz).write().format("noop").mode("overwrite").save();
            return null;
        });
        for (String codec : List.of("uncompressed", "snappy")) {
            Dataset<Row> rows = sources.get("parquet " + codec);
            ways.put("parquet to parquet, collect_list, " + codec, () -> {
                collected(rows)
                        .write()
                        .option("compression", codec)
                        .mode("overwrite")
                        .parquet(directory.resolve("collected-" + codec).toString());
                return null;
            });
        }
        table.put("pack by trip, order by ts", ways);
    }

    private static Void packed(Dataset<Row> rows, Path target, String form) {
        rows.write()
                .format("npz")
                .option("packBy", "trip")
                .option("orderBy", "ts")
                .option("packForm", form)
                .mode("overwrite")
                .save(target.toString());
        return null;
    }

    // Packed files are read after they were timed as results.
    private static void lists(SparkSession spark, Map<String, Map<String, Callable<?>>> table, Path directory) {
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        ways.put(
                "npz, explode",
                () -> spark.read()
                        .format("npz")
                        .load(directory.resolve("packed").toString())
                        .selectExpr("explode(value) v")
                        .selectExpr("sum(v)")
                        .collectAsList());
        ways.put(
                "npz, unpack",
                () -> spark.read()
                        .format("npz")
                        .option("unpack", true)
                        .load(directory.resolve("packed").toString())
                        .selectExpr("sum(value)")
                        .collectAsList());
        for (String codec : List.of("uncompressed", "snappy")) {
            ways.put(
                    "parquet " + codec + ", explode",
                    () -> spark.read()
                            .parquet(directory.resolve("collected-" + codec).toString())
                            .selectExpr("explode(events.value) v")
                            .selectExpr("sum(v)")
                            .collectAsList());
        }
        table.put("sum of packed values", ways);
    }

    // Processor time of the process, garbage collection and compilation too, suffers least from what else is going on.
    private static void print(String name, Map<String, Callable<?>> ways, int rounds) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Map<String, double[]> times = new LinkedHashMap<>();
        Map<String, double[]> work = new LinkedHashMap<>();
        ways.keySet().forEach(way -> times.put(way, new double[rounds]));
        ways.keySet().forEach(way -> work.put(way, new double[rounds]));
        for (int round = -2; round < rounds; round++) {
            for (Map.Entry<String, Callable<?>> way : ways.entrySet()) {
                long begin = System.nanoTime();
                long used = system.getProcessCpuTime();
                try {
                    way.getValue().call();
                } catch (Exception e) {
                    throw new IllegalStateException(way.getKey(), e);
                }
                if (round >= 0) {
                    times.get(way.getKey())[round] = (System.nanoTime() - begin) / 1e6;
                    work.get(way.getKey())[round] = (system.getProcessCpuTime() - used) / 1e6;
                }
            }
        }
        System.out.println(name);
        times.forEach((way, all) -> {
            double[] used = work.get(way);
            Arrays.sort(all);
            Arrays.sort(used);
            System.out.printf(
                    "  %-45s median %7.0f ms   best %7.0f ms   processor: median %7.0f ms   least %7.0f ms%n",
                    way, all[rounds / 2], all[0], used[rounds / 2], used[0]);
        });
    }
}
