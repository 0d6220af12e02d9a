package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Base64;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;

/**
 * Cells of a grid as JSON: numbers and booleans as such where a double holds them exactly, all else as text. For windows
 * that people look at.
 */
final class Cells {
    private static final long EXACT = 1L << 53;
    private static final int MAX_TEXT = 10_000;
    private static final long DAY_SECONDS = 86_400;

    private final DictionaryProvider dictionaries;
    private final JsonGenerator json;

    Cells(DictionaryProvider dictionaries, JsonGenerator json) {
        this.dictionaries = dictionaries;
        this.json = json;
    }

    void write(ValueVector vector, int row) throws IOException {
        if (vector.isNull(row)) {
            json.writeNull();
            return;
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null && vector instanceof BaseIntVector indices) {
            Dictionary dictionary = dictionaries.lookup(encoding.getId());
            long index = indices.getValueAsLong(row);
            if (dictionary == null
                    || index < 0
                    || index >= dictionary.getVector().getValueCount()) {
                json.writeString("?");
            } else {
                write(dictionary.getVector(), (int) index);
            }
        } else if (vector instanceof ExtensionTypeVector<?> extension) {
            write(extension.getUnderlyingVector(), row);
        } else if (vector instanceof BitVector bits) {
            json.writeBoolean(bits.get(row) != 0);
        } else if (vector instanceof UInt8Vector unsigned) {
            integer(unsigned.get(row), true, json);
        } else if (vector instanceof BaseIntVector integers) {
            integer(integers.getValueAsLong(row), false, json);
        } else if (vector instanceof FloatingPointVector reals) {
            ArrowType.FloatingPoint type =
                    (ArrowType.FloatingPoint) vector.getField().getType();
            real(reals.getValueAsDouble(row), type.getPrecision() != FloatingPointPrecision.DOUBLE, json);
        } else if (vector instanceof TimeStampVector times) {
            ArrowType.Timestamp type = (ArrowType.Timestamp) times.getField().getType();
            json.writeString(timestamp(times.get(row), type.getUnit(), type.getTimezone() != null));
        } else if (vector instanceof DateDayVector days) {
            json.writeString(LocalDate.ofEpochDay(days.get(row)).toString());
        } else if (vector instanceof DateMilliVector millis) {
            json.writeString(timestamp(millis.get(row), TimeUnit.MILLISECOND, false));
        } else {
            Object value = vector.getObject(row);
            text(value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : String.valueOf(value));
        }
    }

    static void integer(long value, boolean unsigned, JsonGenerator json) throws IOException {
        if (value >= -EXACT && value <= EXACT && !(unsigned && value < 0)) {
            json.writeNumber(value);
        } else {
            json.writeString(unsigned ? Long.toUnsignedString(value) : Long.toString(value));
        }
    }

    /** @param single whether it is shown as the float that it is */
    static void real(double value, boolean single, JsonGenerator json) throws IOException {
        if (!Double.isFinite(value)) {
            json.writeString(Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞");
        } else if (single) {
            json.writeNumber((float) value);
        } else {
            json.writeNumber(value);
        }
    }

    private void text(String value) throws IOException {
        json.writeString(value.length() <= MAX_TEXT ? value : value.substring(0, MAX_TEXT) + "…");
    }

    private static String timestamp(long value, TimeUnit unit, boolean instant) {
        int digits = switch (unit) {
            case SECOND -> 0;
            case MILLISECOND -> 3;
            case MICROSECOND -> 6;
            case NANOSECOND -> 9;
        };
        long perSecond = (long) Math.pow(10, digits);
        long seconds = Math.floorDiv(value, perSecond);
        long day = Math.floorDiv(seconds, DAY_SECONDS);
        long second = Math.floorMod(seconds, DAY_SECONDS);
        if (Math.abs(day) > LocalDate.MAX.toEpochDay()) {
            return Long.toString(value);
        }
        String fraction = digits == 0 ? "" : String.format(".%0" + digits + "d", Math.floorMod(value, perSecond));
        return LocalDate.ofEpochDay(day)
                + String.format(" %02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60)
                + fraction
                + (instant ? "Z" : "");
    }
}
