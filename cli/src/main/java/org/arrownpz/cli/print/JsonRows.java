package org.arrownpz.cli.print;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.Cells;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.cell.JsonSink;

/** One JSON object per row and line. Closing writes what is left and keeps the stream open. */
final class JsonRows implements AutoCloseable {
    private final JsonGenerator json;
    private final JsonSink sink;
    private final List<String> names;

    JsonRows(OutputStream out, List<String> names) throws IOException {
        this.json = JsonLines.generator(out);
        this.sink = new JsonSink(json);
        this.names = names;
    }

    /** Writes the rows of all batches. */
    void print(ArrowReader reader) throws IOException {
        while (reader.loadNextBatch()) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            print(reader, batch.getFieldVectors(), batch.getRowCount());
        }
    }

    /** Writes the first rows of vectors. */
    void print(DictionaryProvider dictionaries, List<FieldVector> vectors, int rows) throws IOException {
        Cells factory = new Cells(dictionaries);
        Cell[] cells = vectors.stream().map(factory::of).toArray(Cell[]::new);
        for (int row = 0; row < rows; row++) {
            json.writeStartObject();
            for (int i = 0; i < cells.length; i++) {
                json.writeFieldName(names.get(i));
                cells[i].write(row, sink);
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    @Override
    public void close() throws IOException {
        json.flush();
    }
}
