package org.arrownpz.cli.cell;

import java.io.IOException;
import java.math.BigDecimal;

/** Takes the values of cells; nested values come between begin and end calls. */
public interface CellSink {
    void nullValue() throws IOException;

    void bool(boolean value) throws IOException;

    void integer(long value) throws IOException;

    /** An unsigned 64-bit integer. */
    void unsigned(long value) throws IOException;

    /** A floating point number by its shortest decimal text; not-a-number and infinities included. */
    void real(double value, String shortest) throws IOException;

    void decimal(BigDecimal value) throws IOException;

    void text(String value) throws IOException;

    /** A timestamp in ISO 8601. */
    default void timestamp(String iso) throws IOException {
        dateOrTime(iso);
    }

    /** A date, or a time of day, in ISO 8601. */
    default void dateOrTime(String iso) throws IOException {
        text(iso);
    }

    /** Text of ASCII characters only. */
    void ascii(byte[] bytes, int length) throws IOException;

    void binary(byte[] bytes, int length) throws IOException;

    /** Begins a list; returns the sink of its items. */
    CellSink beginList() throws IOException;

    void endList() throws IOException;

    /** Begins an object; returns the sink of its members. */
    CellSink beginObject() throws IOException;

    void name(String name) throws IOException;

    void endObject() throws IOException;
}
