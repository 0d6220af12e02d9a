package org.arrownpz.spark.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.statistics.IOStatisticsSupport;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.ObjectServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S3A's committers put the files of a write into a bucket. Spark 3.5 has a Hadoop with Amazon's first SDK. */
@ExtendWith(SparkCheck.class)
@Tag("spark4")
class ObjectCommitTest {
    @TempDir
    static Path directory;

    private static ObjectServer server;

    @BeforeAll
    static void serve() throws Exception {
        assumeFalse(SparkCheck.lacksHadoop(), "no file system of this Hadoop runs on this JDK");
        server = new ObjectServer(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static List<String> committers() {
        return Effort.some(1, List.of("magic", "directory", "partitioned"));
    }

    private static Map<String, String> options(String committer) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("fs.s3a.endpoint", server.endpoint.toString());
        options.put("fs.s3a.endpoint.region", "us-east-1");
        options.put("fs.s3a.path.style.access", "true");
        options.put("fs.s3a.access.key", ObjectServer.IDENTITY);
        options.put("fs.s3a.secret.key", ObjectServer.CREDENTIAL);
        options.put("fs.s3a.committer.name", committer);
        options.put(
                "fs.s3a.committer.staging.tmp.path",
                directory.resolve("staging").toString());
        options.put("fs.s3a.buffer.dir", directory.resolve("buffers").toString());
        return options;
    }

    private static Configuration configuration(SparkSession spark, String committer) {
        Configuration configuration = spark.sessionState().newHadoopConf();
        options(committer).forEach(configuration::set);
        return configuration;
    }

    /** What S3A has counted since the session began. */
    private static long counted(SparkSession spark, String name) throws Exception {
        FileSystem bucket = FileSystem.get(URI.create("s3a://bucket/"), configuration(spark, "file"));
        return IOStatisticsSupport.retrieveIOStatistics(bucket).counters().getOrDefault(name, 0L);
    }

    private static long copies(SparkSession spark) throws Exception {
        return counted(spark, "op_rename") + counted(spark, "object_copy_requests");
    }

    /** All that the store has of a table: parts of uploads that wait, too. */
    private static List<String> stored(String table) throws Exception {
        Path place = directory.resolve("bucket");
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> place.relativize(file).toString())
                    .filter(file -> file.startsWith(table) || file.startsWith("."))
                    .map(file -> file.replaceFirst("part-.*\\.npz", "part"))
                    .sorted()
                    .toList();
        }
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows, String committer, String mode) {
        return rows.write().format("npz").options(options(committer)).mode(mode);
    }

    private static List<Long> values(SparkSession spark, String committer, String table) {
        return spark
                .read()
                .format("npz")
                .options(options(committer))
                .load("s3a://bucket/" + table)
                .selectExpr("cast(x as bigint)")
                .as(Encoders.LONG())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("committers")
    void committersPutFilesInPlaceWithoutARename(String committer, SparkSession spark) throws Exception {
        String path = "s3a://bucket/" + committer;
        Dataset<Row> rows = spark.range(0, 6, 1, 2).selectExpr("id x", "id % 2 p");
        long before = copies(spark);
        writer(rows, committer, "append").partitionBy("p").save(path);
        writer(rows, committer, "append").partitionBy("p").save(path);
        assertThat(values(spark, committer, committer)).containsExactly(0L, 0L, 1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L, 5L, 5L);
        writer(rows.filter("p = 1"), committer, "overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .partitionBy("p")
                .save(path);
        assertThat(values(spark, committer, committer)).containsExactly(0L, 0L, 1L, 2L, 2L, 3L, 4L, 4L, 5L);
        writer(rows.coalesce(1), committer, "overwrite").partitionBy("p").save(path);
        assertThat(values(spark, committer, committer)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(stored(committer))
                .containsExactly(committer + "/_SUCCESS", committer + "/p=0/part", committer + "/p=1/part");
        writer(rows.drop("p").filter("x > 9"), committer, "overwrite").save(path);
        assertThat(values(spark, committer, committer)).isEmpty();
        assertThat(stored(committer)).containsExactly(committer + "/_SUCCESS", committer + "/part");
        assertThat(copies(spark)).isEqualTo(before);
    }

    @Test
    void withoutACommitterOfTheStoreFilesAreRenamed(SparkSession spark) throws Exception {
        long before = copies(spark);
        writer(spark.range(3).toDF("x"), "file", "append").save("s3a://bucket/file");
        assertThat(values(spark, "file", "file")).containsExactly(0L, 1L, 2L);
        assertThat(copies(spark)).isGreaterThan(before);
    }

    @ParameterizedTest
    @MethodSource("committers")
    void aWriteThatFailsLeavesTheTableAndNothingElse(String committer, SparkSession spark) throws Exception {
        String table = "failed-" + committer;
        writer(spark.range(0, 3, 1, 1).toDF("x"), committer, "append").save("s3a://bucket/" + table);
        // Two tasks end, the third does not.
        Dataset<Row> failing = spark.range(0, 9, 1, 3).selectExpr("if(id = 8, raise_error('no more'), id) x");
        assertThatThrownBy(() -> writer(failing.selectExpr("cast(x as bigint) x"), committer, "overwrite")
                        .save("s3a://bucket/" + table))
                .hasStackTraceContaining("no more");
        // The mark of the first write went when the second began.
        assertThat(stored(table)).containsExactly(table + "/part");
        assertThat(values(spark, committer, table)).containsExactly(0L, 1L, 2L);
    }

    private static WriterCommitMessage write(NpzWriterFactory factory, long attempt, boolean ends) throws Exception {
        try (DataWriter<InternalRow> writer = factory.createWriter(0, attempt)) {
            writer.write(new GenericInternalRow(new Object[] {attempt}));
            WriterCommitMessage message = ends ? writer.commit() : null;
            if (!ends) {
                writer.abort();
            }
            return message;
        }
    }

    @ParameterizedTest
    @MethodSource("committers")
    void ofAttemptsOfATaskTheLastThatIsTakenCounts(String committer, SparkSession spark) throws Exception {
        String table = "attempts-" + committer;
        NpzBatchWrite write = new NpzBatchWrite(
                "s3a://bucket/" + table,
                PartitionSpec.of(new StructType().add("x", "long"), new Transform[0], List.of()),
                "8f0d1c52-5a58-4a7b-8f0c-6f9f5a1b9d11",
                NpzOptions.of(Map.of()),
                configuration(spark, committer),
                Replacement.of(Replacement.Extent.NOTHING),
                null);
        NpzWriterFactory factory = write.createBatchWriterFactory(() -> 1);
        // The message of an executor that was lost, a copy that was slower, and the one that the driver hears of.
        write(factory, 1, true);
        write(factory, 2, false);
        WriterCommitMessage taken = write(factory, 3, true);
        assertThat(stored(table)).noneMatch(file -> file.endsWith("/part"));
        write.commit(new WriterCommitMessage[] {taken});
        assertThat(values(spark, committer, table)).containsExactly(3L);
        assertThat(stored(table)).containsExactly(table + "/_SUCCESS", table + "/part");
    }
}
