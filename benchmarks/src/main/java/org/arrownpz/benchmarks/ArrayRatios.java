package org.arrownpz.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
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
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.Rounds.Measurement;
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

    private static final int STRIP = 256 << 10;
    private static final WriteOptions UNSYNCED = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private static double sink;

    private ArrayRatios() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int turns = Integer.parseInt(arguments[3]);
        System.out.printf(
                "JDK %s, %s processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        System.out.printf("%-36s %12s %12s %8s%n", "call", "median us", "best us", "x floor");
        try (BufferAllocator allocator = new RootAllocator()) {
            save(allocator, directory, arguments[1], arguments[2], turns);
            vectors(allocator, directory, turns);
        } finally {
            Scratch.delete(directory);
        }
        if (Double.isNaN(sink)) {
            throw new IllegalStateException("not a number");
        }
    }

    private static void save(BufferAllocator allocator, Path directory, String python, String script, int turns)
            throws Exception {
        double[] values = new SplittableRandom(1).doubles(NUMBERS).toArray();
        ByteBuffer bytes = ByteBuffer.allocateDirect(NUMBERS * Double.BYTES).order(ByteOrder.nativeOrder());
        bytes.asDoubleBuffer().put(values);
        Path ours = directory.resolve("ours.npz");
        Process numpy = new ProcessBuilder(
                        python, script, directory.resolve("numpy.npz").toString(), "" + NUMBERS)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader answers =
                new BufferedReader(new InputStreamReader(numpy.getInputStream(), StandardCharsets.UTF_8))) {
            System.out.println(answers.readLine());
            List<Double> inside = new ArrayList<>();
            Rounds rounds = new Rounds(turns, Long.MAX_VALUE);
            List<Measurement> times = new ArrayList<>();
            rounds.add("floor", () -> floor(bytes.duplicate(), directory.resolve("floor")), times::add);
            rounds.add(
                    "buffer",
                    () -> Npz.save(ours, Map.of("x", bytes.duplicate().asDoubleBuffer()), UNSYNCED),
                    times::add);
            rounds.add("array", () -> Npz.save(ours, Map.of("x", values), UNSYNCED), times::add);
            rounds.add("numpy", () -> inside.add(savez(numpy, answers)), times::add);
            rounds.run(progress -> {});
            line("floor: CRC-32, sequential write", times.get(0), times.get(0));
            line("Npz.save of a direct buffer", times.get(1), times.get(0));
            line("Npz.save of a double[]", times.get(2), times.get(0));
            line("np.savez", Measurement.of(tail(inside, times.get(3).samples())), times.get(0));
        } finally {
            numpy.destroy();
            numpy.waitFor();
        }
        Rounds rounds = new Rounds(QUICK_TURNS, Long.MAX_VALUE);
        List<Measurement> times = new ArrayList<>();
        rounds.add(
                "map",
                () -> {
                    try (ByteSource source = ByteSources.open(allocator, ours, Mapping.READ_ONLY)) {
                        source.region(0, source.size()).close();
                    }
                },
                times::add);
        rounds.add("load", () -> Npz.load(allocator, ours).close(), times::add);
        rounds.add(
                "load, header, view",
                () -> {
                    try (NumpyArrays arrays = Npz.load(allocator, ours)) {
                        sink += arrays.get("x").doubleBuffer().get(NUMBERS / 2);
                    }
                },
                times::add);
        rounds.run(progress -> {});
        line("map, unmap", times.get(0), times.get(0));
        line("Npz.load of it", times.get(1), times.get(0));
        line("… and one element of its view", times.get(2), times.get(0));
        Files.delete(ours);
        Files.delete(directory.resolve("numpy.npz"));
    }

    private static double savez(Process numpy, BufferedReader answers) {
        try {
            numpy.getOutputStream().write('\n');
            numpy.getOutputStream().flush();
            return Double.parseDouble(answers.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long[] tail(List<Double> all, int count) {
        return all.subList(all.size() - count, all.size()).stream()
                .mapToLong(Double::longValue)
                .toArray();
    }

    private static void floor(ByteBuffer bytes, Path target) throws IOException {
        Path written = target.resolveSibling("floor.part");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            CRC32 checksum = new CRC32();
            while (bytes.hasRemaining()) {
                ByteBuffer strip = bytes.slice(bytes.position(), Math.min(STRIP, bytes.remaining()));
                checksum.update(strip.duplicate());
                bytes.position(bytes.position() + strip.remaining());
                while (strip.hasRemaining()) {
                    channel.write(strip);
                }
            }
            sink += checksum.getValue() & 1;
        }
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
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
        Rounds rounds = new Rounds(turns, Long.MAX_VALUE);
        List<Measurement> times = new ArrayList<>();
        double[] sums = new double[2];
        rounds.add(
                "floor",
                () -> {
                    try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
                        long bytes = 4L * VECTORS * WIDTH;
                        try (ArrowBuf buffer = source.region(source.size() - bytes, bytes)) {
                            sums[0] = sum(buffer, (long) VECTORS * WIDTH);
                        }
                    }
                },
                times::add);
        rounds.add(
                "column",
                () -> {
                    try (Frame frame = Frames.open(allocator, file, options)) {
                        FixedSizeListVector column = (FixedSizeListVector) frame.column(0);
                        sums[1] = sum(column.getDataVector().getDataBuffer(), (long) VECTORS * WIDTH);
                    }
                },
                times::add);
        rounds.run(progress -> {});
        if (sums[0] != sums[1]) {
            throw new IllegalStateException(Arrays.toString(sums));
        }
        line("floor: map, add up 128 million", times.get(0), times.get(0));
        line("column of 1,000,000 vectors", times.get(1), times.get(0));
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

    private static void line(String name, Measurement time, Measurement floor) {
        System.out.printf(
                Locale.ROOT,
                "%-36s %12.1f %12.1f %8.2f%n",
                name,
                time.median() / 1e3,
                time.best() / 1e3,
                time.over(floor));
    }
}
