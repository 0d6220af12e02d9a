package org.arrownpz.cli.cell;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Cells of CSV. Null is an empty cell, an empty text is {@code ""}; bytes are base64; lists and objects are their JSON.
 */
public final class CsvSink implements CellSink {
    private final OutputStream out;
    private final Generators generators;
    private final Cut nested = new Cut();
    private @Nullable JsonGenerator json;
    private @Nullable JsonSink inner;
    private int depth;

    /** Makes generators of JSON without spaces over a stream. */
    @FunctionalInterface
    public interface Generators {
        JsonGenerator over(OutputStream out) throws IOException;
    }

    /** Bytes that can be used where they lie. */
    private static final class Cut extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }

    /** The stream stays the caller's. */
    public CsvSink(OutputStream out, Generators generators) {
        this.out = out;
        this.generators = generators;
    }

    private void raw(String ascii) throws IOException {
        for (int i = 0; i < ascii.length(); i++) {
            out.write(ascii.charAt(i));
        }
    }

    private void quoted(byte[] bytes, int length) throws IOException {
        boolean quote = length == 0;
        for (int i = 0; i < length && !quote; i++) {
            quote = bytes[i] == '"' || bytes[i] == ',' || bytes[i] == '\n' || bytes[i] == '\r';
        }
        if (!quote) {
            out.write(bytes, 0, length);
            return;
        }
        out.write('"');
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '"') {
                out.write('"');
            }
            out.write(bytes[i]);
        }
        out.write('"');
    }

    /** The sink of nested values. */
    private JsonSink inner() throws IOException {
        JsonSink sink = inner;
        if (sink == null) {
            json = generators.over(nested);
            sink = new JsonSink(json);
            inner = sink;
        }
        return sink;
    }

    @Override
    public void nullValue() throws IOException {
        if (depth > 0) {
            inner().nullValue();
        }
    }

    @Override
    public void bool(boolean value) throws IOException {
        if (depth > 0) {
            inner().bool(value);
        } else {
            raw(value ? "true" : "false");
        }
    }

    @Override
    public void integer(long value) throws IOException {
        if (depth > 0) {
            inner().integer(value);
        } else {
            raw(Long.toString(value));
        }
    }

    @Override
    public void unsigned(long value) throws IOException {
        if (depth > 0) {
            inner().unsigned(value);
        } else {
            raw(Long.toUnsignedString(value));
        }
    }

    @Override
    public void real(double value, String shortest) throws IOException {
        if (depth > 0) {
            inner().real(value, shortest);
        } else if (Double.isInfinite(value)) {
            // As readers of CSV spell it.
            raw(value > 0 ? "inf" : "-inf");
        } else {
            raw(shortest);
        }
    }

    @Override
    public void decimal(BigDecimal value) throws IOException {
        if (depth > 0) {
            inner().decimal(value);
        } else {
            raw(value.toPlainString());
        }
    }

    @Override
    public void text(String value) throws IOException {
        if (depth > 0) {
            inner().text(value);
        } else {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            quoted(bytes, bytes.length);
        }
    }

    @Override
    public void ascii(byte[] bytes, int length) throws IOException {
        if (depth > 0) {
            inner().ascii(bytes, length);
        } else {
            quoted(bytes, length);
        }
    }

    @Override
    public void binary(byte[] bytes, int length) throws IOException {
        if (depth > 0) {
            inner().binary(bytes, length);
        } else {
            byte[] exact = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
            byte[] base64 = Base64.getEncoder().encode(exact);
            quoted(base64, base64.length);
        }
    }

    @Override
    public void beginList() throws IOException {
        depth++;
        inner().beginList();
    }

    @Override
    public void endList() throws IOException {
        inner().endList();
        end();
    }

    @Override
    public void beginObject() throws IOException {
        depth++;
        inner().beginObject();
    }

    @Override
    public void name(String name) throws IOException {
        inner().name(name);
    }

    @Override
    public void endObject() throws IOException {
        inner().endObject();
        end();
    }

    private void end() throws IOException {
        depth--;
        JsonGenerator generator = json;
        if (depth == 0 && generator != null) {
            generator.flush();
            quoted(nested.array(), nested.size());
            nested.reset();
        }
    }
}
