package org.arrownpz.roundtrip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.testing.RandomVectors;

/** A root of random columns: any type, nulls or none, whole vectors and slices, dictionaries, metadata. */
final class RandomRoot implements AutoCloseable {
    private final VectorSchemaRoot root;
    private final MapDictionaryProvider dictionaries = new MapDictionaryProvider();
    private final List<FieldVector> dictionaryVectors = new ArrayList<>();

    RandomRoot(BufferAllocator allocator, Random random) {
        RandomFields fields = new RandomFields(random);
        int rows = random.nextInt(8) == 0 ? 0 : random.nextInt(70);
        List<FieldVector> vectors = new ArrayList<>();
        List<Field> schema = new ArrayList<>();
        int columns = 1 + random.nextInt(7);
        for (int i = 0; i < columns; i++) {
            boolean nullable = random.nextInt(4) > 0;
            String name = i + (random.nextBoolean() ? "" : " ä\"\n");
            RandomVectors content = new RandomVectors(allocator, random.nextLong(), nullable && random.nextInt(3) > 0);
            FieldVector vector;
            if (random.nextInt(6) == 0) {
                vector = dictionaryEncoded(allocator, random, name, i, rows, fields);
            } else {
                Field field = fields.field(name, nullable);
                vector = random.nextInt(3) == 0
                        ? content.slice(field, random.nextInt(20), rows, random.nextInt(20))
                        : content.vector(field, rows);
            }
            vectors.add(vector);
            schema.add(vector.getField());
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        if (random.nextInt(4) == 0) {
            metadata.put("source", "sensor " + random.nextInt(9));
        }
        root = new VectorSchemaRoot(new Schema(schema, metadata), vectors, rows);
    }

    private FieldVector dictionaryEncoded(
            BufferAllocator allocator, Random random, String name, int id, int rows, RandomFields fields) {
        ArrowType.Int indexType = new ArrowType.Int(8 << random.nextInt(4), true);
        DictionaryEncoding encoding = new DictionaryEncoding(id, random.nextBoolean(), indexType);
        Field values;
        do {
            values = fields.leaf("values", true, Map.of());
        } while (values.getType() instanceof ArrowType.Null);
        int size = 1 + random.nextInt(10);
        FieldVector dictionary = new RandomVectors(allocator, random.nextLong(), false).vector(values, size);
        dictionaryVectors.add(dictionary);
        dictionaries.put(new Dictionary(dictionary, encoding));
        Field field = new Field(name, new FieldType(true, indexType, encoding), List.of());
        FieldVector indices = field.createVector(allocator);
        indices.setInitialCapacity(Math.max(1, rows));
        indices.allocateNew();
        for (int i = 0; i < rows; i++) {
            if (random.nextInt(5) == 0) {
                indices.setNull(i);
            } else {
                ((BaseIntVector) indices).setWithPossibleTruncate(i, random.nextInt(size));
            }
        }
        indices.setValueCount(rows);
        return indices;
    }

    VectorSchemaRoot root() {
        return root;
    }

    MapDictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public void close() {
        root.close();
        dictionaryVectors.forEach(FieldVector::close);
    }
}
