package org.arrownpz.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.arrownpz.safety.Forks;

/**
 * Kills processes that write, some side by side, and looks at what they leave. All writers of a process are at work at
 * once, each on a thread of its own, so that one kill hits each of them somewhere in a write. What counts is a write
 * that a kill cut short; a writer that was between two writes is not counted. With several targets per writer one kill
 * counts for each of them.
 */
public final class Kills {
    private static final int LANES = Integer.getInteger("crash.lanes", 2);
    /** Looks, a millisecond apart, and not a time: this process may itself be stopped for long. */
    private static final int READY_LOOKS = 600_000;

    private static final long LONGEST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final int LONGEST_END_MINUTES = 5;
    private static final int KILLED = 128 + 9;
    private static final int REPORTED = 10;

    private final Path directory;
    private final Class<?> main;
    private final List<CrashWriter> writers;
    private final int wanted;
    private final int copies;
    private final long seed;
    private final List<Tally> tallies = new ArrayList<>();
    private final AtomicInteger processes = new AtomicInteger();
    private volatile boolean over;

    /**
     * @param main runs {@link WriterLoops#run} with these writers
     * @param wanted kills of each writer
     * @param copies targets of each writer
     */
    public Kills(Path directory, Class<?> main, List<CrashWriter> writers, int wanted, int copies, long seed) {
        this.directory = directory;
        this.main = main;
        this.writers = writers;
        this.wanted = wanted;
        this.copies = copies;
        this.seed = seed;
        writers.forEach(writer -> tallies.add(new Tally(writer.target())));
    }

    /** Kills until each writer has been hit as often as wanted; fails at the first target that is not as promised. */
    public List<String> run() throws Exception {
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            int lane = i;
            ends.add(lanes.submit(() -> {
                try {
                    kill(lane);
                } finally {
                    over = true;
                }
                return null;
            }));
        }
        lanes.shutdown();
        try {
            for (Future<?> end : ends) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(summary() + ", seed " + seed, e.getCause());
        } finally {
            lanes.awaitTermination(LONGEST_END_MINUTES, TimeUnit.MINUTES);
        }
        return summary();
    }

    private List<String> summary() {
        return tallies.stream().map(Tally::toString).toList();
    }

    private void kill(int lane) throws Exception {
        SplittableRandom random = new SplittableRandom(seed + lane);
        try (Scene scene = Scene.set(directory.resolve("lane" + lane), writers, copies)) {
            while (!over && tallies.stream().anyMatch(tally -> tally.kills() < wanted)) {
                int count = processes.incrementAndGet();
                if (count > 3 * wanted + 20) {
                    throw new AssertionError("the writers are hardly ever at work");
                }
                long process = killOne(scene, random.nextLong(LONGEST_DELAY_NANOS));
                for (int i = 0; i < scene.targets(); i++) {
                    scene.inspect(i, process, tallies);
                }
                if (count % REPORTED == 0) {
                    System.out.println(count + " processes killed. " + String.join(". ", summary()));
                }
            }
        }
    }

    private long killOne(Scene scene, long delayNanos) throws Exception {
        Path scratch = Files.createDirectories(scene.directory().resolve("tmp"));
        Path log = scene.directory().resolve("log");
        Process process = new ProcessBuilder(command(scene.directory(), scratch))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitReady(scene, process, log);
            for (long end = System.nanoTime() + delayNanos; System.nanoTime() < end; ) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        if (process.exitValue() != KILLED) {
            throw new AssertionError("ended by itself: " + Files.readString(log));
        }
        clear(scratch);
        return process.pid();
    }

    private List<String> command(Path directory, Path scratch) {
        List<String> flags = List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djava.io.tmpdir=" + scratch);
        return Forks.command(main, flags, directory.toString(), Integer.toString(copies));
    }

    private void awaitReady(Scene scene, Process process, Path log) throws IOException {
        long[] before = new long[scene.targets()];
        for (int i = 0; i < before.length; i++) {
            before[i] = scene.completed(i);
        }
        int looks = 0;
        for (int i = 0; i < before.length; i++) {
            while (scene.completed(i) == before[i]) {
                if (!process.isAlive() || ++looks > READY_LOOKS) {
                    throw new AssertionError("does not begin to write: " + Files.readString(log));
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** What native libraries unpack. */
    private static void clear(Path scratch) throws IOException {
        try (Stream<Path> files = Files.list(scratch)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
    }
}
