package org.arrownpz.crash;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.WriteOptions.Durability;

/** The process to be killed: each writer, on a thread for each of its targets, replaces them again and again. */
public final class WriterLoops {
    /** Several pieces of the writers' staging memory in the longest table. */
    public static final int FEWEST_ROWS = 8_000;

    private WriterLoops() {}

    public static void main(String[] arguments) throws Exception {
        run(arguments, CoreWriter.ALL);
    }

    /** Where a writer has one of its targets, and nothing else. */
    static Path target(Path directory, CrashWriter writer, int copy) {
        return directory.resolve(writer.target() + "." + copy).resolve(writer.target());
    }

    static Path progress(Path directory) {
        return directory.resolve("progress");
    }

    /** Flushing takes most of the time of a write: one generation in four does, so that kills hit the rest. */
    static Durability durability(long generation) {
        return generation % Contents.COUNT == 0 ? Durability.FSYNC : Durability.RENAME_ONLY;
    }

    /**
     * Writes until killed, or until the process is orphaned.
     *
     * @param arguments the directory, and the number of targets of each writer
     */
    public static void run(String[] arguments, List<CrashWriter> writers) throws Exception {
        Path directory = Path.of(arguments[0]);
        int copies = Integer.parseInt(arguments[1]);
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        Progress progress = Progress.open(progress(directory));
        Contents all = new Contents(FEWEST_ROWS);
        for (int i = 0; i < writers.size() * copies; i++) {
            int number = i;
            CrashWriter writer = writers.get(i / copies);
            Path target = target(directory, writer, i % copies);
            Contents own = new Contents(all);
            Thread thread = new Thread(() -> write(target, writer, own, number, progress));
            thread.setDaemon(true);
            thread.start();
        }
        CountDownLatch never = new CountDownLatch(1);
        while (parent.isAlive()) {
            never.await(1, TimeUnit.SECONDS);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void write(Path target, CrashWriter writer, Contents contents, int number, Progress progress) {
        try (BufferAllocator allocator = new RootAllocator()) {
            for (long generation = progress.completed(number) + 1; ; generation++) {
                progress.begin(number, generation);
                writer.write(allocator, contents.of(generation), target, durability(generation));
                progress.complete(number, generation);
            }
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }
}
