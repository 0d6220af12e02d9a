package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frames;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sums, counts, explode and joins equal those computed directly; every way a query ends gives everything back. */
@ExtendWith(SparkCheck.class)
class QueriesTest {
    private static final int FILES = 3;
    private static final int ROWS = 5000;
    private static final CountDownLatch STARTED = new CountDownLatch(1);

    @TempDir
    Path directory;

    private long sum;
    private double total;
    private long elements;
    private long elementSum;
    private final Map<String, Long> byName = new HashMap<>();

    @BeforeEach
    void writeFiles() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            for (int file = 0; file < FILES; file++) {
                BigIntVector id = new BigIntVector("id", allocator);
                Float8Vector x = new Float8Vector("x", allocator);
                VarCharVector name = new VarCharVector("name", allocator);
                UInt1Vector small = new UInt1Vector("small", allocator);
                ListVector list = ListVector.empty("list", allocator);
                list.addOrGetVector(FieldType.nullable(new ArrowType.Int(64, true)));
                BigIntVector items = (BigIntVector) list.getDataVector();
                int item = 0;
                for (int row = 0; row < ROWS; row++) {
                    long key = (long) file * ROWS + row;
                    String text = "n" + key % 11;
                    id.setSafe(row, key);
                    x.setSafe(row, key * 0.25);
                    small.setSafe(row, (int) (key % 256));
                    name.setSafe(row, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    list.startNewValue(row);
                    for (int i = 0; i < key % 4; i++) {
                        items.setSafe(item++, key + i);
                        elements++;
                        elementSum += key + i;
                    }
                    list.endValue(row, (int) (key % 4));
                    sum += key;
                    total += key * 0.25;
                    byName.merge(text, key % 256, Long::sum);
                }
                List<FieldVector> vectors = List.of(id, x, name, small, list);
                vectors.forEach(vector -> vector.setValueCount(ROWS));
                try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
                    root.setRowCount(ROWS);
                    Frames.write(
                            root,
                            directory.resolve(file + ".npz"),
                            WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
                }
            }
        }
    }

    private Dataset<Row> table(SparkSession spark) {
        return spark.read().format("npz").option("batchRows", 1024).load(directory.toString());
    }

    @Test
    void sumsCountsGroupsExplodesAndJoins(SparkSession spark) {
        Dataset<Row> table = table(spark);
        Row sums = table.selectExpr("sum(id)", "sum(x)", "count(*)", "count(list)", "max(small)")
                .head();
        assertThat(sums.getLong(0)).isEqualTo(sum);
        assertThat(sums.getDouble(1)).isEqualTo(total);
        assertThat(sums.getLong(2)).isEqualTo(FILES * ROWS);
        assertThat(sums.getLong(3)).isEqualTo(FILES * ROWS);
        assertThat(sums.getShort(4)).isEqualTo((short) 255);

        Map<String, Long> groups = new HashMap<>();
        table.groupBy("name")
                .agg(Map.of("small", "sum"))
                .collectAsList()
                .forEach(row -> groups.put(row.getString(0), row.getLong(1)));
        assertThat(groups).isEqualTo(byName);

        Row exploded = table.selectExpr("explode(list) v")
                .selectExpr("count(v)", "sum(v)")
                .head();
        assertThat(exploded.getLong(0)).isEqualTo(elements);
        assertThat(exploded.getLong(1)).isEqualTo(elementSum);
        Row unpacked = spark.read()
                .format("npz")
                .option("unpack", true)
                .load(directory.toString())
                .selectExpr("count(list)", "sum(list)")
                .head();
        assertThat(unpacked).isEqualTo(exploded);

        Dataset<Row> names = spark.createDataFrame(List.of(new Named("n3", 1), new Named("n5", 2)), Named.class);
        long joined = table.join(names, "name")
                .selectExpr("sum(small * factor)")
                .head()
                .getLong(0);
        assertThat(joined).isEqualTo(byName.get("n3") + 2 * byName.get("n5"));
        assertThat(table.filter("id between 4990 and 5010").count()).isEqualTo(21);
    }

    @Test
    void reportsRowsAndBytesOfTheColumnsRead(SparkSession spark) {
        var statistics =
                table(spark).select("id").queryExecution().optimizedPlan().stats();
        assertThat(statistics.rowCount().get().longValue()).isEqualTo((long) FILES * ROWS);
        var all = table(spark).queryExecution().optimizedPlan().stats();
        assertThat(statistics.sizeInBytes().longValue())
                .isPositive()
                .isLessThan(all.sizeInBytes().longValue());
    }

    @Test
    void whatIsAskedForTwiceIsReadOnce(SparkSession spark) {
        Dataset<Row> counts = table(spark).groupBy("name").count();
        Dataset<Row> both = counts.union(table(spark).groupBy("name").count());
        assertThat(both.collectAsList()).hasSize(22);
        assertThat(both.queryExecution().executedPlan().toString()).contains("ReusedExchange");
    }

    @Test
    void limitsGiveEverythingBack(SparkSession spark) {
        assertThat(table(spark).limit(3).collectAsList()).hasSize(3);
        assertThat(table(spark).select("id", "list").takeAsList(7)).hasSize(7);
        assertThat(table(spark).orderBy("id").limit(1).head().getLong(0)).isZero();
    }

    @Test
    void failingTasksGiveEverythingBack(SparkSession spark) {
        assertThatThrownBy(() -> table(spark)
                        .selectExpr("if(id = 7000, raise_error('on purpose'), x)")
                        .collect())
                .hasStackTraceContaining("on purpose");
        assertThatThrownBy(() -> table(spark)
                        .selectExpr("if(id = 7000, raise_error('on purpose'), id) k", "x")
                        .write()
                        .format("npz")
                        .option("packBy", "k")
                        .option("orderBy", "x")
                        .mode("append")
                        .save(directory.resolve("out").toString()))
                .hasStackTraceContaining("on purpose");
    }

    @Test
    void cancelledTasksGiveEverythingBack(SparkSession spark) throws Exception {
        FutureTask<Void> job = new FutureTask<>(() -> {
            spark.sparkContext().setJobGroup("cancelled", "a job that is cancelled", true);
            table(spark).foreachPartition((ForeachPartitionFunction<Row>) rows -> {
                assertThat(rows.hasNext()).isTrue();
                STARTED.countDown();
                new CountDownLatch(1).await();
            });
            return null;
        });
        Thread thread = new Thread(job);
        thread.start();
        while (!STARTED.await(20, TimeUnit.MILLISECONDS)) {
            if (job.isDone()) {
                job.get();
            }
        }
        assertThat(SparkCheck.left()).isNotEmpty();
        spark.sparkContext().cancelJobGroup("cancelled");
        assertThatThrownBy(job::get).isInstanceOf(ExecutionException.class);
        thread.join();
    }

    @Test
    void cachedAndReadTwice(SparkSession spark) {
        Dataset<Row> cached = table(spark).cache();
        List<Row> first = new ArrayList<>(cached.collectAsList());
        assertThat(cached.collectAsList()).isEqualTo(first).hasSize(FILES * ROWS);
        cached.unpersist(true);
    }

    /** A row for Spark. */
    public static final class Named implements java.io.Serializable {
        private final String name;
        private final int factor;

        Named(String name, int factor) {
            this.name = name;
            this.factor = factor;
        }

        public String getName() {
            return name;
        }

        public int getFactor() {
            return factor;
        }
    }
}
