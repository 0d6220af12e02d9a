package org.arrownpz.parquet.internal.text;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** CSV as RFC 4180 has it, with {@code \n} as line end and the columns' names in the first line. */
public final class CsvRows implements RowPrinter {
    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final CsvSink sink;

    public CsvRows(OutputStream target, List<String> names) throws IOException {
        this.out = new BufferedOutputStream(target, BUFFER);
        this.sink = new CsvSink(out);
        for (int i = 0; i < names.size(); i++) {
            separate(i);
            sink.name(names.get(i).getBytes(StandardCharsets.UTF_8));
        }
        out.write('\n');
    }

    @Override
    public void print(Cell[] cells, int row) throws IOException {
        for (int i = 0; i < cells.length; i++) {
            separate(i);
            cells[i].write(row, sink);
        }
        out.write('\n');
    }

    private void separate(int column) throws IOException {
        if (column > 0) {
            out.write(',');
        }
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
