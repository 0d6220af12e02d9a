package org.arrownpz.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Packed writes against what Spark's own aggregates give. */
@ExtendWith(SparkCheck.class)
class PackTest {
    @TempDir
    Path directory;

    private Dataset<Row> events;

    /** 20,000 events of 500 trips and of no trip, in no order; times are distinct in each trip. */
    @BeforeEach
    void events(SparkSession spark) {
        events = spark.range(0, 20_000, 1, 3)
                .selectExpr(
                        "if(id % 37 = 0, null, cast(pmod(hash(id), 500) as string)) trip",
                        "timestamp_micros(pmod(id * 7919, 20000) * 1000000) ts",
                        "id * 0.5D value",
                        "cast(id % 7 as string) kind");
    }

    private DataFrameWriter<Row> packing(Dataset<Row> rows) {
        return rows.write()
                .format("npz")
                .option("packBy", "trip")
                .option("orderBy", "ts")
                .mode("overwrite");
    }

    private static List<Row> expected(Dataset<Row> rows) {
        return rows.groupBy("trip")
                .agg(sort_array(collect_list(struct("ts", "value", "kind"))).as("l"))
                .select(col("trip"), col("l.ts"), col("l.value"), col("l.kind"))
                .orderBy("trip")
                .collectAsList();
    }

    private List<Row> packed(SparkSession spark) {
        return spark.read()
                .format("npz")
                .load(directory.toString())
                .orderBy("trip")
                .collectAsList();
    }

    private long files() throws Exception {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> path.toString().endsWith(".npz")).count();
        }
    }

    @Test
    void packsAsCollectListDoes(SparkSession spark) throws Exception {
        packing(events).save(directory.toString());
        assertThat(Plain.rows(packed(spark))).isEqualTo(Plain.rows(expected(events)));
        assertThat(files()).isLessThanOrEqualTo(2);
    }

    @Test
    void packsThroughTheExternalSorterWhereRowsDoNotFit(SparkSession spark) throws Exception {
        packing(events).option("maxBytesInMemory", 60_000).save(directory.toString());
        assertThat(Plain.rows(packed(spark))).isEqualTo(Plain.rows(expected(events)));
        assertThat(files()).isGreaterThan(4);
    }

    @Test
    void packsRowsThatSparkSorted(SparkSession spark) throws Exception {
        packing(events).option("packForm", "sorted").save(directory.toString());
        assertThat(Plain.rows(packed(spark))).isEqualTo(Plain.rows(expected(events)));
    }

    @Test
    @Tag("nightly")
    void unpacksIntoTheRowsThatWerePacked(SparkSession spark) {
        packing(events).save(directory.toString());
        Dataset<Row> rows = spark.read()
                .format("npz")
                .option("unpack", true)
                .option("batchRows", 1000)
                .load(directory.toString());
        assertThat(rows.count()).isEqualTo(20_000);
        assertThat(Plain.rows(rows.orderBy("value").collectAsList()))
                .isEqualTo(Plain.rows(events.orderBy("value").collectAsList()));
        // Keys alone, values alone, and exploding in Spark agree.
        Dataset<Row> lists = spark.read().format("npz").load(directory.toString());
        assertThat(rows.groupBy("trip").count().orderBy("trip").collectAsList())
                .isEqualTo(events.groupBy("trip").count().orderBy("trip").collectAsList());
        assertThat(rows.selectExpr("sum(value)").head())
                .isEqualTo(lists.selectExpr("explode(value) v")
                        .selectExpr("sum(v)")
                        .head());
        assertThat(lists.selectExpr("sum(size(value))").head().getLong(0)).isEqualTo(20_000);
    }

    @Test
    void packedFilesAreReadInPartsThatEndBetweenLists(SparkSession spark) {
        // Lists of no elements and null lists are no rows when unpacked.
        spark.range(0, 3000, 1, 1)
                .selectExpr("id", "if(id % 7 = 0, null, transform(sequence(0, id % 5), i -> id * 10 + i)) items")
                .selectExpr("id", "if(id % 5 = 1, array(), items) items")
                .write()
                .format("npz")
                .mode("append")
                .save(directory.toString());
        spark.conf().set("spark.sql.files.openCostInBytes", "1");
        try {
            for (boolean unpack : new boolean[] {false, true}) {
                Dataset<Row> rows = spark.read()
                        .format("npz")
                        .option("unpack", unpack)
                        .option("batchRows", 100)
                        .load(directory.toString());
                assertThat(rows.rdd().getNumPartitions()).as("unpack " + unpack).isGreaterThan(1);
                Dataset<Row> elements = unpack ? rows : rows.selectExpr("id", "explode(items) items");
                List<Row> expected = spark.range(0, 3000, 1, 1)
                        .filter("id % 7 <> 0 and id % 5 <> 1")
                        .selectExpr("id", "explode(transform(sequence(0, id % 5), i -> id * 10 + i)) items")
                        .collectAsList();
                assertThat(elements.collectAsList()).isEqualTo(expected);
            }
            // Where the file is copied, each part would copy all of it.
            Dataset<Row> copied =
                    spark.read().format("npz").option("mapping", "copy").load(directory.toString());
            assertThat(copied.rdd().getNumPartitions()).isEqualTo(1);
            assertThat(copied.selectExpr("sum(size(items))").head())
                    .isEqualTo(spark.read()
                            .format("npz")
                            .load(directory.toString())
                            .selectExpr("sum(size(items))")
                            .head());
        } finally {
            spark.conf().unset("spark.sql.files.openCostInBytes");
        }
    }

    @Test
    void sessionsBreakAtGaps(SparkSession spark) {
        spark.sql("select * from values (1, timestamp'2026-01-01 00:00:00', 1), (1, timestamp'2026-01-01 02:00:00', 3),"
                        + " (1, timestamp'2026-01-01 00:20:00', 2) as t(trip, ts, value)")
                .write()
                .format("npz")
                .option("packBy", "trip")
                .option("orderBy", "ts")
                .option("session", "30 minutes")
                .mode("overwrite")
                .save(directory.toString());
        Dataset<Row> read = spark.read().format("npz").load(directory.toString());
        assertThat(Plain.rows(read.selectExpr("trip", "session", "session_count", "value")
                        .collectAsList()))
                .isEqualTo(List.of(List.of(1, 0L, 2L, List.of(1, 2)), List.of(1, 1L, 1L, List.of(3))));
    }

    @Test
    @Tag("nightly")
    void packsKeysOfSeveralColumnsAndNothingButOrder(SparkSession spark) {
        events.select("trip", "kind", "ts")
                .write()
                .format("npz")
                .option("packBy", "trip, kind")
                .option("orderBy", "ts")
                .mode("overwrite")
                .save(directory.toString());
        List<Row> expected = events.groupBy("trip", "kind")
                .agg(sort_array(collect_list("ts")))
                .orderBy("trip", "kind")
                .collectAsList();
        assertThat(Plain.rows(spark.read()
                        .format("npz")
                        .load(directory.toString())
                        .orderBy("trip", "kind")
                        .collectAsList()))
                .isEqualTo(Plain.rows(expected));
    }

    @Test
    void refusesWhatCannotBePackedBeforeAnyTaskRuns(SparkSession spark) {
        assertThatThrownBy(() -> events.write()
                        .format("npz")
                        .option("packBy", "nowhere")
                        .mode("append")
                        .save(directory.toString()))
                .hasStackTraceContaining("nowhere");
        assertThatThrownBy(() -> events.write()
                        .format("npz")
                        .option("orderBy", "ts")
                        .mode("append")
                        .save(directory.toString()))
                .hasStackTraceContaining("orderBy and session need packBy");
        StructType lists = new StructType()
                .add("k", DataTypes.createArrayType(DataTypes.LongType))
                .add("v", "long");
        assertThatThrownBy(() -> spark.createDataFrame(List.<Row>of(), lists)
                        .write()
                        .format("npz")
                        .option("packBy", "k")
                        .mode("append")
                        .save(directory.toString()))
                .hasStackTraceContaining("cannot be a key");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nullsComeLastWhoeverSorts(SparkSession spark) {
        Dataset<Row> rows = spark.range(0, 5000, 1, 3)
                .selectExpr(
                        "if(id % 11 = 0, null, id % 7) trip",
                        "if(id % 5 = 0, null, pmod(id * 7919, 5000)) ts", "if(id % 5 = 0, 0, id) value");
        List<List<Row>> results = new ArrayList<>();
        for (Map<String, String> options :
                List.of(Map.<String, String>of(), Map.of("packForm", "sorted"), Map.of("maxBytesInMemory", "20000"))) {
            String target = directory.resolve("t" + results.size()).toString();
            packing(rows).options(options).save(target);
            results.add(spark.read().format("npz").load(target).orderBy("trip").collectAsList());
        }
        assertThat(results.get(0)).hasSize(8);
        assertThat(results.get(0).get(1).<Object>getList(1).get(0)).isNotNull();
        assertThat(results.get(1)).isEqualTo(results.get(0));
        assertThat(results.get(2)).isEqualTo(results.get(0));
    }
}
