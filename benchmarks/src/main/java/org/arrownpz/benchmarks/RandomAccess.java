package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.compare.Contenders;
import org.arrownpz.compare.Contenders.Checksum;
import org.arrownpz.compare.Contenders.RowSource;
import org.arrownpz.compare.FileForm;
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.frame.Frame;

/**
 * 1,000 random rows of 5 columns of 10 million, by every reader in turns: from a file that is open, opened each time, and
 * with a file that the page cache has given up. All give the same sums. Lance takes part where its jar is.
 *
 * <p>Arguments: a directory for the files (1.5 GB), and the number of rounds.
 */
public final class RandomAccess {
    private static final int ROWS = 10_000_000;
    private static final int TAKEN = 1000;
    /** Other rows at each call, so that values are not in the processor's caches because they were there just now. */
    private static final int SETS = 64;

    /** Sets whose sums are compared; some readers take seconds for each. */
    private static final int CHECKED = 4;
    /** Nanoseconds after which a reader has no further turn. */
    private static final long BUDGET = 4_000_000_000L;

    private static final int COLD = 5;
    private static final List<String> COLUMNS = List.of("id", "price", "quantity", "score", "time");

    private RandomAccess() {}

    private record Contender(String name, Path file, boolean quick, RowSource.Opener opener) {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int turns = Integer.parseInt(arguments[1]);
        System.out.printf(
                "JDK %s, %s processors, %,d rows of %s, %d taken%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), ROWS, COLUMNS, TAKEN);
        try (BufferAllocator allocator = new RootAllocator()) {
            run(allocator, directory, turns);
        } finally {
            Scratch.delete(directory);
        }
    }

    private static void run(BufferAllocator allocator, Path directory, int turns) throws Exception {
        List<Contender> contenders = write(allocator, directory);
        long[][] rows = new long[SETS][];
        for (int set = 0; set < SETS; set++) {
            rows[set] = new SplittableRandom(set).longs(TAKEN, 0, ROWS).sorted().toArray();
        }
        long[] sums = new long[SETS];
        System.out.printf(
                "%-28s %14s %14s %16s %14s%n",
                "reader", "open once, us", "x Frames.open", "opened each, us", "cold file, us");
        List<Measurement> once = new ArrayList<>();
        List<Measurement> each = new ArrayList<>();
        List<RowSource> open = new ArrayList<>();
        Rounds rounds = new Rounds(turns, BUDGET);
        try {
            for (Contender contender : contenders) {
                RowSource source = contender.opener.open(allocator, contender.file, COLUMNS);
                open.add(source);
                for (int set = 0; set < CHECKED; set++) {
                    long sum = sum(source, rows[set]);
                    if (contender == contenders.get(0)) {
                        sums[set] = sum;
                    } else if (sum != sums[set]) {
                        throw new IllegalStateException(contender.name + " gives other values");
                    }
                }
                if (contender.quick) {
                    // Touches the pages of all rows that are asked for.
                    for (long[] set : rows) {
                        sum(source, set);
                    }
                }
                int[] at = {0};
                rounds.add(contender.name, () -> sum(source, rows[at[0]++ % SETS]), once::add);
                rounds.add(
                        contender.name,
                        () -> {
                            try (RowSource fresh = contender.opener.open(allocator, contender.file, COLUMNS)) {
                                sum(fresh, rows[at[0]++ % SETS]);
                            }
                        },
                        each::add);
            }
            rounds.run(progress -> {});
        } finally {
            for (RowSource source : open) {
                source.close();
            }
        }
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get(i);
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %14.1f %14.1f %16.1f %14.1f%n",
                    contender.name,
                    once.get(i).median() / 1e3,
                    once.get(i).over(once.get(0)),
                    each.get(i).median() / 1e3,
                    cold(allocator, contender, rows));
        }
    }

    private static long sum(RowSource source, long[] rows) throws Exception {
        Checksum checksum = new Checksum();
        source.take(rows, checksum);
        if (checksum.rows() != rows.length) {
            throw new IllegalStateException("rows: " + checksum.rows());
        }
        return checksum.total();
    }

    /** The median of a few calls, each after the page cache gave up the file. */
    private static double cold(BufferAllocator allocator, Contender contender, long[][] rows) throws Exception {
        double[] times = new double[COLD];
        for (int i = 0; i < COLD; i++) {
            forget(contender.file);
            long start = System.nanoTime();
            try (RowSource source = contender.opener.open(allocator, contender.file, COLUMNS)) {
                sum(source, rows[i]);
            }
            times[i] = (System.nanoTime() - start) / 1e3;
        }
        Arrays.sort(times);
        return times[COLD / 2];
    }

    /** Asks the system to drop a file's pages, which coreutils' dd does. */
    private static void forget(Path file) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.walk(file)) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                new ProcessBuilder("dd", "of=" + one, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
        }
    }

    private static List<Contender> write(BufferAllocator allocator, Path directory) throws Exception {
        Path npz = directory.resolve("table.npz");
        Path feather = directory.resolve("table.feather");
        Path parquet = directory.resolve("table.parquet");
        Path lance = directory.resolve("table.lance");
        try (VectorSchemaRoot root = table(allocator);
                Frame frame = Frame.of(root)) {
            Contenders.write(FileForm.NPZ_ALIGNED, frame, npz);
            Contenders.write(FileForm.FEATHER, frame, feather);
            Contenders.write(FileForm.PARQUET, frame, parquet);
            if (LanceRows.isThere()) {
                try (var reader = frame.reader(1 << 20)) {
                    LanceRows.write(allocator, reader, lance);
                }
            }
        }
        List<Contender> contenders = new ArrayList<>();
        contenders.add(contender(FileForm.NPZ_ALIGNED, "Frames.open", npz, true));
        contenders.add(contender(FileForm.FEATHER, "Ipc.read", feather, true));
        contenders.add(contender(FileForm.FEATHER, "ArrowFileReader", feather, true));
        contenders.add(contender(FileForm.FEATHER, "dataset", feather, false));
        contenders.add(contender(FileForm.FEATHER, "dataset ?use_mmap", feather, true));
        contenders.add(contender(FileForm.PARQUET, "dataset", parquet, false));
        if (LanceRows.isThere()) {
            contenders.add(new Contender("Lance", lance, true, LanceRows::open));
        } else {
            System.out.println("Lance: org.lance:lance-core is not on the class path (mvn -Plance)");
        }
        return contenders;
    }

    private static Contender contender(FileForm form, String program, Path file, boolean quick) {
        RowSource.Opener opener =
                Objects.requireNonNull(Contenders.reader(form, program).rows());
        return new Contender(program + " of " + form.label(), file, quick, opener);
    }

    private static VectorSchemaRoot table(BufferAllocator allocator) {
        BigIntVector id = new BigIntVector("id", allocator);
        Float8Vector price = new Float8Vector("price", allocator);
        IntVector quantity = new IntVector("quantity", allocator);
        Float4Vector score = new Float4Vector("score", allocator);
        TimeStampMicroVector time = new TimeStampMicroVector("time", allocator);
        VectorSchemaRoot root = VectorSchemaRoot.of(id, price, quantity, score, time);
        SplittableRandom random = new SplittableRandom(1);
        root.getFieldVectors().forEach(vector -> vector.setInitialCapacity(ROWS));
        root.allocateNew();
        for (int i = 0; i < ROWS; i++) {
            id.set(i, i * 7L);
            price.set(i, random.nextDouble() * 1000);
            quantity.set(i, random.nextInt(1000));
            score.set(i, (float) random.nextDouble());
            time.set(i, 1_700_000_000_000_000L + i * 1_000L + random.nextInt(1000));
        }
        root.setRowCount(ROWS);
        return root;
    }
}
