package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.testing.Effort;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkCheck.class)
public class WriteTest {
    private static final StructType SCHEMA = new StructType()
            .add("bool", DataTypes.BooleanType)
            .add("i1", DataTypes.ByteType)
            .add("i2", DataTypes.ShortType)
            .add("i4", DataTypes.IntegerType)
            .add("i8", DataTypes.LongType)
            .add("f4", DataTypes.FloatType)
            .add("f8", DataTypes.DoubleType)
            .add("short decimal", DataTypes.createDecimalType(10, 2))
            .add("long decimal", DataTypes.createDecimalType(38, 6))
            .add("text", DataTypes.StringType)
            .add("bytes", DataTypes.BinaryType)
            .add("date", DataTypes.DateType)
            .add("instant", DataTypes.TimestampType)
            .add("time", DataTypes.TimestampNTZType)
            .add("duration", DataTypes.createDayTimeIntervalType())
            .add("months", DataTypes.createYearMonthIntervalType())
            .add("nothing", DataTypes.NullType)
            .add("list", DataTypes.createArrayType(DataTypes.LongType))
            .add("texts", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.StringType)))
            .add("nothings", DataTypes.createArrayType(DataTypes.NullType))
            .add("struct", new StructType().add("a", DataTypes.IntegerType).add("b", DataTypes.StringType))
            .add("structs", DataTypes.createArrayType(new StructType().add("a", DataTypes.DoubleType)))
            .add("map", DataTypes.createMapType(DataTypes.StringType, DataTypes.createArrayType(DataTypes.LongType)));

    @TempDir
    Path directory;

    private static List<Row> rows(int count, boolean nulls) {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object[] values = {
                random.nextBoolean(),
                (byte) random.nextInt(),
                (short) random.nextInt(),
                random.nextInt(),
                random.nextLong(),
                random.nextFloat(),
                random.nextDouble(),
                BigDecimal.valueOf(random.nextInt(), 2),
                new BigDecimal("-12345678901234567890123456789012.345678").add(BigDecimal.valueOf(i)),
                "tëxt " + "x".repeat(random.nextInt(9)),
                new byte[] {(byte) i, 0, 7},
                LocalDate.ofEpochDay(random.nextInt(40_000) - 20_000),
                Instant.ofEpochSecond(random.nextInt(), 1000L * random.nextInt(1_000_000)),
                LocalDateTime.of(1969, 12, 31, 23, 59, 59).plusNanos(1000L * random.nextInt()),
                Duration.ofSeconds(random.nextInt(), 1000),
                Period.ofMonths(random.nextInt(100) - 50),
                null,
                List.of(1L, (long) i, random.nextLong()).subList(0, random.nextInt(4)),
                List.of(List.of("a", "b" + i), List.of()),
                i % 2 == 0 ? Arrays.asList(null, null) : List.of(),
                RowFactory.create(i, "s" + i),
                List.of(RowFactory.create(0.5 * i)),
                Map.of("k" + i, List.of((long) i))
            };
            for (int k = 0; nulls && k < values.length; k++) {
                values[k] = random.nextInt(4) == 0 ? null : values[k];
            }
            for (int k = 0; k < values.length; k++) {
                if (values[k] instanceof List<?> list && k != 18) {
                    values[k] = list.toArray();
                } else if (k == 18 && values[k] != null) {
                    values[k] = new Object[] {new Object[] {"a", "b" + i}, new Object[0]};
                } else if (values[k] instanceof Map<?, ?>) {
                    values[k] = Map.of("k" + i, new Object[] {(long) i});
                }
            }
            rows.add(RowFactory.create(values));
        }
        return rows;
    }

    public static List<Path> files(Path directory) throws Exception {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> path.toString().endsWith(".npz"))
                    .sorted()
                    .toList();
        }
    }

    /** The rows of all files as core reads them. */
    public static List<@Nullable Object> coresValues(Path directory) throws Exception {
        List<@Nullable Object> all = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            for (Path file : files(directory)) {
                try (Frame frame = Frames.open(allocator, file)) {
                    for (int row = 0; row < frame.rowCount(); row++) {
                        List<@Nullable Object> values = new ArrayList<>();
                        for (FieldVector vector : frame.root().getFieldVectors()) {
                            values.add(Plain.of(vector, row, frame.dictionaries()));
                        }
                        all.add(values);
                    }
                }
            }
        }
        return all;
    }

    @Test
    void whatIsWrittenIsReadBackByCoreAndBySpark(SparkSession spark) throws Exception {
        for (boolean nulls : new boolean[] {false, true}) {
            Path target = directory.resolve("nulls " + nulls);
            Dataset<Row> data = spark.createDataFrame(rows(60, nulls), SCHEMA).coalesce(1);
            data.write().format("npz").mode("overwrite").save(target.toString());

            List<@Nullable Object> expected = Plain.rows(data.collectAsList());
            Dataset<Row> read = spark.read().format("npz").load(target.toString());
            assertThat(Plain.rows(read.collectAsList())).isEqualTo(expected);
            assertThat(read.schema()).isEqualTo(SCHEMA);
            assertThat(coresValues(target)).isEqualTo(expected);
            assertThat(files(target)).hasSize(1);
            assertThat(target.resolve("_SUCCESS")).exists();
        }
    }

    @Test
    void appendsAndOverwrites(SparkSession spark) throws Exception {
        String target = directory.resolve("t").toString();
        Dataset<Row> ten = spark.range(10).toDF("n");
        ten.write().format("npz").mode("append").save(target);
        ten.write().format("npz").mode("append").save(target);
        assertThat(spark.read().format("npz").load(target).count()).isEqualTo(20);
        // What is read may be overwritten: the old files go last.
        spark.read()
                .format("npz")
                .load(target)
                .filter("n < 3")
                .write()
                .format("npz")
                .mode("overwrite")
                .save(target);
        assertThat(spark.read().format("npz").load(target).as(Encoders.LONG()).collectAsList())
                .containsExactlyInAnyOrder(0L, 0L, 1L, 1L, 2L, 2L);
    }

    /** A table of no rows is a table. */
    @Test
    void emptyFramesAreOneFileWithTheColumns(SparkSession spark) throws Exception {
        Dataset<Row> none = spark.createDataFrame(rows(5, false), SCHEMA).filter("i1 is null");
        for (Map<String, String> options : List.of(
                Map.<String, String>of(), Map.of("packBy", "i8"), Map.of("packBy", "i8", "packForm", "sorted"))) {
            for (int tasks : Effort.some(2, List.of(3, 0, 1))) {
                String target =
                        directory.resolve("t" + tasks + options.keySet()).toString();
                Dataset<Row> empty =
                        tasks == 0 ? spark.createDataFrame(List.<Row>of(), SCHEMA) : none.repartition(tasks);
                for (String mode : new String[] {"append", "append", "overwrite"}) {
                    empty.write().format("npz").options(options).mode(mode).save(target);
                    assertThat(files(Path.of(target))).hasSize(1);
                }
                Dataset<Row> read = spark.read().format("npz").load(target);
                assertThat(read.collectAsList()).isEmpty();
                assertThat(read.count()).isZero();
                if (options.isEmpty()) {
                    assertThat(read.schema()).isEqualTo(SCHEMA);
                } else {
                    assertThat(read.columns()).containsExactlyInAnyOrder(SCHEMA.fieldNames());
                    assertThat(read.select("f4").schema().catalogString()).isEqualTo("struct<f4:array<float>>");
                }
            }
        }
        // Nothing is added where there are files.
        String target = directory.resolve("some").toString();
        spark.range(3).coalesce(1).write().format("npz").mode("append").save(target);
        spark.range(0).write().format("npz").mode("append").save(target);
        assertThat(files(Path.of(target))).hasSize(1);
        // Directories, of which there must be one.
        String parted = directory.resolve("parted").toString();
        spark.range(0)
                .selectExpr("id", "cast(id as int) p")
                .write()
                .format("npz")
                .partitionBy("p")
                .mode("append")
                .save(parted);
        assertThat(spark.read().format("npz").load(parted).columns()).containsExactly("id", "p");
        assertThat(spark.read().format("npz").load(parted).count()).isZero();
    }

    @Test
    void numbersAreAlignedBlocksThatNumpyReads(SparkSession spark) throws Exception {
        spark.range(1000)
                .selectExpr("id", "id / 2.0D half", "cast(id as string) s")
                .coalesce(1)
                .write()
                .format("npz")
                .mode("overwrite")
                .save(directory.toString());
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile file = NpzFile.open(allocator, files(directory).get(0))) {
            assertThat(file.names())
                    .contains("__meta__.json", "__blocks_0__.npy")
                    .doesNotContain("__arrow_schema__.npy");
            for (String name : file.names()) {
                if (name.endsWith(".npy")) {
                    long data =
                            file.payloadOffset(name) + file.array(name).header().dataOffset();
                    assertThat(data % 64).as(name).isZero();
                }
            }
        }
    }

    @Test
    void severalFilesWhereRowsExceedTheMemoryAllowed(SparkSession spark) throws Exception {
        Dataset<Row> rows = spark.range(100_000).toDF("n").coalesce(1);
        rows.write()
                .format("npz")
                .option("maxBytesInMemory", 200_000)
                .mode("overwrite")
                .save(directory.toString());
        assertThat(files(directory)).hasSizeGreaterThan(3);
        assertThat(spark.read()
                        .format("npz")
                        .load(directory.toString())
                        .agg(functions.sum("n"))
                        .head()
                        .getLong(0))
                .isEqualTo(99_999L * 50_000);
    }

    @Test
    void failedWriteLeavesTheDirectoryAsItWas(SparkSession spark) throws Exception {
        String target = directory.resolve("t").toString();
        spark.range(5).toDF("n").write().format("npz").mode("overwrite").save(target);
        List<Path> before = files(Path.of(target));
        Dataset<Row> failing = spark.range(0, 1000, 1, 2).selectExpr("if(id = 900, raise_error('on purpose'), id) n");
        assertThatThrownBy(() -> failing.write().format("npz").mode("overwrite").save(target))
                .hasStackTraceContaining("on purpose");
        // The same with directories, one of which is being written.
        assertThatThrownBy(() -> failing.selectExpr("n", "n % 3 p")
                        .write()
                        .format("npz")
                        .partitionBy("p")
                        .mode("overwrite")
                        .save(target))
                .hasStackTraceContaining("on purpose");
        assertThat(files(Path.of(target))).isEqualTo(before);
        assertThat(Path.of(target, "p=0")).doesNotExist();
        try (Stream<Path> entries = Files.list(Path.of(target))) {
            assertThat(entries.map(path -> path.getFileName().toString()).sorted(Comparator.naturalOrder()))
                    .noneMatch(name -> name.startsWith("_temporary"));
        }
    }

    @Test
    @Tag("spark4")
    void refusesTypesWithoutAnArrowType(SparkSession spark) {
        assertThatThrownBy(() -> spark.sql("select parse_json('1') v")
                        .write()
                        .format("npz")
                        .mode("append")
                        .save(directory.toString()))
                .hasStackTraceContaining("column v of type variant cannot be written as NPZ");
    }

    @Test
    void fieldsOfStructsAreReadByName(SparkSession spark) {
        String target = directory.toString();
        spark.range(3)
                .selectExpr(
                        "struct(id a, id * 10 b, struct(id * 100 c, id * 1000 d) e) s",
                        "array(struct(id f, id + 1 g)) l",
                        "map('k', struct(id h, id + 2 i)) m")
                .write()
                .format("npz")
                .mode("append")
                .save(target);
        Dataset<Row> read = spark.read().format("npz").load(target);
        assertThat(read.selectExpr("sum(s.b)", "sum(s.e.d)", "sum(l[0].g)", "sum(m['k'].i)")
                        .head()
                        .toString())
                .isEqualTo("[30,3000,6,9]");
        assertThat(read.selectExpr("s.b", "concat_ws(',', l.g)")
                        .orderBy("b")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[0,1], [10,2], [20,3]]");
    }

    @Test
    @Tag("nightly")
    void fewLargeRowsAreWrittenBeforeTheyFillTheMemory(SparkSession spark) throws Exception {
        spark.range(0, 60, 1, 1)
                .selectExpr("id", "repeat('x', 1000000) s")
                .write()
                .format("npz")
                .option("maxBytesInMemory", 1_000_000)
                .mode("append")
                .save(directory.toString());
        assertThat(files(directory)).hasSizeGreaterThan(1);
        assertThat(spark.read()
                        .format("npz")
                        .load(directory.toString())
                        .selectExpr("sum(length(s))", "sum(id)")
                        .head()
                        .toString())
                .isEqualTo("[60000000,1770]");
    }
}
