package org.arrownpz.parquet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions.Durability;

/** A program of its own: writes a wide Parquet file and is over. */
final class WriteAndExit {
    private WriteAndExit() {}

    public static void main(String[] arguments) throws Exception {
        int columns = Integer.parseInt(arguments[1]);
        try (BufferAllocator allocator = new RootAllocator()) {
            List<FieldVector> vectors = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                Float8Vector vector = new Float8Vector("c" + i, allocator);
                vector.allocateNew(100);
                for (int row = 0; row < 100; row++) {
                    vector.set(row, row * 0.5 + i);
                }
                vector.setValueCount(100);
                vectors.add(vector);
            }
            try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
                Parquet.write(
                        root, Path.of(arguments[0]), ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
        }
    }
}
