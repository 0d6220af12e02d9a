package org.arrownpz.parquet.internal.text;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.arrownpz.parquet.internal.text.type.Kind;
import org.arrownpz.parquet.internal.text.type.Texts;

/**
 * Cells of CSV. Null is an empty cell, an empty text is {@code ""}, a text that looks like a number or a time is in quotes;
 * bytes are base64; lists and objects are their JSON.
 */
public final class CsvSink implements CellSink {
    private final OutputStream out;
    private final Cut nested = new Cut();
    private final JsonGenerator json;
    private final JsonSink inner;
    private final Texts texts = new Texts();
    private char[] characters = new char[64];

    /** Bytes that can be used where they lie. */
    private static final class Cut extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }

    /** The stream stays the caller's. */
    public CsvSink(OutputStream out) throws IOException {
        this.out = out;
        this.json = JsonLines.generator(nested);
        this.inner = new JsonSink(json);
    }

    private void raw(String ascii) throws IOException {
        for (int i = 0; i < ascii.length(); i++) {
            out.write(ascii.charAt(i));
        }
    }

    /** Writes a text, in quotes where it is empty, or would be taken for a number, a time or a missing value. */
    private void quoted(byte[] bytes, int length) throws IOException {
        write(bytes, length, length == 0 || looksLikeAnother(bytes, length));
    }

    private boolean looksLikeAnother(byte[] bytes, int length) {
        if (!Texts.mayBeOther(bytes[0])) {
            return false;
        }
        if (characters.length < length) {
            characters = new char[Math.max(length, characters.length * 2)];
        }
        for (int i = 0; i < length; i++) {
            // What is beyond ASCII is text in any case.
            characters[i] = (char) (bytes[i] & 0xff);
        }
        return texts.kind(characters, 0, length) != Kind.TEXT;
    }

    /** Writes a column's name, which needs quotes only where they belong to CSV. */
    void name(byte[] bytes) throws IOException {
        write(bytes, bytes.length, bytes.length == 0);
    }

    private void write(byte[] bytes, int length, boolean inQuotes) throws IOException {
        boolean quote = inQuotes;
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

    @Override
    public void nullValue() {
        // An empty cell.
    }

    @Override
    public void bool(boolean value) throws IOException {
        raw(value ? "true" : "false");
    }

    @Override
    public void integer(long value) throws IOException {
        raw(Long.toString(value));
    }

    @Override
    public void unsigned(long value) throws IOException {
        raw(Long.toUnsignedString(value));
    }

    @Override
    public void real(double value, String shortest) throws IOException {
        // Infinities as readers of CSV spell them.
        raw(Double.isInfinite(value) ? value > 0 ? "inf" : "-inf" : shortest);
    }

    @Override
    public void decimal(BigDecimal value) throws IOException {
        raw(value.toPlainString());
    }

    @Override
    public void text(String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        quoted(bytes, bytes.length);
    }

    @Override
    public void dateOrTime(String iso) throws IOException {
        raw(iso);
    }

    @Override
    public void ascii(byte[] bytes, int length) throws IOException {
        quoted(bytes, length);
    }

    @Override
    public void binary(byte[] bytes, int length) throws IOException {
        byte[] base64 = Base64.getEncoder().encode(Arrays.copyOf(bytes, length));
        quoted(base64, base64.length);
    }

    @Override
    public CellSink beginList() throws IOException {
        return inner.beginList();
    }

    @Override
    public void endList() throws IOException {
        inner.endList();
        writeNested();
    }

    @Override
    public CellSink beginObject() throws IOException {
        return inner.beginObject();
    }

    @Override
    public void name(String name) {
        throw new IllegalStateException("members of objects go to the sink that beginObject() gives");
    }

    @Override
    public void endObject() throws IOException {
        inner.endObject();
        writeNested();
    }

    private void writeNested() throws IOException {
        json.flush();
        quoted(nested.array(), nested.size());
        nested.reset();
    }
}
