package org.arrownpz.ipc;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.internal.python.PyText;

/** Values as Python's {@code repr} shows what pyarrow makes of them: the notation of the golden sidecars. */
final class PythonText {
    private final DictionaryProvider dictionaries;

    PythonText(DictionaryProvider dictionaries) {
        this.dictionaries = dictionaries;
    }

    List<String> all(FieldVector vector) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < vector.getValueCount(); i++) {
            texts.add(of(vector, i));
        }
        return texts;
    }

    private String of(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return "None";
        } else if (vector.getField().getDictionary() != null) {
            FieldVector values = dictionaries
                    .lookup(vector.getField().getDictionary().getId())
                    .getVector();
            return of(values, (int) ((BaseIntVector) vector).getValueAsLong(row));
        } else if (vector instanceof UInt8Vector numbers) {
            return Long.toUnsignedString(numbers.get(row));
        } else if (vector instanceof BitVector bits) {
            return bits.get(row) == 1 ? "True" : "False";
        } else if (vector instanceof Float2Vector halves) {
            return Float.toString(halves.getValueAsFloat(row));
        } else if (vector instanceof VarBinaryVector bytes) {
            return bytes(bytes.get(row));
        } else if (vector instanceof FixedSizeBinaryVector bytes) {
            return bytes(bytes.get(row));
        } else if (vector instanceof DateDayVector days) {
            LocalDate date = LocalDate.ofEpochDay(days.get(row));
            return "datetime.date(" + date.getYear() + ", " + date.getMonthValue() + ", " + date.getDayOfMonth() + ")";
        } else if (vector instanceof TimeMicroVector times) {
            LocalTime time = LocalTime.ofNanoOfDay(times.get(row) * 1000);
            return "datetime.time(" + time.getHour() + ", " + time.getMinute() + tail(time) + ")";
        } else if (vector instanceof TimeStampMicroVector stamps) {
            LocalDateTime time = stamps.getObject(row);
            return "datetime.datetime(" + time.getYear() + ", " + time.getMonthValue() + ", " + time.getDayOfMonth()
                    + ", " + time.getHour() + ", " + time.getMinute() + tail(time.toLocalTime()) + ")";
        }
        return nested(vector, row);
    }

    private String nested(FieldVector vector, int row) {
        if (vector instanceof MapVector map) {
            StructVector entries = (StructVector) map.getDataVector();
            List<String> items = new ArrayList<>();
            for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
                List<FieldVector> pair = entries.getChildrenFromFields();
                items.add("(" + of(pair.get(0), i) + ", " + of(pair.get(1), i) + ")");
            }
            return items.toString();
        } else if (vector instanceof ListVector list) {
            return list(list.getDataVector(), list.getElementStartIndex(row), list.getElementEndIndex(row));
        } else if (vector instanceof FixedSizeListVector list) {
            return list(list.getDataVector(), row * list.getListSize(), (row + 1) * list.getListSize());
        } else if (vector instanceof StructVector struct) {
            List<String> items = new ArrayList<>();
            for (FieldVector child : struct.getChildrenFromFields()) {
                items.add("'" + child.getName() + "': " + of(child, row));
            }
            return "{" + String.join(", ", items) + "}";
        }
        Object value = vector.getObject(row);
        if (value instanceof BigDecimal) {
            return "Decimal('" + value + "')";
        }
        return value instanceof Number ? value.toString() : PyText.repr(value.toString());
    }

    private String list(FieldVector values, int start, int end) {
        List<String> items = new ArrayList<>();
        for (int i = start; i < end; i++) {
            items.add(of(values, i));
        }
        return items.toString();
    }

    /** Python leaves out zero seconds and microseconds. */
    private static String tail(LocalTime time) {
        int micros = time.getNano() / 1000;
        String seconds = time.getSecond() == 0 && micros == 0 ? "" : ", " + time.getSecond();
        return seconds + (micros == 0 ? "" : ", " + micros);
    }

    private static String bytes(byte[] bytes) {
        StringBuilder text = new StringBuilder("b'");
        for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            text.append(c >= ' ' && c < 127 ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return text.append('\'').toString();
    }
}
