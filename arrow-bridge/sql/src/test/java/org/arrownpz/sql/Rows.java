package org.arrownpz.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/** What a query gives, as text. */
public final class Rows {
    private Rows() {}

    /** A text for each row, its values separated by commas; closes the reader. */
    public static List<String> rows(ArrowReader reader) throws IOException {
        List<String> rows = new ArrayList<>();
        try (reader) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            while (reader.loadNextBatch()) {
                for (int i = 0; i < root.getRowCount(); i++) {
                    int row = i;
                    rows.add(String.join(
                            ",",
                            root.getFieldVectors().stream()
                                    .map(column -> String.valueOf(column.getObject(row)))
                                    .toList()));
                }
            }
        }
        return rows;
    }
}
