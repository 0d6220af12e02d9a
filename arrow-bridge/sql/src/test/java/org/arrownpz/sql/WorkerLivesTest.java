package org.arrownpz.sql;

import static org.arrownpz.sql.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.array.Npz;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes of statements leave nothing behind, whoever ends them. */
@ExtendWith(LeakCheck.class)
class WorkerLivesTest {
    private static final int PATIENCE_SECONDS = 60;
    private static final int THREADS = 4;

    @TempDir
    Path directory;

    /** Directories of processes, and those that run: what a pool starts from stays until this JVM ends. */
    private static List<String> leftBehind() throws IOException {
        List<String> left = new ArrayList<>();
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        String own = "arrow-npz-sql-" + ProcessHandle.current().pid() + "-*";
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(temporary, own)) {
            for (Path home : homes) {
                try (Stream<Path> files = Files.list(home)) {
                    files.filter(Files::isDirectory).map(String::valueOf).forEach(left::add);
                }
            }
        }
        workers().map(String::valueOf).forEach(left::add);
        return left;
    }

    private static Stream<ProcessHandle> workers() {
        return ProcessHandle.current().children();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void endWithTheirParent() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process parent = new ProcessBuilder(
                        java,
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        OrphanRun.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle worker =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();

            parent.destroyForcibly().waitFor();

            worker.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(worker.isAlive()).isFalse();
        } finally {
            parent.destroyForcibly();
        }
        for (Path place : List.of(directory, Path.of("/dev/shm"))) {
            try (Stream<Path> left = Files.list(place)) {
                assertThat(left.map(String::valueOf).filter(name -> name.contains("arrow-npz-sql-" + parent.pid())))
                        .isEmpty();
            }
        }
    }

    @Test
    void othersAnswerRightWhileSomeAreKilled(BufferAllocator allocator) throws Exception {
        answerWhileSomeAreKilled(allocator, Effort.of(20, 200));
    }

    @Test
    @Tag("soak")
    void tenThousandAnswerRightWhileSomeAreKilled(BufferAllocator allocator) throws Exception {
        answerWhileSomeAreKilled(allocator, 10_000);
    }

    private void answerWhileSomeAreKilled(BufferAllocator allocator, int count) throws Exception {
        Path file = directory.resolve("t.npz");
        Npz.save(file, Map.of("a", new long[] {1, 2, 3}, "b", new double[] {1, 2, 4}));
        List<Map.Entry<String, String>> statements = List.of(
                Map.entry("SELECT 1", "1"),
                Map.entry("SELECT sum(a) FROM t", "6"),
                Map.entry("SELECT max(b) FROM t WHERE a < 3", "2.0"),
                Map.entry("SELECT count(*) FROM range(200000)", "200000"),
                Map.entry("SELECT count(*) FROM t x JOIN t y USING (a)", "3"));
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
        long open = descriptors();
        try (SqlWorkers pool = SqlWorkers.start(THREADS, line -> {})) {
            Future<Integer> killer = threads.submit(() -> {
                Random random = new Random(1);
                int killed = 0;
                while (!over.get()) {
                    List<ProcessHandle> all = workers().toList();
                    if (!all.isEmpty() && (killed == 0 || random.nextInt(100) == 0)) {
                        all.get(random.nextInt(all.size())).destroyForcibly();
                        killed++;
                    }
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                return killed;
            });
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String caller = "caller " + thread;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < count / THREADS; i++) {
                        Map.Entry<String, String> each = statements.get(i % statements.size());
                        try (Sql sql = pool.take(allocator, caller, () -> false).with("t", file)) {
                            if (!rows(sql.query(each.getKey())).equals(List.of(each.getValue()))) {
                                wrong.add(each.getKey());
                            }
                        } catch (NpzException e) {
                            if (e.code() != ErrorCode.INTERNAL) {
                                wrong.add(each.getKey() + ": " + e);
                            }
                        }
                    }
                    return 0;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            over.set(true);
            assertThat(killer.get()).isPositive();
        } finally {
            over.set(true);
            threads.shutdownNow();
            threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(wrong).isEmpty();
        List<String> left = new ArrayList<>();
        Await.until(
                () -> {
                    left.clear();
                    return !left.addAll(leftBehind());
                },
                left::toString);
        assertThat(descriptors()).isLessThanOrEqualTo(open + 2);
    }
}
