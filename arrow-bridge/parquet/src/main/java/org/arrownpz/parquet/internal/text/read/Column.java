package org.arrownpz.parquet.internal.text.read;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Takes the values of a vector in, row by row. A row that gets none stays null. */
interface Column {
    /** Takes a cell in. */
    void text(int row, char[] text, int from, int to) throws IOException;

    /** Takes the JSON value in at which the parser stands, which is not null. */
    void json(int row, JsonParser parser) throws IOException;
}
