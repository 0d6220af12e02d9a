package org.arrownpz.ipc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;

/** Values of vectors as texts: numbers as they are stored, bytes in hex, dictionaries and runs as what they stand for. */
final class IntegrationValues {
    private IntegrationValues() {}

    static String struct(List<List<String>> children, int row) {
        return children.stream().map(child -> child.get(row)).collect(Collectors.joining("; ", "{", "}"));
    }

    static String list(List<String> elements, int start, int count) {
        return elements.subList(start, start + count).toString();
    }

    static List<String> of(FieldVector vector, DictionaryProvider dictionaries) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            List<String> values = of(dictionaries.lookup(encoding.getId()).getVector(), dictionaries);
            return rows(vector, row -> values.get((int) ((BaseIntVector) vector).getValueAsLong(row)));
        }
        ArrowType type = vector.getField().getType();
        List<List<String>> children = new ArrayList<>();
        vector.getChildrenFromFields().forEach(child -> children.add(of(child, dictionaries)));
        return switch (type.getTypeID()) {
            case Null -> rows(vector, row -> "null");
            case Struct -> rows(vector, row -> struct(children, row));
            case List, Map ->
                rows(vector, row -> {
                    int start = vector.getOffsetBuffer().getInt(4L * row);
                    return list(children.get(0), start, vector.getOffsetBuffer().getInt(4L * row + 4) - start);
                });
            case LargeList ->
                rows(vector, row -> {
                    int start = (int) vector.getOffsetBuffer().getLong(8L * row);
                    return list(
                            children.get(0),
                            start,
                            (int) vector.getOffsetBuffer().getLong(8L * row + 8) - start);
                });
            case ListView -> {
                List<ArrowBuf> buffers = vector.getFieldBuffers();
                yield rows(
                        vector,
                        row -> list(
                                children.get(0),
                                buffers.get(1).getInt(4L * row),
                                buffers.get(2).getInt(4L * row)));
            }
            case LargeListView -> {
                List<ArrowBuf> buffers = vector.getFieldBuffers();
                yield rows(
                        vector,
                        row -> list(children.get(0), (int) buffers.get(1).getLong(8L * row), (int)
                                buffers.get(2).getLong(8L * row)));
            }
            case FixedSizeList -> {
                int size = ((ArrowType.FixedSizeList) type).getListSize();
                yield rows(vector, row -> list(children.get(0), row * size, size));
            }
            case Union -> union(vector, (ArrowType.Union) type, children);
            case RunEndEncoded -> {
                List<String> values = new ArrayList<>();
                for (int run = 0; run < children.get(0).size(); run++) {
                    while (values.size() < Integer.parseInt(children.get(0).get(run))) {
                        values.add(children.get(1).get(run));
                    }
                }
                yield values.subList(0, vector.getValueCount());
            }
            default -> rows(vector, row -> scalar(vector, type, row));
        };
    }

    private static List<String> rows(FieldVector vector, IntFunction<String> value) {
        return IntStream.range(0, vector.getValueCount())
                .mapToObj(row -> vector.isNull(row) ? "null" : value.apply(row))
                .toList();
    }

    private static List<String> union(FieldVector vector, ArrowType.Union type, List<List<String>> children) {
        int[] codes = type.getTypeIds();
        return IntStream.range(0, vector.getValueCount())
                .mapToObj(row -> {
                    int code = vector instanceof DenseUnionVector dense
                            ? dense.getTypeId(row)
                            : ((UnionVector) vector).getTypeBuffer().getByte(row);
                    int place = vector instanceof DenseUnionVector dense ? dense.getOffset(row) : row;
                    int child = IntStream.range(0, codes.length)
                            .filter(i -> codes[i] == code)
                            .findFirst()
                            .orElseThrow();
                    return code + ":" + children.get(child).get(place);
                })
                .toList();
    }

    private static String scalar(FieldVector vector, ArrowType type, int row) {
        return switch (type.getTypeID()) {
            case Utf8, LargeUtf8, Utf8View -> String.valueOf(vector.getObject(row));
            case Binary, LargeBinary, BinaryView, FixedSizeBinary ->
                HexFormat.of().withUpperCase().formatHex((byte[]) Objects.requireNonNull(vector.getObject(row)));
            case Bool -> String.valueOf(vector.getObject(row));
            case FloatingPoint ->
                switch (((ArrowType.FloatingPoint) type).getPrecision()) {
                    case HALF ->
                        String.valueOf(Float16.toFloat(vector.getDataBuffer().getShort(2L * row)));
                    case SINGLE -> String.valueOf(vector.getDataBuffer().getFloat(4L * row));
                    case DOUBLE -> String.valueOf(vector.getDataBuffer().getDouble(8L * row));
                };
            case Decimal ->
                new BigDecimal(
                                number(vector, ((ArrowType.Decimal) type).getBitWidth() / 8, row, true),
                                ((ArrowType.Decimal) type).getScale())
                        .toPlainString();
            case Interval ->
                switch (((ArrowType.Interval) type).getUnit()) {
                    case YEAR_MONTH -> String.valueOf(vector.getDataBuffer().getInt(4L * row));
                    case DAY_TIME ->
                        vector.getDataBuffer().getInt(8L * row) + "d "
                                + vector.getDataBuffer().getInt(8L * row + 4) + "ms";
                    case MONTH_DAY_NANO ->
                        vector.getDataBuffer().getInt(16L * row) + "m "
                                + vector.getDataBuffer().getInt(16L * row + 4) + "d "
                                + vector.getDataBuffer().getLong(16L * row + 8) + "ns";
                };
            default -> {
                boolean signed = !(type instanceof ArrowType.Int integer) || integer.getIsSigned();
                int width = ((BaseFixedWidthVector) vector).getTypeWidth();
                yield number(vector, width, row, signed).toString();
            }
        };
    }

    /** A little-endian number of any width. */
    private static BigInteger number(FieldVector vector, int width, int row, boolean signed) {
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[width - 1 - i] = vector.getDataBuffer().getByte((long) row * width + i);
        }
        return signed ? new BigInteger(bytes) : new BigInteger(1, bytes);
    }
}
