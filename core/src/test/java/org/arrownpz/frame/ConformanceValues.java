package org.arrownpz.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Types and values of vectors as {@code samples/conformance/README.md} spells them. */
final class ConformanceValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Map<TimeUnit, String> UNITS = Map.of(
            TimeUnit.SECOND, "s",
            TimeUnit.MILLISECOND, "ms",
            TimeUnit.MICROSECOND, "us",
            TimeUnit.NANOSECOND, "ns");

    private ConformanceValues() {}

    static String type(Field field, DictionaryProvider dictionaries) {
        ArrowType type = field.getType();
        List<String> children = new ArrayList<>();
        field.getChildren().forEach(child -> children.add(type(child, dictionaries)));
        String inner = children.isEmpty() ? "" : "<" + String.join(", ", children) + ">";
        if (field.getDictionary() != null) {
            FieldVector words =
                    dictionaries.lookup(field.getDictionary().getId()).getVector();
            Field indices = Field.nullable("", type);
            return "dictionary<" + type(indices, dictionaries) + ", " + type(words.getField(), dictionaries) + ">";
        }
        return switch (type.getTypeID()) {
            case Int -> (((ArrowType.Int) type).getIsSigned() ? "int" : "uint") + ((ArrowType.Int) type).getBitWidth();
            case FloatingPoint ->
                switch (((ArrowType.FloatingPoint) type).getPrecision()) {
                    case HALF -> "float16";
                    case SINGLE -> "float32";
                    case DOUBLE -> "float64";
                };
            case Utf8View -> "utf8_view";
            case LargeUtf8 -> "large_utf8";
            case BinaryView -> "binary_view";
            case LargeBinary -> "large_binary";
            case FixedSizeBinary -> "fixed_size_binary[" + ((ArrowType.FixedSizeBinary) type).getByteWidth() + "]";
            case Decimal -> {
                ArrowType.Decimal decimal = (ArrowType.Decimal) type;
                yield "decimal" + decimal.getBitWidth() + "(" + decimal.getPrecision() + ", " + decimal.getScale()
                        + ")";
            }
            case Date -> ((ArrowType.Date) type).getUnit().name().equals("DAY") ? "date32" : "date64";
            case Time ->
                "time" + ((ArrowType.Time) type).getBitWidth() + "[" + UNITS.get(((ArrowType.Time) type).getUnit())
                        + "]";
            case Timestamp -> {
                ArrowType.Timestamp time = (ArrowType.Timestamp) type;
                String zone = time.getTimezone() == null ? "" : ", " + time.getTimezone();
                yield "timestamp[" + UNITS.get(time.getUnit()) + zone + "]";
            }
            case Duration -> "duration[" + UNITS.get(((ArrowType.Duration) type).getUnit()) + "]";
            case Interval -> "interval[nanos]";
            case Struct -> {
                for (int i = 0; i < children.size(); i++) {
                    children.set(i, field.getChildren().get(i).getName() + ": " + children.get(i));
                }
                yield "struct<" + String.join(", ", children) + ">";
            }
            case Map -> {
                List<Field> entry = field.getChildren().get(0).getChildren();
                yield "map<" + type(entry.get(0), dictionaries) + ", " + type(entry.get(1), dictionaries) + ">";
            }
            case FixedSizeList ->
                "fixed_size_list" + inner + "[" + ((ArrowType.FixedSizeList) type).getListSize() + "]";
            case LargeList -> "large_list" + inner;
            case ListView -> "list_view" + inner;
            case LargeListView -> "large_list_view" + inner;
            case Union -> {
                ArrowType.Union union = (ArrowType.Union) type;
                for (int i = 0; i < children.size(); i++) {
                    children.set(i, union.getTypeIds()[i] + ": " + children.get(i));
                }
                yield union.getMode().name().toLowerCase(Locale.ROOT) + "_union<" + String.join(", ", children) + ">";
            }
            case RunEndEncoded -> "run_end_encoded" + inner;
            default -> type.getTypeID().name().toLowerCase(Locale.ROOT) + inner;
        };
    }

    static JsonNode value(FieldVector vector, int row, DictionaryProvider dictionaries) {
        if (vector instanceof UnionVector union) {
            FieldVector child = (FieldVector) union.getVector(row);
            return NODES.arrayNode().add(union.getTypeValue(row)).add(value(child, row, dictionaries));
        }
        if (vector instanceof DenseUnionVector union) {
            byte id = union.getTypeId(row);
            FieldVector child = (FieldVector) union.getVectorByType(id);
            return NODES.arrayNode().add((int) id).add(value(child, union.getOffset(row), dictionaries));
        }
        if (vector instanceof RunEndEncodedVector runs) {
            int run = 0;
            while (((BaseIntVector) runs.getRunEndsVector()).getValueAsLong(run) <= row) {
                run++;
            }
            return value((FieldVector) runs.getValuesVector(), run, dictionaries);
        }
        if (vector instanceof NullVector || vector.isNull(row)) {
            return NODES.nullNode();
        }
        if (vector.getField().getDictionary() != null) {
            FieldVector words = dictionaries
                    .lookup(vector.getField().getDictionary().getId())
                    .getVector();
            return value(words, (int) ((BaseIntVector) vector).getValueAsLong(row), dictionaries);
        }
        List<FieldVector> children = vector.getChildrenFromFields();
        return switch (vector.getMinorType()) {
            case STRUCT -> {
                ObjectNode node = NODES.objectNode();
                children.forEach(child -> node.set(child.getName(), value(child, row, dictionaries)));
                yield node;
            }
            case MAP -> {
                ArrayNode node = NODES.arrayNode();
                ListVector map = (ListVector) vector;
                List<FieldVector> entry = children.get(0).getChildrenFromFields();
                for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
                    node.addArray().add(value(entry.get(0), i, dictionaries)).add(value(entry.get(1), i, dictionaries));
                }
                yield node;
            }
            case LIST -> {
                ListVector list = (ListVector) vector;
                yield items(
                        children.get(0), list.getElementStartIndex(row), list.getElementEndIndex(row), dictionaries);
            }
            case LARGELIST -> {
                LargeListVector list = (LargeListVector) vector;
                yield items(
                        children.get(0),
                        (int) list.getElementStartIndex(row),
                        (int) list.getElementEndIndex(row),
                        dictionaries);
            }
            case LISTVIEW -> {
                List<ArrowBuf> buffers = vector.getFieldBuffers();
                int start = buffers.get(1).getInt(4L * row);
                yield items(children.get(0), start, start + buffers.get(2).getInt(4L * row), dictionaries);
            }
            case LARGELISTVIEW -> {
                List<ArrowBuf> buffers = vector.getFieldBuffers();
                int start = (int) buffers.get(1).getLong(8L * row);
                yield items(children.get(0), start, start + (int) buffers.get(2).getLong(8L * row), dictionaries);
            }
            case FIXED_SIZE_LIST -> {
                int size = ((ArrowType.FixedSizeList) vector.getField().getType()).getListSize();
                yield items(children.get(0), row * size, row * size + size, dictionaries);
            }
            case UINT8 -> NODES.numberNode(new BigInteger(Long.toUnsignedString(((UInt8Vector) vector).get(row))));
            case FLOAT2 -> number(Float16.toFloat(vector.getDataBuffer().getShort(2L * row)));
            case FLOAT4 -> number(vector.getDataBuffer().getFloat(4L * row));
            case FLOAT8 -> number(vector.getDataBuffer().getDouble(8L * row));
            case BIT -> NODES.booleanNode((Boolean) vector.getObject(row));
            case DECIMAL, DECIMAL256 -> NODES.textNode(((BigDecimal) vector.getObject(row)).toPlainString());
            case DATEDAY, TIMESEC, TIMEMILLI ->
                NODES.numberNode(vector.getDataBuffer().getInt(4L * row));
            case INTERVALMONTHDAYNANO -> {
                ByteBuffer bytes =
                        vector.getDataBuffer().nioBuffer(16L * row, 16).order(ByteOrder.LITTLE_ENDIAN);
                yield NODES.arrayNode().add(bytes.getInt()).add(bytes.getInt()).add(bytes.getLong());
            }
            case VARCHAR, LARGEVARCHAR, VIEWVARCHAR ->
                NODES.textNode(vector.getObject(row).toString());
            case VARBINARY, LARGEVARBINARY, VIEWVARBINARY, FIXEDSIZEBINARY ->
                NODES.textNode(HexFormat.of().formatHex((byte[]) vector.getObject(row)));
            default ->
                vector instanceof BaseIntVector integers
                        ? NODES.numberNode(integers.getValueAsLong(row))
                        : NODES.numberNode(vector.getDataBuffer().getLong(8L * row));
        };
    }

    private static JsonNode number(double value) {
        return Double.isFinite(value) ? NODES.numberNode(value) : NODES.textNode(Double.toString(value));
    }

    private static JsonNode items(FieldVector child, int from, int to, DictionaryProvider dictionaries) {
        ArrayNode node = NODES.arrayNode();
        for (int i = from; i < to; i++) {
            node.add(value(child, i, dictionaries));
        }
        return node;
    }
}
