package org.arrownpz.parquet.internal.text.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.parquet.internal.text.type.Instants;
import org.arrownpz.parquet.internal.text.type.Kind;
import org.arrownpz.parquet.internal.text.type.Texts;

/** Columns of texts, numbers, booleans and times. Used by one thread. */
final class ScalarColumn implements Column {
    private static final long DAY = 86_400;

    private static final int REALS = Kind.set(Kind.INTEGER, Kind.UNSIGNED, Kind.HUGE, Kind.REAL, Kind.SPECIAL);

    /** Sets the value of some characters of a kind that the column takes. */
    private interface Setter {
        void set(int row, Kind kind, char[] text, int from, int to);
    }

    private final Texts texts = new Texts();
    private final CharsetEncoder utf8 = StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private ByteBuffer bytes = ByteBuffer.allocate(256);
    private final FieldVector vector;
    private final int kinds;
    private final Setter setter;

    ScalarColumn(FieldVector vector) {
        this.vector = vector;
        this.kinds = kinds();
        this.setter = setter();
    }

    @Override
    public void text(int row, char[] text, int from, int to) throws IOException {
        if (vector instanceof VarCharVector strings) {
            encode(strings, row, text, from, to);
            return;
        }
        Kind kind = texts.kind(text, from, to);
        if (kind.isIn(kinds)) {
            setter.set(row, kind, text, from, to);
        } else if (kind != Kind.ABSENT) {
            throw new ChangedException();
        }
    }

    @Override
    public void json(int row, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT && vector instanceof BigIntVector numbers) {
            numbers.setSafe(row, parser.getLongValue());
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT && vector instanceof Float8Vector numbers) {
            numbers.setSafe(row, parser.getDoubleValue());
        } else if (vector instanceof BitVector bits) {
            bits.setSafe(row, parser.getBooleanValue() ? 1 : 0);
        } else if (token.isScalarValue()) {
            int from = parser.getTextOffset();
            try {
                text(row, parser.getTextCharacters(), from, from + parser.getTextLength());
            } catch (CharacterCodingException e) {
                throw new FormatException(
                        parser.currentLocation().getLineNr(),
                        "a text holds half of a surrogate pair (\\ud800 to \\udfff alone), which is no character");
            }
        } else {
            throw new ChangedException();
        }
    }

    private int kinds() {
        if (vector instanceof BigIntVector) {
            return Kind.set(Kind.INTEGER);
        } else if (vector instanceof UInt8Vector) {
            return Kind.set(Kind.INTEGER, Kind.UNSIGNED);
        } else if (vector instanceof Float8Vector) {
            return REALS;
        } else if (vector instanceof BitVector) {
            return Kind.set(Kind.BOOL);
        } else if (vector instanceof DateDayVector) {
            return Kind.set(Kind.DATE);
        } else if (vector instanceof TimeStampVector) {
            return Kind.set(Kind.DATE, Kind.TIMESTAMP);
        }
        return vector instanceof NullVector ? 0 : Kind.set(Kind.TIME);
    }

    private Setter setter() {
        ArrowType type = vector.getField().getType();
        if (vector instanceof BigIntVector numbers) {
            return (row, kind, text, from, to) -> numbers.setSafe(row, Texts.integer(text, from, to));
        } else if (vector instanceof UInt8Vector numbers) {
            return (row, kind, text, from, to) -> numbers.setSafe(row, Texts.integer(text, from, to));
        } else if (vector instanceof Float8Vector numbers) {
            return (row, kind, text, from, to) -> numbers.setSafe(row, Texts.real(text, from, to, kind));
        } else if (vector instanceof BitVector bits) {
            return (row, kind, text, from, to) -> bits.setSafe(row, Texts.bool(text, from) ? 1 : 0);
        } else if (vector instanceof DateDayVector days) {
            return (row, kind, text, from, to) ->
                    days.setSafe(row, Math.toIntExact(texts.instants().seconds()));
        } else if (vector instanceof TimeStampVector stamps && type instanceof ArrowType.Timestamp stamp) {
            return (row, kind, text, from, to) -> stamps.setSafe(row, timestamp(kind, stamp.getUnit()));
        } else if (vector instanceof TimeSecVector times) {
            return (row, kind, text, from, to) -> times.setSafe(row, (int) time(TimeUnit.SECOND));
        } else if (vector instanceof TimeMilliVector times) {
            return (row, kind, text, from, to) -> times.setSafe(row, (int) time(TimeUnit.MILLISECOND));
        } else if (vector instanceof TimeMicroVector times) {
            return (row, kind, text, from, to) -> times.setSafe(row, time(TimeUnit.MICROSECOND));
        } else if (vector instanceof TimeNanoVector times) {
            return (row, kind, text, from, to) -> times.setSafe(row, time(TimeUnit.NANOSECOND));
        }
        return (row, kind, text, from, to) -> {
            throw new IllegalStateException("no value is set in " + type);
        };
    }

    private long timestamp(Kind kind, TimeUnit unit) {
        Instants instants = texts.instants();
        return kind == Kind.DATE
                ? Instants.count(Math.multiplyExact(instants.seconds(), DAY), 0, unit)
                : Instants.count(instants.seconds(), instants.nanos(), unit);
    }

    private long time(TimeUnit unit) {
        return Instants.count(texts.instants().seconds(), texts.instants().nanos(), unit);
    }

    private void encode(VarCharVector strings, int row, char[] text, int from, int to) throws IOException {
        int most = Math.multiplyExact(to - from, 3);
        if (bytes.capacity() < most) {
            bytes = ByteBuffer.allocate(Math.max(most, bytes.capacity() * 2));
        }
        bytes.clear();
        CoderResult result = utf8.reset().encode(CharBuffer.wrap(text, from, to - from), bytes, true);
        if (result.isError()) {
            result.throwException();
        }
        strings.setSafe(row, bytes.array(), 0, bytes.position());
    }
}
