package org.arrownpz.spark;

import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;

/**
 * Scans, aggregates, packs and reads packed events as NPZ, uncompressed Parquet and Snappy Parquet in one process, by
 * turns. All ways of a question must give one answer, or the run fails. Arguments: a directory for some gigabytes, where
 * events of an earlier run are used again; rounds (7); events to scan (16,000,000); events to pack (4,000,000).
 */
public final class SparkRatios {
    private static final int FILES = 16;
    private static final int TRIPS = 100_000;
    private static final List<String> CODECS = List.of("uncompressed", "snappy");

    private final SparkSession spark;
    private final Path directory;
    private final Turns turns;

    private SparkRatios(SparkSession spark, Path directory, Turns turns) {
        this.spark = spark;
        this.directory = directory;
        this.turns = turns;
    }

    /** Runs. */
    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkCheck.session();
        spark.conf().set("spark.sql.shuffle.partitions", 8);
        spark.conf().set("spark.sql.execution.sortBeforeRepartition", false);
        int rounds = number(arguments, 1, 7);
        int scanned = number(arguments, 2, 16_000_000);
        int packed = number(arguments, 3, 4_000_000);
        SparkRatios ratios = new SparkRatios(spark, Path.of(arguments[0]), new Turns(rounds));
        Map<String, Dataset<Row>> scans = ratios.sources("scan", scanned);
        Map<String, Dataset<Row>> packs = ratios.sources("pack", packed);
        System.out.printf(
                "Spark %s, Java %s, load average %.1f; %d rounds; %,d events in %d files scanned, %,d packed%n",
                spark.version(),
                System.getProperty("java.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                rounds,
                scanned,
                FILES,
                packed);
        Turns.header();
        ratios.scans(scans);
        ratios.packs(packs);
        ratios.lists();
        spark.stop();
    }

    private static int number(String[] arguments, int place, int usual) {
        return arguments.length > place ? Integer.parseInt(arguments[place]) : usual;
    }

    /** The same events as NPZ and as Parquet, in as many files. */
    private Map<String, Dataset<Row>> sources(String name, int events) throws Exception {
        Path home = directory.resolve(name + "-" + events);
        boolean there = Files.exists(home.resolve("done"));
        if (!there) {
            EventFiles.write(home.resolve("npz"), FILES, events / FILES, TRIPS);
        }
        Map<String, Dataset<Row>> sources = new LinkedHashMap<>();
        Dataset<Row> npz = spark.read().format("npz").load(home.resolve("npz").toString());
        sources.put("npz", npz);
        for (String codec : CODECS) {
            String target = home.resolve("parquet-" + codec).toString();
            if (!there) {
                npz.repartition(FILES)
                        .write()
                        .option("compression", codec)
                        .mode("overwrite")
                        .parquet(target);
            }
            sources.put("Parquet, " + codec, spark.read().parquet(target));
        }
        Files.writeString(home.resolve("done"), "");
        return sources;
    }

    private void scans(Map<String, Dataset<Row>> sources) throws Exception {
        scan(sources, "sum of one column", rows -> rows.selectExpr("sum(value)"));
        scan(
                sources,
                "6 aggregates over 3 columns",
                rows -> rows.selectExpr("sum(value)", "max(value)", "min(ts)", "max(ts)", "sum(kind)", "avg(kind)"));
        scan(
                sources,
                "filter and count",
                rows -> rows.filter("kind = 3 and value > 1000").selectExpr("count(*)"));
        scan(
                sources,
                "group by an int column",
                rows -> rows.groupBy("kind").agg(Map.of("value", "sum")).orderBy("kind"));
        scan(sources, "`count(*)`", rows -> rows.selectExpr("count(*)"));
    }

    // Planned anew each time: the plan of a query that has run holds on to what it shuffled, and scans no more.
    private void scan(Map<String, Dataset<Row>> sources, String what, Function<Dataset<Row>, Dataset<Row>> query)
            throws Exception {
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        String answer = query.apply(sources.get("npz")).collectAsList().toString();
        sources.forEach((source, rows) -> {
            same(what + ", " + source, answer, query.apply(rows));
            ways.put(source, () -> query.apply(rows).collectAsList());
        });
        turns.time(what, ways);
    }

    private static void same(String what, String answer, Dataset<Row> rows) {
        String other = rows.collectAsList().toString();
        if (!other.equals(answer)) {
            throw new AssertionError(what + ": " + other + " instead of " + answer);
        }
    }

    private static Dataset<Row> collected(Dataset<Row> rows) {
        return rows.groupBy("trip")
                .agg(sort_array(collect_list(struct("ts", "value", "kind"))).as("events"));
    }

    private void packs(Map<String, Dataset<Row>> sources) throws Exception {
        Dataset<Row> npz = sources.get("npz");
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        ways.put("npz to npz, `packBy`", () -> pack(npz, "columnar"));
        for (String codec : CODECS) {
            Dataset<Row> rows = sources.get("Parquet, " + codec);
            ways.put("Parquet to Parquet, `collect_list`, " + codec, () -> {
                collected(rows)
                        .write()
                        .option("compression", codec)
                        .mode("overwrite")
                        .parquet(path("collected-" + codec));
                return null;
            });
        }
        ways.put("npz, `collect_list`, nothing written", () -> {
            collected(npz).write().format("noop").mode("overwrite").save();
            return null;
        });
        ways.put("npz to npz, `packForm=sorted`", () -> pack(npz, "sorted"));
        turns.time("pack by trip, order by ts", ways);
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private Void pack(Dataset<Row> rows, String form) {
        rows.write()
                .format("npz")
                .option("packBy", "trip")
                .option("orderBy", "ts")
                .option("packForm", form)
                .mode("overwrite")
                .save(path("packed-" + form));
        return null;
    }

    /** What was packed is read back, and is the same whoever packed it. */
    private void lists() throws Exception {
        String columns = "sum(xxhash64(trip, %1$sts, %1$svalue, %1$skind) %% 1000003)";
        String answer = npz("columnar", false)
                .selectExpr(columns.formatted(""))
                .collectAsList()
                .toString();
        same("packForm=sorted", answer, npz("sorted", false).selectExpr(columns.formatted("")));
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        ways.put(
                "npz, `explode`",
                () -> npz("columnar", false)
                        .selectExpr("explode(value) v")
                        .selectExpr("sum(v)")
                        .collectAsList());
        for (String codec : CODECS) {
            same(codec, answer, parquet(codec).selectExpr(columns.formatted("events.")));
            ways.put(
                    "Parquet, `explode`, " + codec,
                    () -> parquet(codec)
                            .selectExpr("explode(events.value) v")
                            .selectExpr("sum(v)")
                            .collectAsList());
        }
        ways.put(
                "npz, option `unpack`",
                () -> npz("columnar", true).selectExpr("sum(value)").collectAsList());
        turns.time("sum of packed values", ways);
    }

    private Dataset<Row> npz(String form, boolean unpack) {
        return spark.read().format("npz").option("unpack", unpack).load(path("packed-" + form));
    }

    private Dataset<Row> parquet(String codec) {
        return spark.read().parquet(path("collected-" + codec));
    }
}
