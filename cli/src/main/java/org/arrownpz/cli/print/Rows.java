package org.arrownpz.cli.print;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Frame;
import org.arrownpz.parquet.internal.text.JsonRows;
import org.arrownpz.parquet.internal.text.RowPrinter;

/** Prints rows of a frame: a table for people, else a JSON object per row. */
public final class Rows {
    private final Console console;
    private final boolean json;

    public Rows(Console console, boolean json) {
        this.console = console;
        this.json = json || !console.outIsTerminal();
    }

    /** Prints the rows from one position to, exclusively, another. */
    public void print(Frame frame, long from, long to) throws IOException {
        try (RowPrinter printer = printer(frame.schema())) {
            printer.print(frame, from, to);
        }
    }

    /** Prints all batches. */
    public void print(ArrowReader reader) throws IOException {
        try (RowPrinter printer = printer(reader.getVectorSchemaRoot().getSchema())) {
            printer.print(reader);
        }
    }

    private RowPrinter printer(Schema schema) throws IOException {
        return json
                ? new JsonRows(console.out(), names(schema))
                : new TableRows(console.out(), schema.getFields(), console.width());
    }

    /** The columns' names. */
    public static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Field::getName).toList();
    }
}
