package org.arrownpz.cli.print;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.cell.JsonSink;

/** One JSON object per row and line. */
public final class JsonRows implements Rows.RowPrinter {
    private final JsonGenerator json;
    private final JsonSink sink;
    private final SerializedString[] names;

    public JsonRows(OutputStream out, List<String> names) throws IOException {
        this.json = JsonLines.generator(out);
        this.sink = new JsonSink(json);
        this.names = names.stream().map(SerializedString::new).toArray(SerializedString[]::new);
    }

    @Override
    public void print(Cell[] cells, int row) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < cells.length; i++) {
            json.writeFieldName(names[i]);
            cells[i].write(row, sink);
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
        json.flush();
    }
}
