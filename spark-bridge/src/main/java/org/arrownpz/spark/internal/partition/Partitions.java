package org.arrownpz.spark.internal.partition;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.vectorized.ColumnVectorUtils;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;

/** Columns that directories such as {@code day=2026-11-21} state. */
public final class Partitions {
    /** Values of types from their texts, which they may refuse by null. */
    private static final Map<DataType, Function<String, @Nullable Object>> PARSERS = Map.of(
            DataTypes.BooleanType,
            text -> text.matches("true|false") ? Boolean.valueOf(text) : null,
            DataTypes.ByteType,
            Byte::valueOf,
            DataTypes.ShortType,
            Short::valueOf,
            DataTypes.IntegerType,
            Integer::valueOf,
            DataTypes.LongType,
            Long::valueOf,
            DataTypes.DoubleType,
            text -> text.matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?") ? Double.valueOf(text) : null,
            DataTypes.DateType,
            text -> text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")
                    ? Math.toIntExact(LocalDate.parse(text).toEpochDay())
                    : null);

    private Partitions() {}

    /** Whether each value has one text, which a directory can bear. */
    static boolean isKey(DataType type) {
        return type instanceof StringType || (PARSERS.containsKey(type) && !type.equals(DataTypes.DoubleType));
    }

    /**
     * The columns, with the narrowest type that all values have: int, long, double, date, else string.
     *
     * @throws NpzException when files differ in which columns their directories state
     */
    public static StructType infer(List<NpzPath> files, boolean types) throws NpzException {
        Map<String, List<@Nullable String>> values = new LinkedHashMap<>();
        for (NpzPath file : files) {
            if (!file.partition().keySet().equals(files.get(0).partition().keySet())) {
                throw Location.ofFile(file.text())
                        .error(
                                ErrorCode.META_SCHEMA,
                                "its directories state other columns than those of "
                                        + files.get(0).text())
                        .expected(files.get(0).partition().keySet())
                        .found(file.partition().keySet())
                        .build();
            }
            file.partition()
                    .forEach((key, value) -> values.computeIfAbsent(key, ignored -> new ArrayList<>())
                            .add(value));
        }
        List<StructField> fields = new ArrayList<>();
        values.forEach((key, all) ->
                fields.add(DataTypes.createStructField(key, types ? type(all) : DataTypes.StringType, true)));
        return DataTypes.createStructType(fields);
    }

    /**
     * The columns with the types of a given schema, where it has them.
     *
     * @throws NpzException META_SCHEMA when a directory's value is none of its type
     */
    public static StructType as(StructType wanted, List<NpzPath> files, StructType inferred) throws NpzException {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : inferred.fields()) {
            DataType type = Arrays.stream(wanted.fields())
                    .filter(other -> other.name().equalsIgnoreCase(field.name()))
                    .findFirst()
                    .orElse(field)
                    .dataType();
            for (NpzPath file : files) {
                String text = file.partition().get(field.name());
                if (text != null && parse(text, type) == null) {
                    throw Location.ofFile(file.text())
                            .error(ErrorCode.META_SCHEMA, "its directory states no value of the given schema")
                            .expected(field.name() + " " + type.catalogString())
                            .found(SafeText.escape(text))
                            .build();
                }
            }
            fields.add(DataTypes.createStructField(field.name(), type, true));
        }
        return DataTypes.createStructType(fields);
    }

    private static DataType type(List<@Nullable String> values) {
        for (DataType type :
                List.of(DataTypes.IntegerType, DataTypes.LongType, DataTypes.DoubleType, DataTypes.DateType)) {
            if (values.stream().anyMatch(value -> value != null)
                    && values.stream().allMatch(value -> value == null || parse(value, type) != null)) {
                return type;
            }
        }
        return DataTypes.StringType;
    }

    /** The value in Spark's external form (dates as days), or null where the text is none of that type. */
    static @Nullable Object parse(String text, DataType type) {
        Function<String, @Nullable Object> parser = PARSERS.get(type);
        if (parser == null) {
            return type instanceof StringType ? text : null;
        }
        try {
            return parser.apply(text);
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    /** Those columns of a schema that a file's directories state, by name. */
    public static Map<String, ColumnVector> columns(NpzPath file, StructType schema) {
        Map<String, ColumnVector> columns = new HashMap<>();
        for (StructField field : schema.fields()) {
            file.partition().forEach((name, text) -> {
                if (name.equalsIgnoreCase(field.name())) {
                    columns.put(field.name(), column(text, field.dataType()));
                }
            });
        }
        return columns;
    }

    private static ColumnVector column(@Nullable String text, DataType type) {
        ConstantColumnVector column = new ConstantColumnVector(1, type);
        Object value = text == null ? null : parse(text, type);
        Object internal = value instanceof String string ? UTF8String.fromString(string) : value;
        ColumnVectorUtils.populate(column, new GenericInternalRow(new Object[] {internal}), 0);
        return column;
    }
}
