package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;

/** Files of rows that tell their number: ten times as a number, as a text, and every other time as it is. */
final class NumberedRows {
    private NumberedRows() {}

    private static VectorSchemaRoot root(int rows, BufferAllocator allocator) {
        BigIntVector number = new BigIntVector("number", allocator);
        VarCharVector text = new VarCharVector("text", allocator);
        IntVector sparse = new IntVector("sparse", allocator);
        for (int i = 0; i < rows; i++) {
            number.setSafe(i, i * 10L);
            text.setSafe(i, ("t" + i).getBytes(StandardCharsets.UTF_8));
            if (i % 2 == 0) {
                sparse.setSafe(i, i);
            } else {
                sparse.setNull(i);
            }
        }
        List<FieldVector> vectors = List.of(number, text, sparse);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors);
    }

    static Path write(Path path, int rows, int batchRows, IpcOptions.Compression compression, BufferAllocator allocator)
            throws IOException {
        try (VectorSchemaRoot root = root(rows, allocator);
                Frame frame = Frame.of(root);
                ArrowReader batches = frame.reader(batchRows)) {
            Ipc.write(batches, path, IpcOptions.defaults().withCompression(compression));
        }
        return path;
    }
}
