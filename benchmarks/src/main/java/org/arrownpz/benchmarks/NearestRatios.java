package org.arrownpz.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Vectors;
import org.arrownpz.npy.NumpyArray;

/**
 * {@code Vectors.nearest} beside NumPy's {@code matrix @ query} and {@code argpartition}, in turns, with the same rows found.
 *
 * <p>Arguments: a directory for the files, a Python with NumPy, {@code nearest.py}, and the numbers of rounds, rows, columns
 * and rows to find.
 */
public final class NearestRatios {
    private static final List<String> FORMS = List.of("memory", "mapped");

    private NearestRatios() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[3]);
        int count = Integer.parseInt(arguments[6]);
        List<String> command = new ArrayList<>(List.of(arguments[1], arguments[2], directory.toString()));
        command.addAll(Arrays.asList(arguments).subList(4, 7));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // What these make of a processor is not what NumPy's users have.
        builder.environment().keySet().removeAll(List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"));
        // Its threads spin for 2^26 cycles after a product, in our turn.
        builder.environment().put("OPENBLAS_THREAD_TIMEOUT", "4");
        Process numpy = builder.start();
        try (BufferAllocator allocator = new RootAllocator();
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(numpy.getInputStream(), StandardCharsets.UTF_8))) {
            System.out.printf(
                    "JDK %s, %s processors, %s, %s x %s float32, k %s, %s rounds, ms%n%n",
                    Runtime.version(),
                    Runtime.getRuntime().availableProcessors(),
                    answers.readLine(),
                    arguments[4],
                    arguments[5],
                    arguments[6],
                    rounds);
            System.out.println(
                    "| metric | program | median | best | x NumPy in memory |\n| --- | --- | --- | --- | --- |");
            try (NumpyArray matrix = Npy.load(allocator, directory.resolve("matrix.npy"));
                    NumpyArray query = Npy.load(allocator, directory.resolve("query.npy"))) {
                for (Vectors.Metric metric : Vectors.Metric.values()) {
                    measure(matrix, query, count, metric, rounds, numpy, answers);
                }
            }
        } finally {
            numpy.destroy();
            numpy.waitFor();
        }
    }

    private static void measure(
            NumpyArray matrix,
            NumpyArray query,
            int count,
            Vectors.Metric metric,
            int rounds,
            Process numpy,
            BufferedReader answers)
            throws IOException {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        // The first round is for the compiler, and for the page tables.
        for (int round = -1; round < rounds; round++) {
            long start = System.nanoTime();
            List<Vectors.Neighbor> found = Vectors.nearest(matrix, query, count, metric);
            add(times, "Vectors.nearest, mapped", round, System.nanoTime() - start);
            List<Long> rows = found.stream().map(Vectors.Neighbor::row).toList();
            for (String form : FORMS) {
                String line = metric.name().toLowerCase(Locale.ROOT) + " " + form + "\n";
                numpy.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
                numpy.getOutputStream().flush();
                List<Long> answer = Arrays.stream(answers.readLine().split(" "))
                        .map(Long::valueOf)
                        .toList();
                add(times, "NumPy, " + form, round, answer.get(0));
                if (!answer.subList(1, answer.size()).equals(rows)) {
                    throw new IllegalStateException("NumPy finds " + answer + ", not " + rows);
                }
            }
        }
        double floor = median(Objects.requireNonNull(times.get("NumPy, memory")));
        times.forEach((program, all) -> System.out.printf(
                "| %s | %s | %.1f | %.1f | %.2f |%n",
                metric.name().toLowerCase(Locale.ROOT),
                program,
                median(all),
                Collections.min(all),
                median(all) / floor));
    }

    private static void add(Map<String, List<Double>> times, String program, int round, long nanos) {
        List<Double> all = times.computeIfAbsent(program, name -> new ArrayList<>());
        if (round >= 0) {
            all.add(nanos / 1e6);
        }
    }

    private static double median(List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
