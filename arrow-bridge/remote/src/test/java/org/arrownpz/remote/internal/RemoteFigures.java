package org.arrownpz.remote.internal;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.FileServer;
import org.arrownpz.testing.SparseArrays;

/** Prints the figures of reading over HTTP: times beside curl's in alternating rounds, requests and bytes. */
final class RemoteFigures {
    private static final int ROUNDS = 7;

    private RemoteFigures() {}

    private interface Step {
        void run() throws Exception;
    }

    private static double millis(Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Process serve(Path directory, int delay) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dsun.net.httpserver.nodelay=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FileServer.class.getName(),
                        directory.toString(),
                        String.valueOf(delay))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String base(Process server) throws Exception {
        return "http://localhost:" + new BufferedReader(new InputStreamReader(server.getInputStream())).readLine()
                + "/";
    }

    private static void files(Path directory) throws Exception {
        ByteBuffer noise = ByteBuffer.allocateDirect(1 << 20);
        new Random(1).longs(noise.capacity() / 8).forEach(noise::putLong);
        Npy.save(directory.resolve("gigabyte.npy"), new byte[] {0});
        SparseArrays.write(directory.resolve("gigabyte.npy"), 8, Shape.of(125_000_000), StorageOrder.C, 0);
        try (FileChannel channel = FileChannel.open(directory.resolve("gigabyte.npy"), StandardOpenOption.WRITE)) {
            for (long at = 128; at < 1_000_000_000; at += noise.capacity()) {
                channel.write(noise.rewind().limit((int) Math.min(noise.capacity(), 1_000_000_128 - at)), at);
            }
        }
        SparseArrays.write(directory.resolve("row.npy"), 8, Shape.of(1_000_000, 671), StorageOrder.C, 777_777L * 671);
        save(directory.resolve("thousand.npz"), 1_000, 1_000);
        save(directory.resolve("hundred.npz"), 100, 50_000);
    }

    private static void save(Path file, int members, int rows) throws Exception {
        Map<String, long[]> arrays = new LinkedHashMap<>();
        IntStream.range(0, members).forEach(i -> arrays.put("c" + i, new long[rows]));
        Npz.save(file, arrays);
    }

    private static String traffic(Frame frame) {
        return frame.copyReport().notes().stream()
                .filter(note -> note.startsWith("fetched by"))
                .findFirst()
                .orElseThrow();
    }

    private static void columns(BufferAllocator allocator, String uri, ReadOptions options, String what)
            throws Exception {
        double[] times = new double[ROUNDS];
        String[] traffic = new String[1];
        for (int round = 0; round < ROUNDS; round++) {
            // A query of its own, lest the file be known already.
            URI fresh = URI.create(uri + "?" + what.replaceAll("\\W", "") + round);
            times[round] = millis(() -> {
                try (Frame frame = Frames.open(allocator, fresh, options)) {
                    frame.root();
                    traffic[0] = traffic(frame);
                }
            });
        }
        System.out.printf("%s: median %.0f ms (%s), %s%n", what, median(times), Arrays.toString(times), traffic[0]);
    }

    private static double curl(String uri, Path to) throws Exception {
        return millis(() -> new ProcessBuilder("curl", "-s", "-r", "0-", "-o", to.toString(), uri)
                .start()
                .waitFor());
    }

    private static void whole(BufferAllocator allocator, String uri, Path directory) throws Exception {
        double[] ours = new double[ROUNDS];
        double[] files = new double[ROUNDS];
        double[] nothing = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            // To a vector that is there, as curl to a file that is: neither is given back within its time.
            long start = System.nanoTime();
            try (Frame frame = Frames.open(allocator, URI.create(uri + "?" + round), ReadOptions.defaults())) {
                frame.root();
                ours[round] = (System.nanoTime() - start) / 1e6;
            }
            Path copy = directory.resolve("copy");
            files[round] = curl(uri, copy);
            Files.delete(copy);
            nothing[round] = curl(uri, Path.of("/dev/null"));
        }
        System.out.printf(
                "1 GB in full: median %.0f ms %s%n  curl into a file in memory %.0f ms %s: %.2f x its speed%n"
                        + "  curl into /dev/null %.0f ms %s: %.2f x its speed%n",
                median(ours),
                Arrays.toString(ours),
                median(files),
                Arrays.toString(files),
                median(files) / median(ours),
                median(nothing),
                Arrays.toString(nothing),
                median(nothing) / median(ours));
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        files(directory);
        Process near = serve(directory, 0);
        Process far = serve(directory, 20);
        try (BufferAllocator allocator = new RootAllocator()) {
            String url = base(near);
            String late = base(far);
            ReadOptions options = ReadOptions.defaults();
            whole(allocator, url + "gigabyte.npy", directory);
            if (arguments.length > 1) {
                return;
            }
            columns(allocator, late + "thousand.npz", options, "1,000 members, 20 ms late");
            columns(allocator, late + "hundred.npz", options.withColumns("c57"), "one column of 100, 20 ms late");
            List<String> second =
                    IntStream.range(0, 50).mapToObj(i -> "c" + 2 * i).toList();
            columns(allocator, late + "hundred.npz", options.withColumns(second), "every second column, 20 ms late");
            HttpFile file = ((HttpPath) org.arrownpz.io.ByteSources.path(URI.create(late + "row.npy"))).file();
            double time = millis(() -> {
                try (NumpyArray matrix = Npy.load(allocator, URI.create(late + "row.npy"), options)) {
                    matrix.row(777_777).doubles();
                }
            });
            System.out.printf("one row of 5 GB, 20 ms late: %.0f ms, %s%n", time, file.traffic());
        } finally {
            near.destroy();
            far.destroy();
        }
    }
}
