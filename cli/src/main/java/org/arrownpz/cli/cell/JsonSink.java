package org.arrownpz.cli.cell;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Cells as JSON: integers and decimals exact, finite floats by their shortest text, other floats as {@code "NaN"},
 * {@code "Infinity"} and {@code "-Infinity"}, bytes as base64.
 */
public record JsonSink(JsonGenerator json) implements CellSink {
    /** The generator stays the caller's. */
    @Override
    public void nullValue() throws IOException {
        json.writeNull();
    }

    @Override
    public void bool(boolean value) throws IOException {
        json.writeBoolean(value);
    }

    @Override
    public void integer(long value) throws IOException {
        json.writeNumber(value);
    }

    @Override
    public void unsigned(long value) throws IOException {
        if (value >= 0) {
            json.writeNumber(value);
        } else {
            json.writeNumber(Long.toUnsignedString(value));
        }
    }

    @Override
    public void real(double value, String shortest) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(shortest);
        } else {
            json.writeString(shortest);
        }
    }

    @Override
    public void decimal(BigDecimal value) throws IOException {
        json.writeNumber(value.toPlainString());
    }

    @Override
    public void text(String value) throws IOException {
        json.writeString(value);
    }

    @Override
    public void ascii(byte[] bytes, int length) throws IOException {
        json.writeUTF8String(bytes, 0, length);
    }

    @Override
    public void binary(byte[] bytes, int length) throws IOException {
        json.writeBinary(bytes, 0, length);
    }

    @Override
    public CellSink beginList() throws IOException {
        json.writeStartArray();
        return this;
    }

    @Override
    public void endList() throws IOException {
        json.writeEndArray();
    }

    @Override
    public CellSink beginObject() throws IOException {
        json.writeStartObject();
        return this;
    }

    @Override
    public void name(String name) throws IOException {
        json.writeFieldName(name);
    }

    @Override
    public void endObject() throws IOException {
        json.writeEndObject();
    }
}
