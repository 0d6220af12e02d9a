package org.arrownpz.spark.internal.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.roundtrip.RandomFields;
import org.arrownpz.spark.Plain;
import org.arrownpz.spark.RandomNumpy;
import org.arrownpz.spark.WriteTest;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.GeneratedSection;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark's table in {@code docs/types.md}, of the dtypes and types that the other tables of the page have. It is written from
 * what Spark shows and writes: {@code mvn -pl core,spark-bridge test -Dtest=SparkTypesTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Darrownpz.regenerate=true}.
 */
@ExtendWith(SparkCheck.class)
class SparkTypesTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "types.md");

    @TempDir
    Path directory;

    /** What became of columns. */
    private final Map<String, List<List<String>>> rows = new LinkedHashMap<>();

    @Test
    void documentSaysWhatSparkShowsAndWrites(SparkSession spark) throws Exception {
        Map<String, DType> dtypes = ReadTypesTest.documentedTypes();
        Path numpy = directory.resolve("numpy.npz");
        new RandomNumpy(1).write(numpy, dtypes, Shape.of(50), StorageOrder.C);
        observe(
                spark,
                numpy,
                0,
                dtypes.values().stream()
                        // Of the same row in either byte order.
                        .map(dtype -> code(dtype.descr().replaceAll("^'|'$", "").replaceAll("^>", "<")))
                        .toList());

        List<Field> fields = RandomFields.all();
        observe(
                spark,
                write("arrow.npz", fields),
                1,
                fields.stream().map(SparkTypesTest::name).toList());

        List<Field> extensions = new ArrayList<>(AllTypes.extensions());
        List<String> names = new ArrayList<>(extensions.stream()
                .map(field -> code(field.getMetadata().get(NumpyMetadata.EXTENSION_NAME)))
                .toList());
        for (SmallFloat type : SmallFloat.values()) {
            Map<String, String> metadata = Map.of(
                    NumpyMetadata.EXTENSION_NAME,
                    NumpyMetadata.OPAQUE,
                    "ARROW:extension:metadata",
                    NumpyMetadata.opaque(type));
            FieldType bytes = new FieldType(true, new ArrowType.FixedSizeBinary(type.bytes()), null, metadata);
            extensions.add(new Field(type.mlName(), bytes, List.of()));
            names.add("types of `ml_dtypes`");
        }
        observe(spark, write("extensions.npz", extensions), 2, names);
        GeneratedSection.check(DOCUMENT, SparkTypesTest.class, table());
    }

    /** Every column has the name of its place: extensions are without one. */
    private Path write(String file, List<Field> fields) throws Exception {
        List<Field> named = new ArrayList<>();
        for (Field field : fields) {
            named.add(new Field("c" + named.size(), field.getFieldType(), field.getChildren()));
        }
        ReadTypesTest.write(directory.resolve(file), named);
        return directory.resolve(file);
    }

    /** Reads, writes and reads again the columns of a file, which have the values that core reads each time. */
    private void observe(SparkSession spark, Path file, int kind, List<String> names) throws Exception {
        ReadTypesTest.assertShowsCoresValues(spark, file, Map.of());
        Dataset<Row> read = spark.read().format("npz").load(file.toString());
        assertThat(read.columns()).hasSameSizeAs(names);
        // Spark itself lets no calendar interval into a table, wherever that is.
        String[] kept = Stream.of(read.schema().fields())
                .filter(field -> field.dataType() != DataTypes.CalendarIntervalType)
                .map(StructField::name)
                .toArray(String[]::new);
        Dataset<Row> writable = read.selectExpr(kept);
        List<@Nullable Object> shown = Plain.rows(writable.collectAsList());
        Path target = directory.resolve(file.getFileName() + " written");
        writable.coalesce(1).write().format("npz").mode("append").save(target.toString());
        assertThat(WriteTest.coresValues(target)).isEqualTo(shown);
        Dataset<Row> again = spark.read().format("npz").load(target.toString());
        assertThat(again.schema()).isEqualTo(writable.schema());
        assertThat(Plain.rows(again.collectAsList())).isEqualTo(shown);

        Map<String, String> written = new LinkedHashMap<>();
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, WriteTest.files(target).get(0))) {
            frame.schema()
                    .getFields()
                    .forEach(field -> written.put(field.getName(), code(GeneratedSection.typeName(field))));
        }
        String document = Files.readString(DOCUMENT);
        for (int i = 0; i < names.size(); i++) {
            StructField field = read.schema().fields()[i];
            assertThat(document).contains(names.get(i));
            String row = code(field.dataType().catalogString()) + " | %s | "
                    + written.getOrDefault(field.name(), "*refused* by Spark");
            List<String> cell = rows.computeIfAbsent(
                            row, key -> List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()))
                    .get(kind);
            if (!cell.contains(names.get(i))) {
                cell.add(names.get(i));
            }
        }
    }

    private String table() {
        StringBuilder text =
                new StringBuilder("\n| Spark type | dtypes | Arrow types | extension types | written as |\n"
                        + "| --- | --- | --- | --- | --- |\n");
        rows.forEach((row, cells) -> {
            String[] from = cells.stream().map(cell -> String.join(", ", cell)).toArray(String[]::new);
            text.append("| ")
                    .append(row.replace("%s", String.join(" | ", from)))
                    .append(" |\n");
        });
        return text.append("\n").toString();
    }

    private static String name(Field field) {
        return field.getType() instanceof ArrowType.Timestamp time && time.getTimezone() != null
                ? "`Timestamp(" + time.getUnit() + ", `*zone*`)`"
                : code(GeneratedSection.typeName(field));
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }
}
