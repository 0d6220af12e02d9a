package org.arrownpz.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.TextSink;
import org.arrownpz.internal.text.SafeText;

/** An aligned table; widths follow from the first rows, and columns that do not fit the terminal are left out. */
final class TableRows implements Rows.RowPrinter {
    private static final int MAX_CELL = 40;
    private static final int SAMPLE_ROWS = 1000;
    private static final String GAP = "  ";

    private final OutputStream out;
    private final List<Field> fields;
    private final int terminalWidth;
    private final TextSink sink = new TextSink(MAX_CELL);
    private final List<String[]> pending = new ArrayList<>();
    private int[] widths = {};

    TableRows(OutputStream out, List<Field> fields, int terminalWidth) {
        this.out = out;
        this.fields = fields;
        this.terminalWidth = terminalWidth;
    }

    @Override
    public void print(Cell[] cells, int row) throws IOException {
        // Before the widths are known every column may be shown.
        int shown = widths.length > 0 ? widths.length : Math.min(cells.length, terminalWidth);
        String[] texts = new String[shown];
        for (int i = 0; i < shown; i++) {
            cells[i].write(row, sink);
            texts[i] = sink.take();
        }
        if (widths.length > 0) {
            line(texts);
            return;
        }
        pending.add(texts);
        if (pending.size() == SAMPLE_ROWS) {
            start();
        }
    }

    private void start() throws IOException {
        int count = Math.min(fields.size(), terminalWidth);
        String[] header = new String[count];
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            header[i] = SafeText.escape(fields.get(i).getName(), MAX_CELL);
            all[i] = length(header[i]);
            for (String[] row : pending) {
                all[i] = Math.max(all[i], length(row[i]));
            }
        }
        int shown = 0;
        for (int used = 0; shown < count; shown++) {
            used += all[shown] + (shown == 0 ? 0 : GAP.length());
            if (used > terminalWidth && shown > 0) {
                break;
            }
        }
        widths = Arrays.copyOf(all, shown);
        line(header);
        for (String[] row : pending) {
            line(row);
        }
        pending.clear();
    }

    private void line(String[] texts) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - length(texts[i])));
            line.append(i == 0 ? "" : GAP);
            if (isNumber(fields.get(i).getType())) {
                line.append(padding).append(texts[i]);
            } else {
                line.append(texts[i]).append(i == widths.length - 1 ? "" : padding);
            }
        }
        out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isNumber(ArrowType type) {
        return type instanceof ArrowType.Int
                || type instanceof ArrowType.FloatingPoint
                || type instanceof ArrowType.Decimal;
    }

    @Override
    public void close() throws IOException {
        if (widths.length == 0 && !fields.isEmpty()) {
            start();
        }
        int hidden = fields.size() - widths.length;
        if (hidden > 0) {
            String note = "… and " + hidden + (hidden == 1 ? " more column\n" : " more columns\n");
            out.write(note.getBytes(StandardCharsets.UTF_8));
        }
    }
}
