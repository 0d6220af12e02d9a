package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.npy.NumpyArray;

/**
 * {@code ArrayDiff} of two models of 200 arrays and 500 MB, beside one core's {@code memcpy} of as many bytes, in turns: of
 * the same bytes, and within a tolerance where every number differs.
 *
 * <p>Arguments: a directory for the files, and the number of rounds.
 */
public final class DiffRatios {
    private static final int ARRAYS = 200;
    private static final int ROWS = 2_500;
    private static final int COLUMNS = 250;
    private static final long BYTES = 4L * ARRAYS * ROWS * COLUMNS;

    private DiffRatios() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        Path model = directory.resolve("model.npz");
        Path same = directory.resolve("same.npz");
        Path near = directory.resolve("near.npz");
        Npz.save(model, arrays(1));
        Files.copy(model, same);
        Npz.save(near, arrays(1.000001f));
        Turns.printHeader(String.format("2 x %,d bytes", BYTES));
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf memory = allocator.buffer(2 * BYTES)) {
            memory.setZero(0, 2 * BYTES);
            new Turns("", Integer.parseInt(arguments[1]))
                    .floor("memcpy of one model, twice", () -> {
                        MemoryUtil.copyMemory(memory.memoryAddress(), memory.memoryAddress() + BYTES, BYTES);
                        MemoryUtil.copyMemory(memory.memoryAddress() + BYTES, memory.memoryAddress(), BYTES);
                    })
                    .add("the same bytes", () -> diff(allocator, model, same, ArrayDiff.exact(), 0))
                    .add("all near, within 1e-5", () -> diff(allocator, model, near, ArrayDiff.within(0, 1e-5), 0))
                    .add("all different", () -> diff(allocator, model, near, ArrayDiff.exact(), BYTES / 4))
                    .run();
        } finally {
            Scratch.delete(directory);
        }
    }

    private static Map<String, Object> arrays(float factor) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Object> arrays = new LinkedHashMap<>();
        for (int i = 0; i < ARRAYS; i++) {
            float[][] array = new float[ROWS][COLUMNS];
            for (float[] row : array) {
                for (int j = 0; j < COLUMNS; j++) {
                    row[j] = (float) random.nextDouble(1, 2) * factor;
                }
            }
            arrays.put("layer" + i, array);
        }
        return arrays;
    }

    private static void diff(BufferAllocator allocator, Path a, Path b, ArrayDiff values, long expected)
            throws IOException {
        long found = 0;
        try (NumpyArrays left = Npz.open(allocator, a);
                NumpyArrays right = Npz.open(allocator, b)) {
            for (String array : left.names()) {
                try (NumpyArray x = left.get(array);
                        NumpyArray y = right.get(array)) {
                    found += values.of(x, y).count();
                }
            }
        }
        if (found != expected) {
            throw new IllegalStateException(found + " elements differ, not " + expected);
        }
    }
}
