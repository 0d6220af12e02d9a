package org.arrownpz.cli.cell;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.arrownpz.SafeText;

/**
 * One cell as text for a table: control characters escaped, cut to a width. Nested values look like JSON; timestamps have
 * a blank between date and time.
 */
public final class TextSink implements CellSink {
    private final int maxWidth;
    private final StringBuilder text = new StringBuilder();
    private int depth;
    private boolean separate;

    public TextSink(int maxWidth) {
        this.maxWidth = maxWidth;
    }

    /** The cell written since the last call. */
    public String take() {
        String result = SafeText.escape(text.toString(), maxWidth);
        text.setLength(0);
        depth = 0;
        separate = false;
        return result;
    }

    private void scalar(String value) {
        separate();
        // What is far beyond the cut is dropped early, so that a huge list costs no memory.
        if (text.length() <= maxWidth * 2) {
            text.append(value);
        }
        separate = true;
    }

    private void quoted(String value) {
        scalar(depth == 0 ? value : '"' + value.replace("\"", "\\\"") + '"');
    }

    private void separate() {
        if (depth > 0 && separate && text.length() <= maxWidth * 2) {
            text.append(", ");
        }
        separate = false;
    }

    @Override
    public void nullValue() {
        scalar("null");
    }

    @Override
    public void bool(boolean value) {
        scalar(value ? "true" : "false");
    }

    @Override
    public void integer(long value) {
        scalar(Long.toString(value));
    }

    @Override
    public void unsigned(long value) {
        scalar(Long.toUnsignedString(value));
    }

    @Override
    public void real(double value, String shortest) {
        scalar(Figures.real(value, shortest));
    }

    @Override
    public void decimal(BigDecimal value) {
        scalar(value.toPlainString());
    }

    @Override
    public void text(String value) {
        quoted(value);
    }

    @Override
    public void timestamp(String iso) {
        // As people write it, and as CSV files have it.
        quoted(iso.replace('T', ' '));
    }

    @Override
    public void ascii(byte[] bytes, int length) {
        quoted(new String(bytes, 0, length, StandardCharsets.US_ASCII));
    }

    @Override
    public void binary(byte[] bytes, int length) {
        byte[] exact = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        quoted(Base64.getEncoder().encodeToString(exact));
    }

    @Override
    public CellSink beginList() {
        return begin('[');
    }

    @Override
    public void endList() {
        end(']');
    }

    @Override
    public CellSink beginObject() {
        return begin('{');
    }

    @Override
    public void name(String name) {
        scalar(name + ": ");
        separate = false;
    }

    @Override
    public void endObject() {
        end('}');
    }

    private CellSink begin(char bracket) {
        separate();
        if (text.length() <= maxWidth * 2) {
            text.append(bracket);
        }
        depth++;
        return this;
    }

    private void end(char bracket) {
        depth--;
        if (text.length() <= maxWidth * 2) {
            text.append(bracket);
        }
        separate = true;
    }
}
