package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    private NearestRatios() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[3]);
        int count = Integer.parseInt(arguments[6]);
        List<String> command = new ArrayList<>(List.of(arguments[1], arguments[2], directory.toString()));
        command.addAll(Arrays.asList(arguments).subList(4, 7));
        try (BufferAllocator allocator = new RootAllocator();
                Child numpy = new Child(command)) {
            Turns.printHeader(String.join(" ", numpy.greeting, arguments[4], "x", arguments[5], "float32, k " + count));
            try (NumpyArray matrix = Npy.load(allocator, directory.resolve("matrix.npy"));
                    NumpyArray query = Npy.load(allocator, directory.resolve("query.npy"))) {
                for (Vectors.Metric metric : Vectors.Metric.values()) {
                    String name = metric.name().toLowerCase(Locale.ROOT);
                    List<Long> rows = new ArrayList<>();
                    for (Vectors.Neighbor found : Vectors.nearest(matrix, query, count, metric)) {
                        rows.add(found.row());
                    }
                    new Turns(name, rounds)
                            .addTold("NumPy, memory", () -> ask(numpy, name + " memory", rows))
                            .addTold("NumPy, mapped", () -> ask(numpy, name + " mapped", rows))
                            .add("Vectors.nearest, mapped", () -> Vectors.nearest(matrix, query, count, metric))
                            .run();
                }
            }
        }
    }

    /** Gives the nanoseconds that NumPy took to find the same rows. */
    private static long ask(Child numpy, String request, List<Long> rows) throws IOException {
        List<Long> answer =
                Arrays.stream(numpy.ask(request).split(" ")).map(Long::valueOf).toList();
        if (!answer.subList(1, answer.size()).equals(rows)) {
            throw new IllegalStateException("NumPy finds " + answer + ", not " + rows);
        }
        return answer.get(0);
    }
}
