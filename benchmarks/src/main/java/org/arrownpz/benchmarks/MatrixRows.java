package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.array.Npy;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;

/**
 * Rows of a row-major matrix, 2,000,000 × 256 float32, beside loops over its mapping, in turns: 1,000 picked ones as an
 * array and as columns, the first batch of 1,000, and 100,000 in batches.
 *
 * <p>Arguments: a directory for the file, and the number of rounds.
 */
public final class MatrixRows {
    private static final int ROWS = 2_000_000;
    private static final int WIDTH = 256;
    private static final int PICKED = 1_000;
    private static final int SOME = 100_000;
    private static final long ROW_BYTES = 4L * WIDTH;

    private MatrixRows() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        Turns.printHeader("2,000,000 x 256 float32");
        try (BufferAllocator allocator = new RootAllocator()) {
            Path file = directory.resolve("matrix.npy");
            float[][] values = new float[ROWS / 1_000][WIDTH];
            SplittableRandom random = new SplittableRandom(1);
            float[][] all = new float[ROWS][];
            for (int row = 0; row < ROWS; row++) {
                float[] own = values[row % values.length];
                own[row % WIDTH] = (float) random.nextDouble();
                all[row] = own;
            }
            Npy.save(file, all);
            Arrays.fill(all, null);
            measure(allocator, file, Integer.parseInt(arguments[1]));
        } finally {
            Scratch.delete(directory);
        }
    }

    private static void measure(BufferAllocator allocator, Path file, int turns) throws Exception {
        long[] rows = new SplittableRandom(2).longs(PICKED, 0, ROWS).toArray();
        double[] last = new double[2];
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                ArrowBuf mapped = source.region(source.size() - ROWS * ROW_BYTES, ROWS * ROW_BYTES);
                NumpyArray matrix = Npy.load(allocator, file);
                Frame frame = Frames.open(allocator, file)) {
            new Turns("", turns)
                    .floor("a loop that copies 1,000 random rows", () -> last[0] = copied(allocator, mapped, rows))
                    .add("NumpyArray.take of them", () -> {
                        try (NumpyArray taken = matrix.take(allocator, rows);
                                ArrowBuf row = taken.region((PICKED - 1) * ROW_BYTES, ROW_BYTES)) {
                            last[1] = row.getFloat(ROW_BYTES - 4);
                        }
                    })
                    .floor("a loop that makes columns of them", () -> last[0] = picked(allocator, mapped, rows))
                    .add("Frame.take of them", () -> {
                        try (Frame taken = frame.take(rows)) {
                            last[1] = ((Float4Vector) taken.column(WIDTH - 1)).get(PICKED - 1);
                        }
                    })
                    .floor("a loop over 1,000 rows", () -> columns(allocator, mapped, 0, PICKED))
                    .add("reader(1000), first batch", () -> batches(frame, PICKED, PICKED))
                    .floor("loops over 100 x 1,000 rows", () -> columns(allocator, mapped, 0, SOME))
                    .add("reader(1000), 100 batches", () -> batches(frame, PICKED, SOME))
                    .run();
            if (last[0] != last[1]) {
                throw new IllegalStateException(Arrays.toString(last));
            }
        }
        try (BufferAllocator own = new RootAllocator();
                Frame frame = Frames.open(own, file);
                Frame taken = frame.take(rows)) {
            long result = own.getAllocatedMemory();
            taken.column(0);
            System.out.printf(
                    "%nmemory of Frame.take: %,d bytes, of which %,d are the result's%n",
                    own.getPeakMemoryAllocation(), result);
        }
    }

    private static double copied(BufferAllocator allocator, ArrowBuf mapped, long[] rows) {
        try (ArrowBuf target = allocator.buffer(PICKED * ROW_BYTES)) {
            for (int i = 0; i < PICKED; i++) {
                MemoryUtil.copyMemory(
                        mapped.memoryAddress() + rows[i] * ROW_BYTES,
                        target.memoryAddress() + i * ROW_BYTES,
                        ROW_BYTES);
            }
            return last(target);
        }
    }

    private static double picked(BufferAllocator allocator, ArrowBuf mapped, long[] rows) {
        try (ArrowBuf target = allocator.buffer(PICKED * ROW_BYTES)) {
            for (int i = 0; i < PICKED; i++) {
                row(mapped.memoryAddress() + rows[i] * ROW_BYTES, target.memoryAddress() + 4L * i);
            }
            return last(target);
        }
    }

    /** Makes columns of rows that follow one another, in batches of {@link #PICKED}. */
    private static double columns(BufferAllocator allocator, ArrowBuf mapped, int from, int to) {
        double sum = 0;
        for (int start = from; start < to; start += PICKED) {
            try (ArrowBuf target = allocator.buffer(PICKED * ROW_BYTES)) {
                for (int i = 0; i < PICKED; i++) {
                    row(mapped.memoryAddress() + (start + i) * ROW_BYTES, target.memoryAddress() + 4L * i);
                }
                sum += last(target);
            }
        }
        return sum;
    }

    private static void row(long from, long to) {
        for (int column = 0; column < WIDTH; column++) {
            MemoryUtil.putInt(to + 4L * PICKED * column, MemoryUtil.getInt(from + 4L * column));
        }
    }

    private static double last(ArrowBuf target) {
        return target.getFloat(4L * (PICKED * WIDTH - 1));
    }

    private static double batches(Frame frame, int batchRows, int rows) throws IOException {
        double sum = 0;
        try (ArrowReader reader = frame.reader(batchRows)) {
            for (int row = 0; row < rows && reader.loadNextBatch(); row += batchRows) {
                sum += ((Float4Vector) reader.getVectorSchemaRoot().getVector(WIDTH - 1)).get(batchRows - 1);
            }
        }
        return sum;
    }
}
