package org.arrownpz.soak;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.Maps;

/**
 * Opens, reads, converts and closes good and hostile files again and again with eight threads, and prints what the
 * process holds meanwhile: resident memory, open files and mappings. A line {@code BAD …} for each cycle that throws
 * something untyped or leaves memory behind.
 *
 * <p>Arguments: a folder, and the number of cycles. Meant for a JVM whose heap has one size from the start.
 */
final class SoakRun {
    private static final int THREADS = 8;
    private static final long MEMORY = 64L << 20;
    private static final long LONGEST_FILE = 1 << 20;
    /** Figures are taken so many times, when no cycle runs. */
    private static final int SAMPLES = 50;

    private final Path folder;
    private final List<Path> files = new ArrayList<>();
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();

    private SoakRun(Path folder) throws Exception {
        this.folder = folder.toRealPath();
        for (String corpus :
                List.of("golden/static-frame", "golden/numpy", "hostile/npz", "hostile/npy", "hostile/frame-npz")) {
            try (Stream<Path> found = Files.list(resource(corpus))) {
                found.filter(file -> file.toString().matches(".*\\.(npz|npy|zip)")
                                && Files.isRegularFile(file)
                                && size(file) <= LONGEST_FILE)
                        .sorted()
                        .forEach(files::add);
            }
        }
        try (Stream<Path> found = Files.list(resource("hostile/frame-dir"))) {
            found.filter(Files::isDirectory).sorted().forEach(files::add);
        }
    }

    private static Path resource(String name) throws Exception {
        URI place = Objects.requireNonNull(SoakRun.class.getResource("/" + name), name)
                .toURI();
        return Path.of(place);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    public static void main(String[] arguments) throws Exception {
        new SoakRun(Path.of(arguments[0])).run(Integer.parseInt(arguments[1]));
        System.out.println("done");
    }

    private void run(int cycles) throws Exception {
        System.out.println("files " + files.size());
        try (BufferAllocator allocator = new RootAllocator()) {
            int done = 0;
            for (int sample = 1; sample <= SAMPLES; sample++) {
                int target = (int) ((long) cycles * sample / SAMPLES);
                cycles(allocator, done, target);
                done = target;
                System.gc();
                System.out.println("sample " + done + " " + resident() + " " + open() + " "
                        + Maps.mappedFiles().stream()
                                .filter(path -> path.startsWith(folder + "/") || isCorpus(path))
                                .count());
            }
            if (allocator.getAllocatedMemory() != 0) {
                System.out.println("BAD leak of " + allocator.getAllocatedMemory());
            }
        }
        outcomes.forEach((outcome, count) -> System.out.println("outcome " + outcome + " " + count));
        System.out.println("cycles " + cycles);
    }

    private static boolean isCorpus(String path) {
        return path.contains("/golden/") || path.contains("/hostile/");
    }

    /** Kilobytes of resident memory, 0 where the system does not tell. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    /** Open descriptors of files that are not the JVM's own. */
    private long open() {
        return Maps.openFiles().stream()
                .filter(path -> path.startsWith(folder + "/") || isCorpus(path))
                .count();
    }

    private void cycles(BufferAllocator root, int from, int to) throws InterruptedException {
        AtomicInteger next = new AtomicInteger(from);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                for (int cycle = next.getAndIncrement(); cycle < to; cycle = next.getAndIncrement()) {
                    String outcome = cycle(root, cycle, number);
                    synchronized (outcomes) {
                        outcomes.merge(outcome, 1, Integer::sum);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private String cycle(BufferAllocator root, int cycle, int thread) {
        Path file = files.get(cycle % files.size());
        int round = cycle / files.size();
        ReadOptions options = (round % 2 == 0 ? ReadOptions.defaults() : ReadOptions.inMemory())
                .withVerify(round % 4 < 2 ? Verify.STRUCTURE : Verify.CONTENT);
        WriteOptions form = round % 3 == 0 ? SharedThings.FAST.withLayout(ColumnLayout.ARROW) : SharedThings.FAST;
        String outcome;
        BufferAllocator allocator = root.newChildAllocator("cycle", 0, MEMORY);
        try {
            outcome = convert(allocator, file, options, form, folder.resolve("out" + thread + ".npz"));
        } catch (NpzException e) {
            outcome = e.code().toString();
        } catch (Throwable e) {
            outcome = "BAD";
            System.out.println("BAD cycle " + cycle + " of " + file + ": " + e + " at "
                    + Arrays.toString(Arrays.copyOf(e.getStackTrace(), Math.min(8, e.getStackTrace().length))));
        }
        if (allocator.getAllocatedMemory() != 0) {
            System.out.println("BAD cycle " + cycle + " of " + file + " leaks " + allocator.getAllocatedMemory());
            return "BAD leak";
        }
        allocator.close();
        return outcome;
    }

    private static String convert(
            BufferAllocator allocator, Path file, ReadOptions options, WriteOptions form, Path target)
            throws NpzException {
        if (file.toString().endsWith(".npz") || file.toString().endsWith(".zip")) {
            try (NpzFile archive = NpzFile.open(allocator, file, options)) {
                for (String name : archive.names()) {
                    if (name.endsWith(".npy")) {
                        read(archive.array(name));
                    }
                }
            }
        }
        try (Frame frame = Frames.open(allocator, file, options)) {
            long nulls = 0;
            for (FieldVector vector : frame.root().getFieldVectors()) {
                nulls += vector.getNullCount();
            }
            try {
                Frames.write(frame, target, form);
            } catch (IllegalArgumentException e) {
                // A frame that has no NPZ form, such as one with columns of one name.
                return "not written";
            }
            try (Frame again = Frames.open(allocator, target)) {
                // Without columns, nothing in a file tells the number of rows.
                boolean known = frame.columns().length() > 0;
                if (known && again.rowCount() != frame.rowCount() || nulls < 0) {
                    System.out.println("BAD rows of " + file + ": " + frame.rowCount() + ", then " + again.rowCount());
                }
                return "converted";
            }
        }
    }

    private static void read(NumpyArray array) throws NpzException {
        long length = Math.min(array.header().dataLength(), MEMORY / 4);
        try (ArrowBuf bytes = array.region(0, length)) {
            int sum = 0;
            for (long i = 0; i < length; i += 64) {
                sum += bytes.getByte(i);
            }
            if (sum == Integer.MIN_VALUE) {
                System.out.println("a rare sum");
            }
        }
    }
}
