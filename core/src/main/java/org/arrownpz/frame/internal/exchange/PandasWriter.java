package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.frame.internal.data.FrameParts;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.JsonText;
import org.arrownpz.frame.internal.meta.NameCodec;
import org.arrownpz.frame.label.Label;

/**
 * The schema metadata key {@code pandas} (pandas' "Storing pandas DataFrame objects in Apache Parquet format"): complete,
 * so that pyarrow's {@code to_pandas()} restores index, names and MultiIndex columns.
 */
final class PandasWriter {
    private static final String PANDAS_VERSION = "2.2.0";
    private static final String LIBRARY = "arrow-npz";
    private static final String CREATOR = "\"creator\": {\"library\": \"" + LIBRARY + "\"";

    private PandasWriter() {}

    /** The key for the frame as it is, and what another library wrote into it before where that still holds. */
    static String json(FrameParts frame, Schema schema) {
        ObjectNode own = node(frame, schema);
        String carried = frame.origin().get(Interchange.PANDAS_KEY);
        return JsonText.dumps(carried == null ? own : PandasCarried.merged(carried, own, frame, schema));
    }

    /** Whether a key was written by this library alone, so that it says nothing that the frame does not. */
    static boolean isOwn(String json) {
        int creator = json.lastIndexOf("\"creator\"");
        return creator >= 0 && json.startsWith(CREATOR, creator);
    }

    private static ObjectNode node(FrameParts frame, Schema schema) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        List<Field> fields = schema.getFields();
        int levels = frame.indexLevels();
        ArrayNode index = root.putArray("index_columns");
        boolean allLevels = true;
        if (levels == 0) {
            ObjectNode range = index.addObject();
            range.put("kind", "range");
            range.set("name", name(frame.index().name()));
            range.put("start", 0).put("stop", frame.rowCount()).put("step", 1);
        }
        for (Field field : fields.subList(0, levels)) {
            if (isIndexable(field)) {
                index.add(field.getName());
            } else {
                allLevels = false;
            }
        }
        PandasColumns labels = new PandasColumns(frame.columns(), !allLevels);
        ArrayNode columnIndexes = root.putArray("column_indexes");
        for (int level = 0; level < labels.depth(); level++) {
            columnIndexes.add(labels.index(level));
        }
        ArrayNode columns = root.putArray("columns");
        for (int i = levels; i < fields.size(); i++) {
            ObjectNode column = columns.addObject();
            column.set("name", labels.name(i - levels, fields.get(i).getName()));
            putField(column, fields.get(i));
        }
        for (int level = 0; level < levels; level++) {
            ObjectNode column = columns.addObject();
            Field field = fields.get(level);
            Label name = ColumnNames.levelName(frame.index().name(), level, levels);
            column.set("name", isIndexable(field) ? name(name) : labels.otherName(field.getName()));
            putField(column, field);
        }
        root.putObject("attributes");
        root.putObject("creator").put("library", LIBRARY).put("version", version());
        root.put("pandas_version", PANDAS_VERSION);
        return root;
    }

    // pandas makes no index of float16, of objects that have no hash, or of what it has no type for: they stay columns.
    private static boolean isIndexable(Field field) {
        ArrowType type = field.getType();
        return field.getDictionary() != null
                || switch (type.getTypeID()) {
                    case FloatingPoint ->
                        ((ArrowType.FloatingPoint) type).getPrecision() != FloatingPointPrecision.HALF;
                    case Null,
                            Int,
                            Bool,
                            Utf8,
                            LargeUtf8,
                            Utf8View,
                            Binary,
                            LargeBinary,
                            BinaryView,
                            FixedSizeBinary,
                            Date,
                            Time,
                            Timestamp,
                            Duration,
                            Decimal -> true;
                    default -> false;
                };
    }

    private static String version() {
        String version = PandasWriter.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }

    /** The name of a level: what JSON has is itself, everything else its text, as pandas spells it. */
    static JsonNode name(Label name) {
        boolean json = name instanceof Label.None
                || name instanceof Label.Int
                || name instanceof Label.Float
                || name instanceof Label.Bool;
        return json ? NameCodec.encode(name) : JsonNodeFactory.instance.textNode(name.text());
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
