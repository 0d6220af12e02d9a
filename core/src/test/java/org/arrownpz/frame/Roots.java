package org.arrownpz.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;
import org.jspecify.annotations.Nullable;

/** Small vectors and roots. */
public final class Roots {
    private Roots() {}

    public static BigIntVector longs(BufferAllocator allocator, String name, long... values) {
        BigIntVector vector = new BigIntVector(name, allocator);
        vector.allocateNew(Math.max(1, values.length));
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    public static Float8Vector doubles(BufferAllocator allocator, String name, double... values) {
        Float8Vector vector = new Float8Vector(name, allocator);
        vector.allocateNew(Math.max(1, values.length));
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    public static VarCharVector texts(BufferAllocator allocator, String name, @Nullable String... values) {
        VarCharVector vector = new VarCharVector(name, allocator);
        vector.allocateNew();
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            if (value == null) {
                vector.setNull(i);
            } else {
                vector.setSafe(i, new Text(value));
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    /** Empty lists of numbers, which NumPy has no dtype for. */
    static ListVector lists(BufferAllocator allocator, String name, int rows) {
        ListVector lists = ListVector.empty(name, allocator);
        lists.addOrGetVector(FieldType.nullable(Types.MinorType.INT.getType()));
        lists.allocateNew();
        for (int i = 0; i < rows; i++) {
            lists.startNewValue(i);
            lists.endValue(i, 0);
        }
        lists.setValueCount(rows);
        return lists;
    }

    /** Indices into a dictionary of that id; negative ones are null. */
    public static IntVector indices(BufferAllocator allocator, String name, long dictionary, int... values) {
        DictionaryEncoding encoding = new DictionaryEncoding(dictionary, false, new ArrowType.Int(32, true));
        FieldType type = new FieldType(true, new ArrowType.Int(32, true), encoding);
        IntVector vector = new IntVector(new Field(name, type, List.of()), allocator);
        vector.allocateNew(Math.max(1, values.length));
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0) {
                vector.setNull(i);
            } else {
                vector.set(i, values[i]);
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    public static MapDictionaryProvider dictionaries(IntVector indices, FieldVector values) {
        MapDictionaryProvider provider = new MapDictionaryProvider();
        provider.put(new Dictionary(values, indices.getField().getDictionary()));
        return provider;
    }

    public static VectorSchemaRoot root(FieldVector... vectors) {
        return root(Map.of(), vectors);
    }

    public static VectorSchemaRoot root(Map<String, String> metadata, FieldVector... vectors) {
        List<Field> fields = new ArrayList<>();
        for (FieldVector vector : vectors) {
            fields.add(vector.getField());
        }
        int rows = vectors.length == 0 ? 0 : vectors[0].getValueCount();
        return new VectorSchemaRoot(new Schema(fields, metadata), List.of(vectors), rows);
    }

    public static List<Object> values(FieldVector vector) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < vector.getValueCount(); i++) {
            Object value = vector.getObject(i);
            values.add(value instanceof Text text ? text.toString() : value);
        }
        return values;
    }
}
