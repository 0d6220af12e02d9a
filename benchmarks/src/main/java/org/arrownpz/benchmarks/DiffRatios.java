package org.arrownpz.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.Rounds.Measurement;
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
        Rounds rounds = new Rounds(Integer.parseInt(arguments[1]), Long.MAX_VALUE);
        Map<String, Measurement> times = new LinkedHashMap<>();
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf memory = allocator.buffer(2 * BYTES)) {
            memory.setZero(0, 2 * BYTES);
            rounds.add(
                    "memcpy of one model, twice",
                    () -> {
                        MemoryUtil.copyMemory(memory.memoryAddress(), memory.memoryAddress() + BYTES, BYTES);
                        MemoryUtil.copyMemory(memory.memoryAddress() + BYTES, memory.memoryAddress(), BYTES);
                    },
                    time -> times.put("floor: `memcpy` of both", time));
            add(rounds, allocator, model, same, ArrayDiff.exact(), 0, "the same bytes", times);
            add(rounds, allocator, model, near, ArrayDiff.within(0, 1e-5), 0, "all near, within 1e-5", times);
            add(rounds, allocator, model, near, ArrayDiff.exact(), BYTES / 4, "all different", times);
            rounds.run(progress -> {});
        } finally {
            Scratch.delete(directory);
        }
        System.out.printf(
                "JDK %s, %s processors, 2 x %,d bytes%n%n| call | median ms | best ms | GB/s | x floor |%n| --- | --- | --- | --- | --- |%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), BYTES);
        Measurement floor = times.values().iterator().next();
        times.forEach((name, time) -> System.out.printf(
                "| %s | %.1f | %.1f | %.2f | %.2f |%n",
                name, time.median() / 1e6, time.best() / 1e6, 2 * BYTES / time.median(), time.over(floor)));
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

    private static void add(
            Rounds rounds,
            BufferAllocator allocator,
            Path a,
            Path b,
            ArrayDiff values,
            long expected,
            String name,
            Map<String, Measurement> times) {
        rounds.add(
                name,
                () -> {
                    long found = 0;
                    try (NumpyArrays left = Npz.open(allocator, a);
                            NumpyArrays right = Npz.open(allocator, b)) {
                        List<String> names = new ArrayList<>(left.names());
                        for (String array : names) {
                            try (NumpyArray x = left.get(array);
                                    NumpyArray y = right.get(array)) {
                                found += values.of(x, y).count();
                            }
                        }
                    }
                    if (found != expected) {
                        throw new IllegalStateException(found + " elements differ, not " + expected);
                    }
                },
                time -> times.put("`ArrayDiff`, " + name, time));
    }
}
