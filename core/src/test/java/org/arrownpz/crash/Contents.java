package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A few tables that differ in length and in all values, written one after the other over the same target. */
public final class Contents implements AutoCloseable {
    static final int COUNT = 4;

    private final BufferAllocator allocator = new RootAllocator();
    private final List<VectorSchemaRoot> roots = new ArrayList<>();

    /** @param fewest rows of the shortest table; the longest has seven times as many */
    public Contents(int fewest) {
        for (int number = 0; number < COUNT; number++) {
            roots.add(table(number, rows(fewest, number)));
        }
    }

    /** A copy with memory of its own, for another thread: cheaper than the values made once more. */
    Contents(Contents other) {
        for (VectorSchemaRoot root : other.roots) {
            List<FieldVector> vectors = new ArrayList<>();
            for (FieldVector vector : root.getFieldVectors()) {
                BaseFixedWidthVector copy =
                        (BaseFixedWidthVector) vector.getField().createVector(allocator);
                ByteBuffer target = bytes(copy, root.getRowCount());
                target.put(vector.getDataBuffer().nioBuffer(0, target.capacity()));
                vectors.add(copy);
            }
            roots.add(new VectorSchemaRoot(vectors));
        }
    }

    private static int rows(int fewest, int number) {
        return fewest * (1 + 2 * number);
    }

    private VectorSchemaRoot table(int number, int rows) {
        BigIntVector longs = new BigIntVector("a", allocator);
        Float8Vector doubles = new Float8Vector("b", allocator);
        IntVector ints = new IntVector("c", allocator);
        long[] values = new long[rows];
        double[] fractions = new double[rows];
        int[] halves = new int[rows];
        for (int row = 0; row < rows; row++) {
            long value = (row * (long) COUNT + number + 1) * 0x9E3779B97F4A7C15L;
            values[row] = value;
            fractions[row] = value >> 11;
            halves[row] = (int) (value >> 32);
        }
        bytes(longs, rows).asLongBuffer().put(values);
        bytes(doubles, rows).asDoubleBuffer().put(fractions);
        bytes(ints, rows).asIntBuffer().put(halves);
        VectorSchemaRoot root = VectorSchemaRoot.of(longs, doubles, ints);
        root.setRowCount(rows);
        return root;
    }

    /** The values of a new vector without nulls: filled at once, since each process to be killed makes its own. */
    private static ByteBuffer bytes(BaseFixedWidthVector vector, int rows) {
        vector.allocateNew(rows);
        vector.getValidityBuffer().setOne(0, vector.getValidityBuffer().capacity());
        vector.setValueCount(rows);
        return vector.getDataBuffer().nioBuffer(0, rows * vector.getTypeWidth()).order(ByteOrder.nativeOrder());
    }

    /** The table of a generation. */
    public VectorSchemaRoot of(long generation) {
        return roots.get((int) (generation % COUNT));
    }

    /**
     * Which table these columns are, all values of which are compared.
     *
     * @return its number, by which it is {@link #of} generations
     */
    public int identify(List<FieldVector> columns) {
        int rows = columns.get(0).getValueCount();
        for (int number = 0; number < COUNT; number++) {
            VectorSchemaRoot root = roots.get(number);
            if (root.getRowCount() == rows) {
                for (int i = 0; i < columns.size(); i++) {
                    requireEqual(columns.get(i), root.getVector(i), number);
                }
                return number;
            }
        }
        throw new AssertionError("neither the old nor the new content: " + rows + " rows");
    }

    private static void requireEqual(FieldVector found, FieldVector expected, int number) {
        assertThat(found.getMinorType()).isEqualTo(expected.getMinorType());
        assertThat(found.getValueCount()).isEqualTo(expected.getValueCount());
        assertThat(found.getNullCount()).isZero();
        long bytes = (long) expected.getValueCount() * ((BaseFixedWidthVector) expected).getTypeWidth();
        int difference = found.getDataBuffer()
                .nioBuffer(0, (int) bytes)
                .mismatch(expected.getDataBuffer().nioBuffer(0, (int) bytes));
        assertThat(difference)
                .as("the first byte of column %s that is not that of content %s", expected.getName(), number)
                .isNegative();
    }

    @Override
    public void close() {
        roots.forEach(VectorSchemaRoot::close);
        allocator.close();
    }
}
