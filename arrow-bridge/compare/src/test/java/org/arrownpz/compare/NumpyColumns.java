package org.arrownpz.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.arrownpz.vector.NumpyMetadata;

/** Columns in their storage form: the bytes that NumPy has, and the values in the spelling of samples.json. */
final class NumpyColumns {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private NumpyColumns() {}

    static String dtype(FieldVector vector) {
        if (vector instanceof DenseUnionVector || vector instanceof StructVector) {
            return "|O";
        }
        return vector.getField().getMetadata().get(NumpyMetadata.DTYPE);
    }

    /** Bytes of one element. */
    static int itemSize(FieldVector vector) {
        return itemSize(dtype(vector));
    }

    private static int itemSize(String dtype) {
        int digits = 2;
        while (digits < dtype.length() && Character.isDigit(dtype.charAt(digits))) {
            digits++;
        }
        return Integer.parseInt(dtype.substring(2, digits)) * (dtype.charAt(1) == 'U' ? 4 : 1);
    }

    /** The elements one after the other. */
    static ArrowBuf data(FieldVector vector) {
        return vector instanceof FixedSizeListVector list
                ? list.getDataVector().getDataBuffer()
                : vector.getDataBuffer();
    }

    static byte[] bytes(FieldVector vector) {
        byte[] bytes = new byte[itemSize(vector) * vector.getValueCount()];
        data(vector).getBytes(0, bytes);
        return bytes;
    }

    static ArrayNode values(FieldVector vector) {
        ArrayNode values = NODES.arrayNode();
        for (int i = 0; i < vector.getValueCount(); i++) {
            values.add(value(vector, i));
        }
        return values;
    }

    private static JsonNode value(FieldVector vector, int row) {
        if (vector instanceof DenseUnionVector union) {
            ValueVector child = union.getVectorByType(union.getTypeId(row));
            int slot = union.getOffset(row);
            return switch (union.getTypeId(row)) {
                case 0 -> NODES.nullNode();
                case 1 -> NODES.booleanNode(((BitVector) child).get(slot) == 1);
                case 2 -> NODES.numberNode(((BigIntVector) child).get(slot));
                case 3 -> real(((Float8Vector) child).get(slot));
                default ->
                    NODES.textNode(((VarCharVector) child).getObject(slot).toString());
            };
        }
        if (vector instanceof StructVector struct) {
            ArrayNode items = NODES.arrayNode();
            struct.getChildrenFromFields().forEach(child -> items.add(value(child, row)));
            return NODES.objectNode().set("$t", items);
        }
        String dtype = dtype(vector);
        byte[] element = new byte[itemSize(dtype)];
        data(vector).getBytes((long) row * element.length, element);
        return value(dtype, element);
    }

    static JsonNode value(String dtype, byte[] element) {
        ByteBuffer data = ByteBuffer.wrap(element).order(ByteOrder.LITTLE_ENDIAN);
        String unit = dtype.contains("[") ? dtype.substring(dtype.indexOf('[') + 1, dtype.length() - 1) : "";
        return switch (dtype.charAt(1)) {
            case 'b' -> NODES.booleanNode(element[0] != 0);
            case 'i' -> NODES.numberNode(signed(data));
            case 'u' ->
                NODES.numberNode(
                        element.length == 8 ? data.getLong() : signed(data) & ((1L << (8 * element.length)) - 1));
            case 'f' -> real(real(data, element.length));
            case 'c' -> {
                ArrayNode parts = NODES.arrayNode();
                parts.add(real(real(data, element.length / 2)));
                parts.add(real(real(data, element.length / 2)));
                yield NODES.objectNode().set("$c", parts);
            }
            case 'U' -> NODES.textNode(new String(element, utf32()).replace("\0", ""));
            case 'S' -> NODES.objectNode().put("$b", new String(element, StandardCharsets.US_ASCII));
            case 'M' -> time("$dt", unit, data.getLong());
            case 'm' -> time("$td", unit, data.getLong());
            default -> throw new IllegalArgumentException(dtype);
        };
    }

    private static Charset utf32() {
        return Charset.forName("UTF-32LE");
    }

    private static long signed(ByteBuffer data) {
        return switch (data.capacity()) {
            case 1 -> data.get();
            case 2 -> data.getShort();
            case 4 -> data.getInt();
            default -> data.getLong();
        };
    }

    private static double real(ByteBuffer data, int width) {
        return switch (width) {
            case 2 -> Float16.toFloat(data.getShort());
            case 4 -> data.getFloat();
            default -> data.getDouble();
        };
    }

    private static JsonNode real(double value) {
        if (Double.isNaN(value)) {
            return NODES.objectNode().put("$", "NaN");
        }
        return value == 0 && Double.doubleToRawLongBits(value) != 0
                ? NODES.objectNode().put("$", "-0.0")
                : NODES.numberNode(value);
    }

    private static JsonNode time(String tag, String unit, long count) {
        ObjectNode time = NODES.objectNode();
        time.set(tag, NODES.arrayNode().add(unit).add(count));
        return time;
    }

    /** The golden value in the form that {@link #value} gives: without ISO texts, integers as such. */
    static JsonNode plain(JsonNode golden) {
        if (golden instanceof ArrayNode list) {
            ArrayNode plain = NODES.arrayNode();
            list.forEach(item -> plain.add(plain(item)));
            return plain;
        }
        if (golden instanceof ObjectNode object) {
            ObjectNode plain = NODES.objectNode();
            object.fields().forEachRemaining(entry -> {
                if (!entry.getKey().equals("s")) {
                    plain.set(entry.getKey(), plain(entry.getValue()));
                }
            });
            return plain;
        }
        return golden.isIntegralNumber() ? NODES.numberNode(golden.longValue()) : golden;
    }
}
