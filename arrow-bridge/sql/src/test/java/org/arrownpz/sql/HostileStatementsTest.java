package org.arrownpz.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.array.Npz;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a statement does, it ends with an answer or a typed error, within its memory, and others are answered. */
@ExtendWith(LeakCheck.class)
class HostileStatementsTest {
    private static final long MEMORY = 256L << 20;
    private static final long MOST_BESIDE = 300L << 20;
    private static final int SECONDS = 2;
    /** Which a statement of few seconds could not have, where something waits for it. */
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    private final AtomicLong peak = new AtomicLong();

    private void measure() {
        long sum = ProcessHandle.current()
                .children()
                .mapToLong(process -> resident(process.pid()))
                .max()
                .orElse(0);
        peak.accumulateAndGet(sum, Math::max);
    }

    private static long resident(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("RssAnon:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
        return 0;
    }

    private static String outcome(
            SqlWorkers workers,
            String statement,
            ScheduledExecutorService clock,
            Path small,
            BufferAllocator allocator) {
        try (Sql sql = workers.take(allocator, "hostile", () -> false)
                .withMemoryLimit(MEMORY)
                .with("small", small)) {
            Future<?> end = clock.schedule(sql::cancel, SECONDS, TimeUnit.SECONDS);
            try (ArrowReader rows = sql.query(statement)) {
                while (rows.loadNextBatch()) {
                    // Their number does not matter.
                }
                return "rows";
            } finally {
                end.cancel(false);
            }
        } catch (NpzException e) {
            return e.code().name();
        } catch (IllegalArgumentException e) {
            return "refused";
        } catch (CancellationException e) {
            return "cancelled";
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    @Test
    void endWithinTheirBounds(BufferAllocator allocator) throws Exception {
        Path small = directory.resolve("small.npz");
        Npz.save(small, Map.of("id", new long[] {1000, 2000, 3000}));
        List<String> strange = new ArrayList<>();
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
        ExecutorService others = Executors.newSingleThreadExecutor();
        try (SqlWorkers workers = SqlWorkers.start(2, line -> {})) {
            clock.scheduleWithFixedDelay(this::measure, 5, 5, TimeUnit.MILLISECONDS);
            for (Map.Entry<String, String> each :
                    Effort.some(3, HostileStatements.all().entrySet())) {
                Future<String> hostile =
                        others.submit(() -> outcome(workers, each.getValue(), clock, small, allocator));
                do {
                    try (Sql sql = workers.take(allocator, "other", () -> false)) {
                        assertThat(Rows.rows(sql.query("SELECT 1"))).containsExactly("1");
                    }
                } while (!hostile.isDone());
                String outcome = hostile.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (!outcome.matches("rows|refused|cancelled|LIMIT|INTERNAL|VALUE")) {
                    strange.add(each.getKey() + ": " + outcome);
                }
            }
        } finally {
            clock.shutdownNow();
            others.shutdownNow();
            others.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(strange).isEmpty();
        assertThat(peak.get()).isLessThan(MEMORY + MOST_BESIDE);
    }
}
