package org.arrownpz.cli.print;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.cell.TextSink;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.parquet.internal.text.Cell;
import org.arrownpz.parquet.internal.text.RowPrinter;

/** An aligned table; widths follow from the first rows, and columns that do not fit the terminal are left out. */
final class TableRows implements RowPrinter {
    private static final int MAX_CELL = 40;
    private static final int SAMPLE_ROWS = 1000;

    private final OutputStream out;
    private final TextTable table;
    private final int columns;
    private final TextSink sink = new TextSink(MAX_CELL);

    TableRows(OutputStream out, List<Field> fields, int terminalWidth) {
        this.out = out;
        this.columns = fields.size();
        List<String> header = fields.stream()
                .map(field -> SafeText.escape(field.getName(), MAX_CELL))
                .toList();
        BitSet numbers = new BitSet();
        IntStream.range(0, columns)
                .filter(i -> isNumber(fields.get(i).getType()))
                .forEach(numbers::set);
        this.table = new TextTable(header, numbers, terminalWidth);
    }

    @Override
    public void print(Cell[] cells, int row) throws IOException {
        String[] texts = new String[table.shown()];
        for (int i = 0; i < texts.length; i++) {
            cells[i].write(row, sink);
            texts[i] = sink.take();
        }
        table.add(texts);
        if (table.pending() == SAMPLE_ROWS) {
            write(table.take());
        }
    }

    private static boolean isNumber(ArrowType type) {
        return type instanceof ArrowType.Int
                || type instanceof ArrowType.FloatingPoint
                || type instanceof ArrowType.Decimal;
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        write(table.take());
        int hidden = columns - table.shown();
        if (hidden > 0) {
            write("… and " + hidden + (hidden == 1 ? " more column\n" : " more columns\n"));
        }
    }
}
