package org.arrownpz.cli.cell;

import java.io.IOException;

/** The cells of one column. Used by one thread. */
@FunctionalInterface
public interface Cell {
    /** Hands the value of a row to the sink. */
    void write(int row, CellSink sink) throws IOException;
}
