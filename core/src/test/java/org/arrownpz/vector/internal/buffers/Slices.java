package org.arrownpz.vector.internal.buffers;

import static org.arrownpz.testing.RandomVectors.field;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.testing.RandomVectors;

/** Vectors to be sliced, and the ways to slice them. */
public final class Slices {
    static final int ROWS = 100;
    public static final Location NOWHERE = Location.ofFile(null);
    public static final ArrowType INT = new ArrowType.Int(32, true);
    public static final ArrowType TEXT = new ArrowType.Utf8();

    static final List<Slicing> SLICINGS = List.of(
            (vectors, allocator, from, count) -> VectorSlices.share(vectors, allocator, from, count, NOWHERE),
            (vectors, allocator, from, count) -> VectorSlices.copy(vectors, allocator, from, count, NOWHERE));

    private Slices() {}

    /** How rows are made of a vector. */
    public interface Slicing {
        List<FieldVector> of(List<FieldVector> vectors, BufferAllocator allocator, int from, int count)
                throws NpzException;
    }

    public static Field dense(String name) {
        return field(
                name,
                new ArrowType.Union(UnionMode.Dense, new int[] {7, 0, 100}),
                field("i", INT),
                field("t", TEXT),
                field("l", new ArrowType.List(), field("item", TEXT)));
    }

    public static Field runs(int width) {
        return field(
                "runs",
                new ArrowType.RunEndEncoded(),
                new Field("run_ends", FieldType.notNullable(new ArrowType.Int(width, true)), List.of()),
                field("values", TEXT));
    }

    public static FieldVector random(Field field, BufferAllocator allocator) {
        return new RandomVectors(allocator, 11, true).vector(field, ROWS);
    }

    public static VarCharVector texts(String name, BufferAllocator allocator, int rows) {
        VarCharVector texts = new VarCharVector(name, allocator);
        for (int i = 0; i < rows; i++) {
            texts.setSafe(i, ("text " + i).getBytes(StandardCharsets.US_ASCII));
        }
        texts.setValueCount(rows);
        return texts;
    }

    public static void close(List<? extends AutoCloseable> vectors) throws Exception {
        for (AutoCloseable vector : vectors) {
            vector.close();
        }
    }
}
