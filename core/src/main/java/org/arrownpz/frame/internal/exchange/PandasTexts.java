package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeText;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.internal.python.PyFloat;
import org.arrownpz.internal.python.PyLiteral;
import org.arrownpz.internal.python.PySyntaxException;
import org.arrownpz.internal.python.PyValue;
import org.jspecify.annotations.Nullable;

/** Column labels from the texts that the schema metadata key {@code pandas} holds of them. */
final class PandasTexts {
    private PandasTexts() {}

    /** The class of such labels. */
    static IndexClass indexClass(LabelArray labels) {
        TimeUnit64 unit = labels.dtype().unit();
        return labels.dtype().kind() == DTypeKind.DATETIME && unit != null
                ? IndexClass.of(IndexType.ofUnit(unit))
                : IndexClass.INDEX;
    }

    // pyarrow names the fields of MultiIndex columns by Python's text of the tuple.
    static @Nullable List<String> tuple(String text) {
        try {
            if (PyLiteral.parse(text, 8, false) instanceof PyValue.Tuple tuple) {
                List<String> items = new ArrayList<>(tuple.items().size());
                for (PyValue item : tuple.items()) {
                    if (item instanceof PyValue.Text string) {
                        items.add(string.value());
                    } else if (item instanceof PyValue.Int integer && integer.exact()) {
                        items.add(Long.toString(integer.value()));
                    } else if (item instanceof PyValue.Bool bool) {
                        items.add(bool.value() ? "True" : "False");
                    } else {
                        return null;
                    }
                }
                return items;
            }
            return null;
        } catch (PySyntaxException e) {
            return null;
        }
    }

    /** Labels of the type that pandas states, where every text is the text of such a value; null otherwise. */
    static @Nullable LabelArray typed(JsonNode index, List<String> texts) {
        String pandasType = index.path("pandas_type").asText();
        TimeUnit64 unit = timeUnit(pandasType, index.path("numpy_type").asText());
        if (unit != null) {
            return times(unit, texts);
        }
        ByteBuffer data =
                ByteBuffer.allocate(Math.multiplyExact(8, texts.size())).order(ByteOrder.LITTLE_ENDIAN);
        try {
            switch (pandasType) {
                case "int64", "int32", "int16", "int8" -> {
                    for (String text : texts) {
                        data.putLong(exact(Long.parseLong(text), text));
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.INT, 8), data.array(), texts.size());
                }
                case "uint64", "uint32", "uint16", "uint8" -> {
                    for (String text : texts) {
                        long value = Long.parseUnsignedLong(text);
                        if (!Long.toUnsignedString(value).equals(text)) {
                            return null;
                        }
                        data.putLong(value);
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.UINT, 8), data.array(), texts.size());
                }
                case "float64" -> {
                    for (String text : texts) {
                        double value = Double.parseDouble(text);
                        if (!PyFloat.repr(value).equals(text)) {
                            return null;
                        }
                        data.putDouble(value);
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.FLOAT, 8), data.array(), texts.size());
                }
                case "float32" -> {
                    for (String text : texts) {
                        float value = Float.parseFloat(text);
                        if (!PyFloat.repr(value, Float.BYTES).equals(text)) {
                            return null;
                        }
                        data.putFloat(value);
                    }
                    byte[] floats = Arrays.copyOf(data.array(), Float.BYTES * texts.size());
                    return LabelArray.of(ScalarDType.of(DTypeKind.FLOAT, Float.BYTES), floats, texts.size());
                }
                case "bool" -> {
                    byte[] bits = new byte[texts.size()];
                    for (int i = 0; i < bits.length; i++) {
                        if (!texts.get(i).equals("True") && !texts.get(i).equals("False")) {
                            return null;
                        }
                        bits[i] = (byte) (texts.get(i).equals("True") ? 1 : 0);
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.BOOL, 1), bits, bits.length);
                }
                default -> {
                    return null;
                }
            }
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable TimeUnit64 timeUnit(String pandasType, String numpyType) {
        if (!pandasType.equals("datetime") && !pandasType.equals(numpyType)) {
            return null;
        }
        return EnumSet.range(TimeUnit64.Base.SECOND, TimeUnit64.Base.NANOSECOND).stream()
                .filter(base -> numpyType.equals("datetime64[" + base.symbol() + "]"))
                .map(TimeUnit64::of)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable LabelArray times(TimeUnit64 unit, List<String> texts) {
        ByteBuffer data =
                ByteBuffer.allocate(Math.multiplyExact(8, texts.size())).order(ByteOrder.LITTLE_ENDIAN);
        for (String text : texts) {
            Long value = TimeText.parseTimestamp(text, unit);
            if (value == null) {
                return null;
            }
            data.putLong(value);
        }
        return LabelArray.of(ScalarDType.datetime(unit), data.array(), texts.size());
    }

    private static long exact(long value, String text) {
        if (!Long.toString(value).equals(text)) {
            throw new NumberFormatException("not Python's text of an int");
        }
        return value;
    }
}
