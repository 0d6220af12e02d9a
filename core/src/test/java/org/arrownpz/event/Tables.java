package org.arrownpz.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;

/** Small tables. */
public final class Tables {
    private Tables() {}

    public static VectorSchemaRoot of(FieldVector... vectors) {
        return new VectorSchemaRoot(
                Stream.of(vectors).map(FieldVector::getField).toList(), List.of(vectors), vectors[0].getValueCount());
    }

    /** Six rows in the order of their key. */
    static VectorSchemaRoot sorted(BufferAllocator allocator) {
        return of(
                longs("k", new long[] {1, 1, 2, 5, 5, 5}, allocator),
                longs("a", new long[] {10, 11, 12, 13, 14, 15}, allocator),
                doubles("b", new double[] {.0, .1, .2, .3, .4, .5}, allocator),
                texts("c", allocator, "u", null, "w", "x", "", "z"));
    }

    public static FieldVector longs(String name, long[] values, BufferAllocator allocator) {
        return longs(name, values, new boolean[values.length], allocator);
    }

    public static FieldVector longs(String name, long[] values, boolean[] nulls, BufferAllocator allocator) {
        BigIntVector vector = new BigIntVector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            if (nulls[i]) {
                vector.setNull(i);
            } else {
                vector.set(i, values[i]);
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    public static FieldVector doubles(String name, double[] values, BufferAllocator allocator) {
        Float8Vector vector = new Float8Vector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    public static FieldVector seconds(String name, long[] values, BufferAllocator allocator) {
        TimeStampSecVector vector = new TimeStampSecVector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    public static FieldVector texts(String name, BufferAllocator allocator, @Nullable String... values) {
        VarCharVector vector = new VarCharVector(name, allocator);
        vector.allocateNew();
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            if (value == null) {
                vector.setNull(i);
            } else {
                vector.setSafe(i, value.getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    public static List<Object> column(VectorSchemaRoot root, String name) {
        return RandomVectors.values(root.getVector(name));
    }

    public static List<Object> list(Object... values) {
        return Arrays.asList(values);
    }
}
