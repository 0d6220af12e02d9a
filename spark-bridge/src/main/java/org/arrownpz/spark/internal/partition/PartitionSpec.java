package org.arrownpz.spark.internal.partition;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.spark.internal.storage.Listing;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Columns that are written as directories.
 *
 * @param schema all columns of the rows
 * @param columns the ordinals of those that become directories, outermost first; may be empty
 */
public record PartitionSpec(StructType schema, List<Integer> columns) implements Serializable {
    /**
     * The columns that {@code partitionBy} names.
     *
     * @throws IllegalArgumentException when one is not there, occurs twice or has no text that a directory could bear, or
     *     when no other column is left
     */
    public static PartitionSpec of(StructType schema, Transform[] partitioning, List<String> packBy) {
        List<Integer> columns = new ArrayList<>();
        for (Transform transform : partitioning) {
            NamedReference[] references = transform.references();
            if (!transform.name().equals("identity") || references.length != 1) {
                throw new IllegalArgumentException("directories are made of columns as they are, not of " + transform);
            }
            String name = String.join(".", references[0].fieldNames());
            int ordinal = find(schema, name);
            DataType type = schema.fields()[ordinal].dataType();
            if (!Partitions.isKey(type)) {
                throw new IllegalArgumentException("the column " + name + " of type " + type.catalogString()
                        + " cannot be a directory; cast it to a string");
            }
            if (columns.contains(ordinal) || packBy.stream().anyMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException("the column " + name + " is named twice");
            }
            columns.add(ordinal);
        }
        if (!columns.isEmpty() && columns.size() == schema.length()) {
            throw new IllegalArgumentException("not all columns can be directories: nothing is left for the files");
        }
        return new PartitionSpec(schema, List.copyOf(columns));
    }

    private static int find(StructType schema, String name) {
        return IntStream.range(0, schema.length())
                .filter(i -> schema.fields()[i].name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no column " + name));
    }

    public boolean isEmpty() {
        return columns.isEmpty();
    }

    /** The names of the columns. */
    public List<String> names() {
        return columns.stream().map(i -> schema.fields()[i].name()).toList();
    }

    /** The columns that are left for the files. */
    public StructType data() {
        return select(rest());
    }

    /** The columns that become directories. */
    public StructType directories() {
        return select(columns);
    }

    private List<Integer> rest() {
        return IntStream.range(0, schema.length())
                .boxed()
                .filter(i -> !columns.contains(i))
                .toList();
    }

    private StructType select(List<Integer> ordinals) {
        return new StructType(ordinals.stream().map(i -> schema.fields()[i]).toArray(StructField[]::new));
    }

    /** Takes the directories' columns out of a row. */
    public UnsafeProjection keys() {
        return projection(columns);
    }

    /** Takes the files' columns out of a row. */
    public UnsafeProjection values() {
        return projection(rest());
    }

    private UnsafeProjection projection(List<Integer> ordinals) {
        List<Expression> expressions = new ArrayList<>(ordinals.size());
        for (int ordinal : ordinals) {
            expressions.add(new BoundReference(ordinal, schema.fields()[ordinal].dataType(), true));
        }
        return UnsafeProjection.create(CollectionConverters.asScala(expressions).toSeq());
    }

    /** The directory of rows with these keys, as {@code key=value/key=value/}, escaped as Hive does. */
    public String directory(InternalRow keys) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            StructField field = schema.fields()[columns.get(i)];
            String value = keys.isNullAt(i) ? null : text(keys.get(i, field.dataType()), field.dataType());
            path.append(ExternalCatalogUtils.getPartitionPathString(field.name(), value))
                    .append('/');
        }
        return path.toString();
    }

    /** The directory of rows whose keys are null; nothing where there are no directories. */
    public String directoryOfNulls() {
        return directory(new GenericInternalRow(new Object[columns.size()]));
    }

    /**
     * The values that the directories of a file state.
     *
     * @throws NpzException META_SCHEMA when they state other columns, or a text that is no value of a column's type
     */
    public List<@Nullable Object> key(NpzPath file) throws NpzException {
        return key(file.partition(), file.text());
    }

    /** The values that {@link #directory} put into a path. */
    public List<@Nullable Object> key(String directory) throws NpzException {
        return key(Listing.partition(directory), directory);
    }

    private List<@Nullable Object> key(Map<String, @Nullable String> stated, String file) throws NpzException {
        if (!stated.keySet().equals(Set.copyOf(names()))) {
            throw Location.ofFile(file)
                    .error(ErrorCode.META_SCHEMA, "its directories state other columns than those of this write")
                    .expected(names())
                    .found(stated.keySet())
                    .remedy("Write with the same partitionBy, or overwrite everything")
                    .build();
        }
        List<@Nullable Object> key = new ArrayList<>();
        for (int column : columns) {
            StructField field = schema.fields()[column];
            String text = stated.get(field.name());
            Object value = text == null ? null : Partitions.parse(text, field.dataType());
            if (text != null && value == null) {
                throw Location.ofFile(file)
                        .error(ErrorCode.META_SCHEMA, "its directory states no value of the column's type")
                        .expected(field.name() + " " + field.dataType().catalogString())
                        .found(SafeText.escape(text))
                        .build();
            }
            key.add(value);
        }
        return key;
    }

    private static @Nullable String text(Object value, DataType type) {
        return type instanceof DateType ? LocalDate.ofEpochDay((Integer) value).toString() : value.toString();
    }

    @Override
    public String toString() {
        return Arrays.toString(names().toArray());
    }
}
