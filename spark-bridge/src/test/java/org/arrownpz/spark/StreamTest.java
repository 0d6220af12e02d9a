package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Directories as streams, read and written. */
@ExtendWith(SparkCheck.class)
class StreamTest {
    @TempDir
    Path directory;

    private SparkSession spark;
    private Path source;
    private Path target;

    @BeforeEach
    void needsCheckpoints(SparkSession session) throws Exception {
        assumeFalse(SparkCheck.lacksHadoop(), "Spark's checkpoints need a Hadoop that runs");
        spark = session;
        source = Files.createDirectories(directory.resolve("source"));
        target = directory.resolve("target");
    }

    private void add(long from, long to) {
        spark.range(from, to, 1, 1).write().format("npz").mode("append").save(source.toString());
    }

    private Dataset<Row> stream() {
        return spark.readStream().format("npz").schema("id bigint").load(source.toString());
    }

    private void run(Dataset<Row> stream) throws Exception {
        StreamingQuery query = stream.writeStream()
                .format("npz")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(target.toString());
        query.awaitTermination();
    }

    private List<Long> written() {
        return spark.read().format("npz").load(target.toString()).orderBy("id").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    private static List<Path> below(Path place) throws Exception {
        try (Stream<Path> all = Files.walk(place)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    @Tag("nightly")
    void eachFileIsReadOnceHoweverOftenTheStreamStarts() throws Exception {
        run(stream());
        assertThat(target).doesNotExist();
        add(0, 2);
        add(2, 4);
        run(stream());
        assertThat(written()).containsExactly(0L, 1L, 2L, 3L);
        run(stream());
        assertThat(written()).containsExactly(0L, 1L, 2L, 3L);
        add(4, 5);
        run(stream());
        assertThat(written()).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(below(target)).allMatch(file -> file.toString().endsWith(".npz"));
        // One that was made long ago and comes late is read too; one that is replaced is another.
        Path first = below(source).stream()
                .filter(file -> file.toString().endsWith(".npz"))
                .findFirst()
                .orElseThrow();
        Path late = source.resolve("late.npz");
        Files.copy(first, late);
        Files.setLastModifiedTime(late, FileTime.fromMillis(1_000_000));
        run(stream());
        assertThat(written()).hasSize(5 + rows(first));
        Files.setLastModifiedTime(late, FileTime.fromMillis(2_000_000));
        run(stream());
        assertThat(written()).hasSize(5 + 2 * rows(first));
    }

    private int rows(Path file) {
        return (int) spark.read().format("npz").load(file.toString()).count();
    }

    @Test
    void filesComeByTimeAndAsManyAsAskedFor() throws Exception {
        for (int i = 0; i < 5; i++) {
            add(i, i + 1);
        }
        List<Path> files = below(source).stream()
                .filter(file -> file.toString().endsWith(".npz"))
                .toList();
        List<List<Long>> batches = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Files.setLastModifiedTime(files.get(i), FileTime.fromMillis(9_000_000 - 1000L * i));
            expected.add(
                    0,
                    spark.read()
                            .format("npz")
                            .load(files.get(i).toString())
                            .head()
                            .getLong(0));
        }
        StreamingQuery query = spark.readStream()
                .format("npz")
                .option("maxFilesPerTrigger", 2)
                .load(source.toString())
                .writeStream()
                .foreachBatch((Dataset<Row> rows, Long batch) -> {
                    batches.add(rows.collectAsList().stream()
                            .map(row -> row.getLong(0))
                            .toList());
                })
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        assertThat(batches).hasSize(3);
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(expected);
    }

    /** A driver that is killed after its commit and before Spark notes it does the batch again. */
    @Test
    void aBatchThatIsDoneAgainIsThereOnce() throws Exception {
        add(0, 4);
        run(stream());
        List<Path> before = below(target);
        Files.delete(directory.resolve("checkpoint/commits/0"));
        Files.deleteIfExists(directory.resolve("checkpoint/commits/.0.crc"));
        run(stream());
        assertThat(written()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(below(target)).isEqualTo(before);
    }

    /** Or while it moves files into place: what is there of the batch makes way. */
    @Test
    void aBatchThatWasMovedInPartIsCompleted() throws Exception {
        add(0, 4);
        add(4, 8);
        run(stream().repartition(3));
        List<Path> before = below(target);
        assertThat(before).hasSizeGreaterThan(1);
        Files.delete(before.get(0));
        Files.delete(directory.resolve("checkpoint/commits/0"));
        Files.deleteIfExists(directory.resolve("checkpoint/commits/.0.crc"));
        run(stream().repartition(3));
        assertThat(written()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    /** Each directory has its rows once, also where a batch that was moved in part is done again. */
    @Test
    @Tag("nightly")
    void aStreamWithPartitionByWritesEachRowOnce() throws Exception {
        add(0, 6);
        runPartitioned();
        add(6, 10);
        runPartitioned();
        List<Path> before = below(target);
        assertThat(before.stream().map(file -> target.relativize(file).getName(0)))
                .containsOnly(Path.of("p=0"), Path.of("p=1"), Path.of("p=2"))
                .hasSize(6);
        Files.delete(before.stream()
                .filter(file ->
                        file.toString().contains("p=1") && file.toString().endsWith("-1.npz"))
                .findFirst()
                .orElseThrow());
        Files.delete(directory.resolve("checkpoint/commits/1"));
        Files.deleteIfExists(directory.resolve("checkpoint/commits/.1.crc"));
        runPartitioned();
        assertThat(below(target)).isEqualTo(before);
        assertThat(written()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(spark.read()
                        .format("npz")
                        .load(target.toString())
                        .where("p <> id % 3")
                        .count())
                .isZero();
    }

    private void runPartitioned() throws Exception {
        stream()
                .selectExpr("id", "cast(id % 3 as int) p")
                .writeStream()
                .format("npz")
                .partitionBy("p")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(target.toString())
                .awaitTermination();
    }

    @Test
    void aStreamWithPackByPacksEachBatch() throws Exception {
        for (long[] range : new long[][] {{0, 4}, {4, 6}}) {
            add(range[0], range[1]);
            stream()
                    .selectExpr("id % 2 k", "id")
                    .writeStream()
                    .format("npz")
                    .option("packBy", "k")
                    .option("orderBy", "id")
                    .option(
                            "checkpointLocation",
                            directory.resolve("checkpoint").toString())
                    .trigger(Trigger.AvailableNow())
                    .start(target.toString())
                    .awaitTermination();
        }
        assertThat(spark.read()
                        .format("npz")
                        .load(target.toString())
                        .orderBy("id")
                        .selectExpr("k", "concat_ws(',', id)")
                        .collectAsList())
                .hasToString("[[0,0,2], [1,1,3], [0,4], [1,5]]");
    }

    @Test
    void onlyAppendingIsAStream() {
        add(0, 1);
        assertThatThrownBy(() -> stream()
                        .groupBy()
                        .count()
                        .writeStream()
                        .format("npz")
                        .outputMode("complete")
                        .option(
                                "checkpointLocation",
                                directory.resolve("checkpoint").toString())
                        .trigger(Trigger.AvailableNow())
                        .start(target.toString())
                        .awaitTermination())
                .hasStackTraceContaining("streams append to npz");
    }
}
