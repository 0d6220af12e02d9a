package org.arrownpz.frame;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.jspecify.annotations.Nullable;

/**
 * The schema metadata key {@code pandas} (pandas' "Storing pandas DataFrame objects in Apache Parquet format"): complete,
 * so that pyarrow's {@code to_pandas()} restores index, names and MultiIndex columns.
 */
final class PandasWriter {
    private static final String PANDAS_VERSION = "2.2.0";

    private PandasWriter() {}

    static String json(Frame frame, Schema schema) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        List<Field> fields = schema.getFields();
        int levels = frame.indexLevels();
        ArrayNode index = root.putArray("index_columns");
        if (levels == 0) {
            ObjectNode range = index.addObject();
            range.put("kind", "range");
            putName(range, "name", frame.index().name());
            range.put("start", 0).put("stop", frame.rowCount()).put("step", 1);
        } else {
            fields.subList(0, levels).forEach(field -> index.add(field.getName()));
        }
        ArrayNode columnIndexes = root.putArray("column_indexes");
        int depth = Math.max(1, frame.columns().labels().size());
        for (int level = 0; level < depth; level++) {
            putColumnIndex(columnIndexes.addObject(), frame.columns(), level, depth);
        }
        ArrayNode columns = root.putArray("columns");
        for (int i = levels; i < fields.size(); i++) {
            ObjectNode column = columns.addObject();
            column.put("name", fields.get(i).getName());
            putField(column, fields.get(i));
        }
        for (int level = 0; level < levels; level++) {
            ObjectNode column = columns.addObject();
            Label name = ColumnNames.levelName(frame.index().name(), level, levels);
            putName(column, "name", name);
            putField(column, fields.get(level));
        }
        root.putObject("attributes");
        root.putObject("creator").put("library", "arrow-npz").put("version", version());
        root.put("pandas_version", PANDAS_VERSION);
        return JsonText.dumps(root);
    }

    private static String version() {
        String version = PandasWriter.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }

    // Names that are not text stay readable text: pandas itself writes str(name).
    private static void putName(ObjectNode node, String key, Label name) {
        if (name instanceof Label.None) {
            node.putNull(key);
        } else {
            node.put(key, name.text());
        }
    }

    private static void putColumnIndex(ObjectNode node, FrameAxis columns, int level, int depth) {
        Label name = ColumnNames.levelName(columns.name(), level, depth);
        putName(node, "name", name);
        putName(node, "field_name", name);
        ScalarDType dtype = columns.labels().isEmpty()
                ? ScalarDType.of(DTypeKind.INT, 8)
                : columns.labels().get(level).dtype();
        String type = labelType(dtype);
        node.put("pandas_type", type);
        node.put("numpy_type", type.equals("unicode") ? "object" : type.equals("datetime") ? numpyTime(dtype) : type);
        if (type.equals("unicode")) {
            node.putObject("metadata").put("encoding", "UTF-8");
        } else {
            node.putNull("metadata");
        }
    }

    private static String labelType(ScalarDType dtype) {
        return switch (dtype.kind()) {
            case INT -> "int" + 8 * dtype.itemSize();
            case UINT -> "uint" + 8 * dtype.itemSize();
            case FLOAT -> dtype.itemSize() <= 8 ? "float" + 8 * dtype.itemSize() : "unicode";
            case BOOL -> "bool";
            // Labels of other units are left to the text of the field names, which loses nothing.
            case DATETIME -> numpyTime(dtype) == null ? "unicode" : "datetime";
            default -> "unicode";
        };
    }

    private static @Nullable String numpyTime(ScalarDType dtype) {
        TimeUnit64 unit = dtype.unit();
        if (unit == null || unit.multiplier() != 1) {
            return null;
        }
        return switch (unit.base()) {
            case DAY, SECOND -> "datetime64[s]";
            case MILLISECOND -> "datetime64[ms]";
            case MICROSECOND -> "datetime64[us]";
            case NANOSECOND -> "datetime64[ns]";
            default -> null;
        };
    }

    private static void putField(ObjectNode column, Field field) {
        column.put("field_name", field.getName());
        ArrowType type = field.getType();
        if (field.getDictionary() != null) {
            column.put("pandas_type", "categorical");
            ArrowType.Int indexType = field.getDictionary().getIndexType();
            column.put("numpy_type", indexType == null ? "int32" : integer(indexType));
            column.putObject("metadata")
                    .putNull("num_categories")
                    .put("ordered", field.getDictionary().isOrdered());
            return;
        }
        if (type instanceof ArrowType.Int integer) {
            put(column, integer(integer), integer(integer));
        } else if (type instanceof ArrowType.FloatingPoint floating) {
            String name = floating.getPrecision() == FloatingPointPrecision.HALF
                    ? "float16"
                    : floating.getPrecision() == FloatingPointPrecision.SINGLE ? "float32" : "float64";
            put(column, name, name);
        } else if (type instanceof ArrowType.Bool) {
            put(column, "bool", "bool");
        } else if (type instanceof ArrowType.Timestamp timestamp) {
            String numpy = "datetime64[" + unit(timestamp.getUnit()) + "]";
            if (timestamp.getTimezone() == null) {
                put(column, "datetime", numpy);
            } else {
                column.put("pandas_type", "datetimetz").put("numpy_type", numpy);
                column.putObject("metadata").put("timezone", timestamp.getTimezone());
            }
        } else if (type instanceof ArrowType.Duration duration) {
            put(column, "timedelta", "timedelta64[" + unit(duration.getUnit()) + "]");
        } else if (type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8) {
            put(column, "unicode", "object");
        } else if (type instanceof ArrowType.Date) {
            put(column, "date", "object");
        } else if (type instanceof ArrowType.Binary
                || type instanceof ArrowType.LargeBinary
                || type instanceof ArrowType.FixedSizeBinary) {
            put(column, "bytes", "object");
        } else if (type instanceof ArrowType.Decimal decimal) {
            column.put("pandas_type", "decimal").put("numpy_type", "object");
            column.putObject("metadata")
                    .put("precision", decimal.getPrecision())
                    .put("scale", decimal.getScale());
        } else {
            put(column, "object", "object");
        }
    }

    private static void put(ObjectNode column, String pandas, String numpy) {
        column.put("pandas_type", pandas).put("numpy_type", numpy).putNull("metadata");
    }

    private static String integer(ArrowType.Int type) {
        return (type.getIsSigned() ? "int" : "uint") + type.getBitWidth();
    }

    private static String unit(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> "s";
            case MILLISECOND -> "ms";
            case MICROSECOND -> "us";
            case NANOSECOND -> "ns";
        };
    }
}
