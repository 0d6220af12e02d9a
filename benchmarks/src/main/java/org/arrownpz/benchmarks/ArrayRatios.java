package org.arrownpz.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;

/**
 * Arrays without a table, beside floors and NumPy, in turns: {@code Npz.save} and {@code Npz.load} of 100 MB, and a column
 * of vectors, 1,000,000 × 128 float32, read and added up.
 *
 * <p>Arguments: a directory for the files, a Python with NumPy, {@code savez.py}, and the number of rounds.
 */
public final class ArrayRatios {
    private static final int NUMBERS = 12_500_000;
    private static final int VECTORS = 1_000_000;
    private static final int WIDTH = 128;
    /** Turns of calls that take microseconds, which the compiler has to know by then. */
    private static final int QUICK_TURNS = 100;

    private static final WriteOptions UNSYNCED = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private ArrayRatios() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int turns = Integer.parseInt(arguments[3]);
        Turns.printHeader("");
        try (BufferAllocator allocator = new RootAllocator()) {
            save(allocator, directory, arguments[1], arguments[2], turns);
            vectors(allocator, directory, turns);
        } finally {
            Scratch.delete(directory);
        }
    }

    private static void save(BufferAllocator allocator, Path directory, String python, String script, int turns)
            throws Exception {
        double[] values = new SplittableRandom(1).doubles(NUMBERS).toArray();
        ByteBuffer bytes = ByteBuffer.allocateDirect(NUMBERS * Double.BYTES).order(ByteOrder.nativeOrder());
        bytes.asDoubleBuffer().put(values);
        Path ours = directory.resolve("ours.npz");
        Path theirs = directory.resolve("numpy.npz");
        try (Child numpy = new Child(List.of(python, script, theirs.toString(), "" + NUMBERS))) {
            new Turns("100 MB beside " + numpy.greeting, turns)
                    .floor(
                            "CRC-32, sequential write",
                            () -> ArticleFloors.summed(bytes.duplicate(), directory.resolve("floor")))
                    .add(
                            "Npz.save of a direct buffer",
                            () -> Npz.save(ours, Map.of("x", bytes.duplicate().asDoubleBuffer()), UNSYNCED))
                    .add("Npz.save of a double[]", () -> Npz.save(ours, Map.of("x", values), UNSYNCED))
                    .addTold("np.savez", () -> (long) Double.parseDouble(numpy.ask("")))
                    .run();
        }
        new Turns("100 MB", QUICK_TURNS)
                .floor("map, unmap", () -> {
                    try (ByteSource source = ByteSources.open(allocator, ours, Mapping.READ_ONLY)) {
                        source.region(0, source.size()).close();
                    }
                })
                .add("Npz.load", () -> Npz.load(allocator, ours).close())
                .add("Npz.load and one element of its view", () -> {
                    try (NumpyArrays arrays = Npz.load(allocator, ours)) {
                        return arrays.get("x").doubleBuffer().get(NUMBERS / 2);
                    }
                })
                .run();
        Files.delete(ours);
        Files.delete(theirs);
    }

    private static void vectors(BufferAllocator allocator, Path directory, int turns) throws Exception {
        Path file = directory.resolve("vectors.npy");
        float[][] rows = new float[VECTORS][];
        SplittableRandom random = new SplittableRandom(2);
        for (int row = 0; row < VECTORS; row++) {
            rows[row] = new float[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                rows[row][i] = (float) random.nextDouble();
            }
        }
        Npy.save(file, rows);
        Arrays.fill(rows, null);
        ReadOptions options = ReadOptions.defaults().withVectors("embedding");
        double[] sums = new double[2];
        new Turns("1,000,000 x 128 float32", turns)
                .floor("map, add up 128 million", () -> {
                    try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
                        long bytes = 4L * VECTORS * WIDTH;
                        try (ArrowBuf buffer = source.region(source.size() - bytes, bytes)) {
                            sums[0] = sum(buffer, (long) VECTORS * WIDTH);
                        }
                    }
                })
                .add("column of 1,000,000 vectors", () -> {
                    try (Frame frame = Frames.open(allocator, file, options)) {
                        FixedSizeListVector column = (FixedSizeListVector) frame.column(0);
                        sums[1] = sum(column.getDataVector().getDataBuffer(), (long) VECTORS * WIDTH);
                    }
                })
                .run();
        if (sums[0] != sums[1]) {
            throw new IllegalStateException(Arrays.toString(sums));
        }
    }

    private static double sum(ArrowBuf floats, long count) {
        long at = floats.memoryAddress();
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (long i = 0; i < count; i += 4, at += 16) {
            a += Float.intBitsToFloat(MemoryUtil.getInt(at));
            b += Float.intBitsToFloat(MemoryUtil.getInt(at + 4));
            c += Float.intBitsToFloat(MemoryUtil.getInt(at + 8));
            d += Float.intBitsToFloat(MemoryUtil.getInt(at + 12));
        }
        return a + b + c + d;
    }
}
