package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.JsonText;
import org.arrownpz.frame.internal.meta.NameCodec;
import org.arrownpz.frame.label.Label;
import org.arrownpz.vector.internal.encode.ColumnEncoderTimeRules;

/**
 * The schema metadata key {@code pandas} (pandas' "Storing pandas DataFrame objects in Apache Parquet format"): complete,
 * so that pyarrow's {@code to_pandas()} restores index, names and MultiIndex columns.
 */
final class PandasWriter {
    private static final String PANDAS_VERSION = "2.2.0";
    private static final String OBJECT = "object";
    private static final String LIBRARY = "arrow-npz";
    private static final String CREATOR = "\"creator\": {\"library\": \"" + LIBRARY + "\"";

    private PandasWriter() {}

    /** The key for the frame as it is, and what another library wrote into it before where that still holds. */
    static String json(FrameState frame, Schema schema) throws NpzException {
        ObjectNode own = node(frame, schema);
        String carried = frame.origin().get(Interchange.PANDAS_KEY);
        return JsonText.dumps(carried == null ? own : PandasCarried.merged(carried, own, frame, schema));
    }

    /** Whether a key was written by this library alone, so that it says nothing that the frame does not. */
    static boolean isOwn(String json) {
        int creator = json.lastIndexOf("\"creator\"");
        return creator >= 0 && json.startsWith(CREATOR, creator);
    }

    private static ObjectNode node(FrameState frame, Schema schema) throws NpzException {
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
            putField(column, fields.get(i), frame, i);
        }
        for (int level = 0; level < levels; level++) {
            ObjectNode column = columns.addObject();
            Field field = fields.get(level);
            Label name = ColumnNames.levelName(frame.index().name(), level, levels);
            column.set("name", isIndexable(field) ? name(name) : labels.otherName(field.getName()));
            putField(column, field, frame, level);
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

    private static void putField(ObjectNode column, Field field, FrameState frame, int position) throws NpzException {
        column.put("field_name", field.getName());
        column.put("pandas_type", pandasType(field)).put("numpy_type", numpyType(field, frame, position));
        DictionaryEncoding encoding = field.getDictionary();
        ArrowType type = field.getType();
        if (encoding != null) {
            Dictionary dictionary = frame.dictionaries().lookup(encoding.getId());
            column.putObject("metadata")
                    .put("num_categories", dictionary.getVector().getValueCount())
                    .put("ordered", encoding.isOrdered());
        } else if (type instanceof ArrowType.Timestamp timestamp && timestamp.getTimezone() != null) {
            column.putObject("metadata").put("timezone", timestamp.getTimezone());
        } else if (type instanceof ArrowType.Decimal decimal) {
            column.putObject("metadata")
                    .put("precision", decimal.getPrecision())
                    .put("scale", decimal.getScale());
        } else {
            column.putNull("metadata");
        }
    }

    private static String pandasType(Field field) {
        if (field.getDictionary() != null) {
            return "categorical";
        }
        ArrowType type = field.getType();
        return switch (type.getTypeID()) {
            case Null -> "empty";
            case Bool -> "bool";
            case Int -> integer((ArrowType.Int) type);
            case FloatingPoint -> floating((ArrowType.FloatingPoint) type);
            case Timestamp -> ((ArrowType.Timestamp) type).getTimezone() == null ? "datetime" : "datetimetz";
            case Duration -> "timedelta";
            case Utf8, LargeUtf8 -> "unicode";
            case Date -> "date";
            case Time -> "time";
            case Binary, LargeBinary, FixedSizeBinary -> "bytes";
            case Decimal -> "decimal";
            case List -> "list[" + pandasType(field.getChildren().get(0)) + "]";
            default -> "object";
        };
    }

    /** NumPy's integers and booleans have no nulls: pandas has such columns as objects. */
    private static String numpyType(Field field, FrameState frame, int position) throws NpzException {
        ArrowType type = field.getType();
        if (field.getDictionary() != null) {
            return integer(field.getDictionary().getIndexType());
        }
        return switch (type.getTypeID()) {
            case Bool -> frame.hasNulls(position) ? OBJECT : "bool";
            case Int -> frame.hasNulls(position) ? OBJECT : integer((ArrowType.Int) type);
            case FloatingPoint -> floating((ArrowType.FloatingPoint) type);
            case Timestamp -> "datetime64[" + unit(((ArrowType.Timestamp) type).getUnit()) + "]";
            case Duration -> "timedelta64[" + unit(((ArrowType.Duration) type).getUnit()) + "]";
            default -> OBJECT;
        };
    }

    private static String floating(ArrowType.FloatingPoint type) {
        return switch (type.getPrecision()) {
            case HALF -> "float16";
            case SINGLE -> "float32";
            case DOUBLE -> "float64";
        };
    }

    private static String integer(ArrowType.Int type) {
        return (type.getIsSigned() ? "int" : "uint") + type.getBitWidth();
    }

    private static String unit(TimeUnit unit) {
        return ColumnEncoderTimeRules.unit(unit).base().symbol();
    }
}
