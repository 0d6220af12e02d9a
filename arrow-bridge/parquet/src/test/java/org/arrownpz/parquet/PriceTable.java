package org.arrownpz.parquet;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Keys, prices and names. */
final class PriceTable {
    private PriceTable() {}

    static VectorSchemaRoot prices(int rows, BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        Float8Vector price = new Float8Vector("price", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        for (int i = 0; i < rows; i++) {
            key.setSafe(i, i * 10L);
            price.setSafe(i, i % 5 == 3 ? Double.NaN : i / 3.0);
            name.setSafe(i, ("näme " + i).getBytes(StandardCharsets.UTF_8));
        }
        List<FieldVector> vectors = List.of(key, price, name);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, rows);
    }
}
