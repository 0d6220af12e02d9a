package org.arrownpz.spark.internal.scan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.Memory;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.column.SparkTypes;
import org.arrownpz.spark.internal.column.VectorColumn;
import org.arrownpz.spark.internal.partition.PartitionFilter;
import org.arrownpz.spark.internal.partition.Partitions;
import org.arrownpz.spark.internal.read.FrameColumns;
import org.arrownpz.spark.internal.read.NpzSource;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;

/**
 * The files of a table, what their headers say, and the schema that they agree on.
 *
 * @param files the files that can be read
 * @param data the columns of the files
 * @param partition the columns that directories state
 * @param skipped the number of files left out
 */
public record Catalog(List<File> files, StructType data, StructType partition, int skipped) {
    /**
     * A file.
     *
     * @param path where it is
     * @param rows its rows, before unpacking
     * @param schema its columns
     * @param divisible whether several tasks may read parts of it, each no more than its own
     * @param headers the bytes that are no elements of arrays, about
     */
    record File(NpzPath path, long rows, StructType schema, boolean divisible, long headers) {}

    /** The files that meet conditions over what directories state. */
    Catalog where(List<Filter> conditions) {
        return conditions.isEmpty()
                ? this
                : new Catalog(
                        files.stream()
                                .filter(file -> PartitionFilter.accepts(conditions, file.path(), partition))
                                .toList(),
                        data,
                        partition,
                        skipped);
    }

    /** Data columns, then partition columns; a partition column hides a data column of its name. */
    public StructType schema() {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : data.fields()) {
            if (!contains(partition, field.name())) {
                fields.add(field);
            }
        }
        fields.addAll(List.of(partition.fields()));
        return DataTypes.createStructType(fields);
    }

    static boolean contains(StructType schema, String name) {
        for (StructField field : schema.fields()) {
            if (field.name().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads the headers of files, several at a time.
     *
     * @param given the schema that the user or a catalog gave: other columns do not matter then, and directories state
     *     columns of its types. Without one the files tell
     * @throws NpzException META_SCHEMA, with a file whose columns are not those of the others, or of the given schema
     */
    public static Catalog read(
            List<NpzPath> paths,
            Configuration configuration,
            NpzOptions options,
            boolean partitionTypes,
            @Nullable StructType given)
            throws IOException {
        Object[] found = IntStream.range(0, paths.size())
                .parallel()
                .mapToObj(i -> head(paths.get(i), configuration, options))
                .toArray();
        List<File> files = new ArrayList<>(found.length);
        Map<StructType, StructType> schemas = new HashMap<>();
        for (Object result : found) {
            if (result instanceof File file) {
                StructType schema = schemas.computeIfAbsent(file.schema(), same -> same);
                files.add(new File(file.path(), file.rows(), schema, file.divisible(), file.headers()));
                continue;
            }
            NpzException fault = (NpzException) result;
            if (!NpzSource.maySkip(fault, options)) {
                throw fault;
            }
            Log.LOG.warn("skipped: {}", fault.getMessage());
        }
        List<NpzPath> readable = files.stream().map(File::path).toList();
        StructType partition = Partitions.infer(readable, partitionTypes);
        int skipped = found.length - files.size();
        if (given == null) {
            StructType merged = merge(files, options.mergeSchema());
            requireThere(options.vectors(), merged);
            return new Catalog(files, merged, partition, skipped);
        }
        requireThere(options.vectors(), given);
        StructType typed = Partitions.as(given, readable, partition);
        check(files, given, typed, options.mergeSchema());
        return new Catalog(files, given, typed, skipped);
    }

    private static Object head(NpzPath path, Configuration configuration, NpzOptions options) {
        try (BufferAllocator allocator = Memory.child("npz headers");
                NpzSource source = NpzSource.open(allocator, path, configuration, options.reading())) {
            FrameSummary head = source.head();
            return new File(path, head.rows(), schema(path, head, options), source.isDivisible(), source.headerBytes());
        } catch (NpzException e) {
            return e;
        }
    }

    private static StructType schema(NpzPath path, FrameSummary head, NpzOptions options) throws NpzException {
        List<StructField> fields = new ArrayList<>(head.columns().size());
        for (FrameSummary.Column column : head.columns()) {
            Field field = column.messageField();
            if (options.unpack() && FrameColumns.isPacked(column)) {
                field = field.getChildren().get(0);
            }
            boolean vectors = options.vectors().contains(column.name());
            if (vectors && !VectorColumn.isPossible(field)) {
                throw Location.ofFile(path.text())
                        .error(ErrorCode.META_SCHEMA, "the rows of a column are no vectors")
                        .expected(column.name() + ", a fixed-size list of numbers")
                        .found(SparkTypes.of(field).catalogString())
                        .remedy(
                                "Name it not in the option vectors; Spark ML's array_to_vector takes arrays of any length")
                        .build();
            }
            DataType type = vectors ? VectorColumn.type() : SparkTypes.of(field);
            fields.add(DataTypes.createStructField(column.name(), type, true));
        }
        return DataTypes.createStructType(fields);
    }

    private static void requireThere(List<String> vectors, StructType schema) {
        for (String name : vectors) {
            if (!List.of(schema.fieldNames()).contains(name)) {
                throw new IllegalArgumentException("the option vectors names no column of the table: " + name);
            }
        }
    }

    private static StructType merge(List<File> files, boolean union) throws NpzException {
        Map<String, StructField> merged = new LinkedHashMap<>();
        Map<String, File> origins = new HashMap<>();
        StructType previous = null;
        for (int i = 0; i < files.size(); i++) {
            File file = files.get(i);
            if (file.schema().equals(previous)) {
                continue;
            }
            previous = file.schema();
            for (StructField field : previous.fields()) {
                StructField known = merged.get(field.name());
                if (known == null) {
                    if (i > 0 && !union) {
                        throw mismatch(file, files.get(0), "no column " + field.name(), type(field));
                    }
                    merged.put(field.name(), field);
                    origins.put(field.name(), file);
                } else if (!known.dataType().equals(field.dataType())) {
                    throw mismatch(file, origins.getOrDefault(field.name(), file), type(known), type(field));
                }
            }
            if (!union && previous.length() != merged.size()) {
                for (StructField field : merged.values()) {
                    if (!contains(previous, field.name())) {
                        throw mismatch(file, files.get(0), type(field), "no such column");
                    }
                }
            }
        }
        return DataTypes.createStructType(new ArrayList<>(merged.values()));
    }

    /**
     * Checks that no two columns differ in case alone, which Spark would mix up.
     *
     * @throws NpzException FRAME_LABELS, with the first file
     */
    public void checkNames() throws NpzException {
        Map<String, String> seen = new HashMap<>();
        for (StructField field : data.fields()) {
            String other = seen.put(field.name().toLowerCase(Locale.ROOT), field.name());
            if (other != null) {
                throw Location.ofFile(files.get(0).path().text())
                        .error(ErrorCode.FRAME_LABELS, "names of columns differ in case alone")
                        .found(other + ", " + field.name())
                        .remedy("Set spark.sql.caseSensitive to true")
                        .build();
            }
        }
    }

    private static String type(StructField field) {
        return field.name() + " " + field.dataType().catalogString();
    }

    private static NpzException mismatch(File file, File other, String expected, String found) {
        return Location.ofFile(file.path().text())
                .error(
                        ErrorCode.META_SCHEMA,
                        "its columns are not those of " + other.path().text())
                .expected(expected)
                .found(found)
                .remedy("Columns that only some files have are allowed with the option mergeSchema=true")
                .build();
    }

    /** The columns of a file as it would be read. */
    public static StructType columns(NpzPath path, Configuration configuration, NpzOptions options)
            throws NpzException {
        Object head = head(path, configuration, options);
        if (head instanceof File file) {
            return file.schema();
        }
        throw (NpzException) head;
    }

    /**
     * Checks files against a given schema. They may lack columns, as those do that are older than a column: it is null
     * there. A file that has others instead may spell the column otherwise, so that null would be wrong.
     */
    private static void check(List<File> files, StructType wanted, StructType partition, boolean union)
            throws NpzException {
        StructType previous = null;
        for (File file : files) {
            if (file.schema().equals(previous)) {
                continue;
            }
            previous = file.schema();
            Map<String, StructField> others = new LinkedHashMap<>();
            for (StructField field : previous.fields()) {
                others.put(field.name(), field);
            }
            StructField lacking = null;
            for (StructField field : wanted.fields()) {
                StructField own = others.remove(field.name());
                if (contains(partition, field.name())) {
                    continue;
                }
                if (own == null) {
                    lacking = field;
                } else if (!own.dataType().sameType(field.dataType())) {
                    throw misfit(file, type(field), type(own));
                }
            }
            if (lacking != null && !others.isEmpty() && !union) {
                throw misfit(
                        file,
                        type(lacking),
                        others.values().stream().map(Catalog::type).collect(Collectors.joining(", ")) + " instead");
            }
        }
    }

    private static NpzException misfit(File file, String expected, String found) {
        return Location.ofFile(file.path().text())
                .error(ErrorCode.META_SCHEMA, "its columns are not those of the given schema")
                .expected(expected)
                .found(found)
                .remedy("With the option mergeSchema=true, columns that a file lacks are null whatever others it has")
                .build();
    }
}
