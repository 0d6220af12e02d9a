package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.vector.MisfitPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkCheck.class)
class FilesTest {
    @TempDir
    Path directory;

    private Path archive(String name, int rows, String... columns) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Map<String, DType> types = new LinkedHashMap<>();
        for (String column : columns) {
            types.put(column.substring(0, 1), RandomNumpy.dtype(column.substring(2)));
        }
        new RandomNumpy(rows).write(file, types, Shape.of(rows), StorageOrder.C);
        return file;
    }

    private static DataFrameReader reader(SparkSession spark) {
        return spark.read().format("npz");
    }

    @Test
    void readsFilesDirectoriesGlobsAndSeveralPaths(SparkSession spark) throws Exception {
        archive("a/1.npz", 10, "x:<i8");
        archive("a/deep/2.npz", 20, "x:<i8");
        archive("b/3.npz", 40, "x:<i8");
        archive("b/_hidden.npz", 80, "x:<i8");
        Files.writeString(directory.resolve("b/notes.txt"), "no archive");
        String root = directory.toString();
        assertThat(reader(spark).load(root).count()).isEqualTo(70);
        assertThat(reader(spark).load(root + "/a/1.npz").count()).isEqualTo(10);
        assertThat(reader(spark).load(root + "/*/3.npz", root + "/a/deep").count())
                .isEqualTo(60);
        assertThat(spark.sql("create or replace temporary view t using npz options (path '" + root + "/a')")
                        .isEmpty())
                .isTrue();
        assertThat(spark.sql("select count(x) from t").head().getLong(0)).isEqualTo(30);
        assertThatThrownBy(() -> reader(spark).load(root + "/c")).hasMessageContaining("there is no file or directory");
        Files.createDirectories(directory.resolve("c"));
        assertThatThrownBy(() -> reader(spark).load(root + "/c")).hasMessageContaining("no NPZ file in");
    }

    @Test
    void partitionDirectoriesBecomeColumnsAndChooseFiles(SparkSession spark) throws Exception {
        archive("day=2026-01-01/city=K%C3%B6ln/1.npz", 10, "x:<i8");
        archive("day=2026-01-02/city=__HIVE_DEFAULT_PARTITION__/2.npz", 20, "x:<i8");
        Path bad = archive("day=2026-01-03/city=7/3.npz", 40, "x:<i8");
        Dataset<Row> all = reader(spark).load(directory.toString());
        assertThat(all.schema())
                .isEqualTo(new StructType().add("x", "long").add("day", "date").add("city", "string"));
        assertThat(all.groupBy("day", "city")
                        .count()
                        .orderBy("day")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[2026-01-01,KÃ¶ln,10], [2026-01-02,null,20], [2026-01-03,7,40]]");
        // A file that the condition excludes is not opened.
        Files.delete(bad);
        assertThat(all.filter("day < '2026-01-03' and x is not null").count()).isEqualTo(30);
        assertThat(all.filter("city is null or day = date'2026-01-01'").count()).isEqualTo(30);
        assertThat(all.filter("city in ('x')").count()).isZero();
        Path odd = archive("4.npz", 1, "x:<i8");
        assertThatThrownBy(() -> reader(spark).load(directory.toString()))
                .hasMessageContaining("its directories state other columns")
                .hasMessageContaining(odd.getParent().toString());
    }

    @Test
    void countStarIsAnsweredFromHeaders(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 1000, "x:<i8");
        Dataset<Row> count = reader(spark).load(file.toString()).selectExpr("count(*)", "count(1)");
        assertThat(count.head().toString()).isEqualTo("[1000,1000]");
        assertThat(count.queryExecution().executedPlan().toString())
                .contains("LocalTableScan")
                .doesNotContain("BatchScan");
    }

    @Test
    void differingFilesAreRefusedByNameOrMerged(SparkSession spark) throws Exception {
        archive("1.npz", 10, "x:<i8", "y:<f8");
        archive("2.npz", 20, "x:<i8", "z:|b1");
        assertThatThrownBy(() -> reader(spark).load(directory.toString()))
                .hasMessageContaining("2.npz")
                .hasMessageContaining("1.npz")
                .hasMessageContaining("z boolean")
                .hasMessageContaining("mergeSchema=true");
        Dataset<Row> merged = reader(spark).option("mergeSchema", true).load(directory.toString());
        assertThat(merged.columns()).containsExactly("x", "y", "z");
        assertThat(merged.selectExpr("count(x)", "count(y)", "count(z)").head().toString())
                .isEqualTo("[30,10,20]");
        archive("3.npz", 5, "x:<f4");
        assertThatThrownBy(() -> reader(spark).option("mergeSchema", true).load(directory.toString()))
                .hasMessageContaining("3.npz")
                .hasMessageContaining("expected x bigint but found x float");
    }

    @Test
    void namesThatDifferInCaseAloneAreRefusedAsSparkWould(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 10, "m:<i8", "M:<f8");
        assertThatThrownBy(() -> reader(spark).load(file.toString()))
                .hasMessageContaining("1.npz")
                .hasMessageContaining("m, M")
                .hasMessageContaining("spark.sql.caseSensitive");
    }

    @Test
    void givenSchemaMustFit(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 10, "x:<i8", "y:<f8");
        StructType fits = new StructType().add("y", DataTypes.DoubleType);
        assertThat(reader(spark)
                        .schema(fits)
                        .load(file.toString())
                        .selectExpr("count(y)")
                        .head()
                        .getLong(0))
                .isEqualTo(10);
        StructType other = new StructType().add("y", DataTypes.LongType);
        assertThatThrownBy(
                        () -> reader(spark).schema(other).load(file.toString()).collect())
                .hasStackTraceContaining("1.npz")
                .hasStackTraceContaining("expected y bigint but found y double");
    }

    @Test
    void largeFilesAreReadInParts(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 100_000, "x:<i4", "s:<U5", "t:<M8[ns]");
        spark.conf().set("spark.sql.files.openCostInBytes", "1k");
        try {
            Dataset<Row> rows = reader(spark).load(file.toString());
            assertThat(rows.rdd().getNumPartitions()).isGreaterThan(1);
            List<Row> parts = rows.collectAsList();
            List<Row> whole = reader(spark).load(file.toString()).coalesce(1).collectAsList();
            assertThat(parts).hasSize(100_000).isEqualTo(whole);
        } finally {
            spark.conf().unset("spark.sql.files.openCostInBytes");
        }
    }

    @Test
    void foreignFileSystemsAreReadByRanges(SparkSession spark) throws Exception {
        spark.sparkContext().hadoopConfiguration().set("fs.counted.impl", CountedFileSystem.class.getName());
        Path file = archive("1.npz", 400_000, "x:<i8", "y:<f8", "z:<f8");
        String remote = "counted://" + directory;
        if (Runtime.version().feature() >= 24 && VersionInfo.getVersion().startsWith("3.4")) {
            // No file system of this Hadoop runs on such a JDK, whoever asks; local files need none.
            assertThatThrownBy(() -> FileSystem.get(
                            URI.create(remote), spark.sparkContext().hadoopConfiguration()))
                    .hasMessageContaining("getSubject is not supported");
            return;
        }
        long expected = reader(spark)
                .load(file.toString())
                .selectExpr("sum(x % 1000)")
                .head()
                .getLong(0);
        CountedFileSystem.BYTES.set(0);
        assertThat(reader(spark).load(remote).selectExpr("sum(x % 1000)").head().getLong(0))
                .isEqualTo(expected);
        // One column of three, and headers.
        assertThat(CountedFileSystem.BYTES.get()).isBetween(3_200_000L, 4_800_000L);
        // Writing and packing there, and reading it.
        String target = remote + "/out";
        reader(spark)
                .load(remote + "/1.npz")
                .selectExpr("x % 10 k", "y")
                .write()
                .format("npz")
                .option("packBy", "k")
                .mode("overwrite")
                .save(target);
        assertThat(reader(spark).load(target).selectExpr("sum(size(y))").head().getLong(0))
                .isEqualTo(400_000);
        assertThat(reader(spark).option("unpack", true).load(target).count()).isEqualTo(400_000);
        // Directories for the values of a column, there too.
        String parted = remote + "/parted";
        reader(spark)
                .load(remote + "/1.npz")
                .selectExpr("x", "if(x > 0, 'a:b', 'c') sign")
                .write()
                .format("npz")
                .partitionBy("sign")
                .mode("overwrite")
                .save(parted);
        assertThat(reader(spark)
                        .load(parted)
                        .filter("sign = 'a:b'")
                        .selectExpr("min(x) > 0")
                        .head()
                        .getBoolean(0))
                .isTrue();
        assertThat(reader(spark).load(parted).count()).isEqualTo(400_000);
        Files.write(directory.resolve("bad.npz"), new byte[100]);
        assertThatThrownBy(() -> reader(spark).load(remote + "/bad.npz"))
                .hasMessageContaining("counted://" + directory + "/bad.npz");
        assertThat(CountedFileSystem.OPEN).hasValue(0);
    }

    /** As StaticFrame writes several columns of a type: one row-major block. */
    @Test
    void framesInEitherOrderShowCoresValuesUnderTheirLabels(SparkSession spark) throws Exception {
        spark.conf().set("spark.sql.caseSensitive", true);
        try (var found = Files.walk(Path.of("..", "core", "src", "test", "resources", "golden", "static-frame"));
                BufferAllocator allocator = new RootAllocator()) {
            int compared = 0;
            for (Path file : found.filter(path -> path.toString().endsWith(".npz"))
                    .sorted()
                    .toList()) {
                List<@Nullable Object> expected = new ArrayList<>();
                String[] names;
                try (Frame frame =
                        Frames.open(allocator, file, ReadOptions.defaults().withMisfitPolicy(MisfitPolicy.REFUSE))) {
                    names = frame.schema().getFields().stream()
                            .map(field -> field.getName())
                            .toArray(String[]::new);
                    for (int row = 0; row < frame.rowCount(); row++) {
                        List<@Nullable Object> values = new ArrayList<>();
                        for (FieldVector vector : frame.root().getFieldVectors()) {
                            values.add(Plain.of(vector, row, frame.dictionaries()));
                        }
                        expected.add(values);
                    }
                } catch (NpzException refused) {
                    // Several frames in one archive, or text that is none.
                    assertThatThrownBy(() -> reader(spark).load(file.toString()).collect())
                            .hasStackTraceContaining(file.getFileName().toString());
                    continue;
                }
                Dataset<Row> rows = reader(spark).option("batchRows", 2).load(file.toString());
                assertThat(rows.columns()).as(file.toString()).isEqualTo(names);
                assertThat(Plain.rows(rows.collectAsList())).as(file.toString()).isEqualTo(expected);
                compared++;
            }
            assertThat(compared).isGreaterThan(20);
        } finally {
            spark.conf().unset("spark.sql.caseSensitive");
        }
    }

    @Test
    void damagedFilesFailByNameOrAreSkipped(SparkSession spark) throws Exception {
        archive("1.npz", 10, "x:<i8");
        Path truncated = archive("2.npz", 20, "x:<i8");
        byte[] bytes = Files.readAllBytes(truncated);
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length - 30));
        assertThatThrownBy(() -> reader(spark).load(directory.toString()))
                .hasMessageContaining("2.npz")
                .hasMessageContaining("ZIP_STRUCTURE");
        Dataset<Row> rest = reader(spark).option("badFiles", "skip").load(directory.toString());
        assertThat(rest.count()).isEqualTo(10);
        assertThat(rest.selectExpr("count(x)").head().getLong(0)).isEqualTo(10);
    }

    @Test
    void damagedValuesFailTheTaskByNameAndOnlyWhereTheyAreRead(SparkSession spark) throws Exception {
        archive("1.npz", 10, "x:<i8", "s:<U5");
        Path file = archive("2.npz", 20, "x:<i8", "s:<U5");
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile npz = NpzFile.open(allocator, file);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long data = npz.payloadOffset("s.npy") + npz.array("s.npy").header().dataOffset();
            channel.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}), data);
        }
        Dataset<Row> rows = reader(spark).load(directory.toString());
        assertThat(rows.selectExpr("count(x)").head().getLong(0)).isEqualTo(30);
        assertThatThrownBy(() -> rows.selectExpr("max(s)").head())
                .hasStackTraceContaining("2.npz!/s.npy")
                .hasStackTraceContaining("NpyFormatException");
        Dataset<Row> rest = reader(spark).option("badFiles", "skip").load(directory.toString());
        assertThat(rest.filter("s is not null").selectExpr("count(s)").head().getLong(0))
                .isEqualTo(10);
        assertThatThrownBy(() -> reader(spark)
                        .option("verify", "crc")
                        .load(file.toString())
                        .selectExpr("max(s)")
                        .head())
                .hasStackTraceContaining("ZIP_CRC");
    }

    @Test
    void filesThatShrinkBetweenPlanningAndReadingAreNamed(SparkSession spark) throws Exception {
        Path file = archive("1.npz", 1000, "x:<i8");
        Dataset<Row> rows = reader(spark).load(file.toString());
        archive("1.npz", 500, "x:<i8");
        assertThatThrownBy(() -> rows.selectExpr("sum(x)").collect())
                .hasStackTraceContaining("1.npz")
                .hasStackTraceContaining("FILE_CHANGED");
    }

    @Test
    void refusesArchivesThatAreNoTable(SparkSession spark) throws Exception {
        Path file = directory.resolve("odd.npz");
        try (NpzWriter writer = NpzWriter.create(file, WriteOptions.defaults())) {
            DType type = RandomNumpy.dtype("<i8");
            for (int rows = 1; rows < 3; rows++) {
                writer.array(
                        "a" + rows + ".npy",
                        NpyHeaderWriter.numpy(type, Shape.of(rows), StorageOrder.C),
                        RandomNumpy.content(type, Shape.of(rows), StorageOrder.C, new byte[8 * rows]));
            }
            writer.finish();
        }
        assertThatThrownBy(() -> reader(spark).load(file.toString()))
                .hasMessageContaining("odd.npz!/a2.npy")
                .hasMessageContaining("FRAME_SHAPE");
        assertThatThrownBy(() -> reader(spark).option("badFiles", "maybe").load(file.toString()))
                .hasMessageContaining("badFiles is fail or skip, not maybe");
    }
}
