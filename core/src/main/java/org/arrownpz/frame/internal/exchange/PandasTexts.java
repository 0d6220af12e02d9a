package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeText;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.LabelArray;
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
        ScalarDType dtype = switch (pandasType) {
            case "int64", "int32", "int16", "int8" -> ScalarDType.of(DTypeKind.INT, 8);
            case "uint64", "uint32", "uint16", "uint8" -> ScalarDType.of(DTypeKind.UINT, 8);
            case "float64" -> ScalarDType.of(DTypeKind.FLOAT, 8);
            case "float32" -> ScalarDType.of(DTypeKind.FLOAT, 4);
            case "bool" -> ScalarDType.of(DTypeKind.BOOL, 1);
            default -> null;
        };
        if (dtype == null) {
            return null;
        }
        int size = Math.multiplyExact((int) dtype.itemSize(), texts.size());
        ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        try {
            texts.forEach(text -> put(data, dtype, text));
        } catch (NumberFormatException e) {
            return null;
        }
        LabelArray labels = LabelArray.of(dtype, data.array(), texts.size());
        // Texts that Python would spell in another way are none of numbers.
        return labels.texts().equals(texts) ? labels : null;
    }

    private static void put(ByteBuffer data, ScalarDType dtype, String text) {
        switch (dtype.kind()) {
            case INT -> data.putLong(Long.parseLong(text));
            case UINT -> data.putLong(Long.parseUnsignedLong(text));
            case BOOL -> data.put((byte) (text.equals("True") ? 1 : 0));
            default -> {
                if (dtype.itemSize() == Double.BYTES) {
                    data.putDouble(Double.parseDouble(text));
                } else {
                    data.putFloat(Float.parseFloat(text));
                }
            }
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
}
