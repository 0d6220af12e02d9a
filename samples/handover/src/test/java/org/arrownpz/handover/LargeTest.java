package org.arrownpz.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Vectors;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Indexes over a mapped matrix of rows of 128, in a thousand clusters, against the exact search of this library. The
 * property {@code arrownpz.rows} makes it larger, and {@code arrownpz.read} reads the matrix into memory first
 * (benchmarks/results has 200,000 rows both ways).
 */
@Tag("nightly")
class LargeTest {
    private static final int ROWS = Integer.getInteger("arrownpz.rows", 10_000);
    private static final int DIMENSION = 128;
    private static final int QUERIES = 100;
    private static final int NEAREST = 10;
    /** The bound of the tests of both libraries ({@code TestVectorGraph}, {@code HnswGraphTestCase}). */
    private static final double RECALL = 0.9;

    /** For comparison: the matrix read into an array of Java. */
    private static final boolean READ = Boolean.getBoolean("arrownpz.read");

    @TempDir
    Path directory;

    private Path matrix;

    @BeforeEach
    void makeTheMatrix() throws Exception {
        matrix = directory.resolve("matrix.npy");
        Random random = new Random(45);
        float[] centres = new float[1000 * DIMENSION];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = (float) random.nextGaussian();
        }
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(ROWS * DIMENSION * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer rows = bytes.asFloatBuffer();
        for (int row = 0; row < ROWS; row++) {
            int centre = random.nextInt(1000) * DIMENSION;
            for (int i = 0; i < DIMENSION; i++) {
                rows.put(centres[centre + i] + 0.5f * (float) random.nextGaussian());
            }
        }
        Npy.save(matrix, ArrayContent.of(bytes, ScalarDType.of(DTypeKind.FLOAT, 4), Shape.of(ROWS, DIMENSION)));
    }

    private interface Search {
        long[] nearest(int row) throws Exception;
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double recall(NumpyArray array, Search search) throws Exception {
        int found = 0;
        for (int i = 0; i < QUERIES; i++) {
            int row = i * (ROWS / QUERIES);
            long[] exact = Vectors.nearest(array, array.row(row), NEAREST, Vectors.Metric.L2).stream()
                    .mapToLong(Vectors.Neighbor::row)
                    .toArray();
            found += (int) Arrays.stream(search.nearest(row))
                    .filter(other -> LongStream.of(exact).anyMatch(one -> one == other))
                    .count();
        }
        return found / (double) (QUERIES * NEAREST);
    }

    private FloatBuffer rows(NumpyArray array) throws Exception {
        return READ ? FloatBuffer.wrap(array.floats()) : array.floatBuffer();
    }

    /** What the rows take of the heap, in bytes: nothing where they are mapped. */
    private static void tell(String library, double recall, long before) {
        System.out.printf(
                "%s, %,d rows %s: recall %.3f, heap with all of it %,d bytes%n",
                library, ROWS, READ ? "read into an array" : "mapped", recall, heap() - before);
    }

    @Test
    void jvectorFindsWhatExactSearchFinds() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArray array = Npy.load(allocator, matrix)) {
            long before = heap();
            MappedVectors vectors = new MappedVectors(rows(array), DIMENSION);
            try (ImmutableGraphIndex index = JVector.build(vectors)) {
                double recall = recall(
                        array,
                        row -> Arrays.stream(JVector.nearest(vectors, index, row, NEAREST))
                                .asLongStream()
                                .toArray());
                tell("JVector", recall, before);
                assertThat(recall).isGreaterThan(RECALL);
            }
            assertThat(allocator.getPeakMemoryAllocation()).isZero();
        }
    }

    @Test
    void luceneFindsWhatExactSearchFinds() throws Exception {
        long[] ids = LongStream.range(0, ROWS).toArray();
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArray array = Npy.load(allocator, matrix);
                Directory index = FSDirectory.open(directory.resolve("lucene"))) {
            long before = heap();
            FloatBuffer rows = rows(array);
            Lucene.index(index, rows, LongBuffer.wrap(ids), DIMENSION);
            double recall = recall(array, row -> {
                float[] query = new float[DIMENSION];
                rows.get(row * DIMENSION, query);
                return Lucene.nearest(index, query, NEAREST);
            });
            tell("Lucene", recall, before);
            assertThat(recall).isGreaterThan(RECALL);
            assertThat(allocator.getPeakMemoryAllocation()).isZero();
        }
    }
}
