package org.arrownpz.sql.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.arrownpz.sql.internal.Workspace;
import org.junit.jupiter.api.Test;

/** One process, statement by statement. */
class WorkerProcessTest {
    private static void begin(WorkerProcess process, long number) throws Exception {
        process.begin("statement", new Request(number, true, "SELECT 1", List.of(), new Workspace()));
        process.body(process.next());
    }

    @Test
    void isNotUsedAgainOnceItIsKilledThoughItsStatementEndedWell() throws Exception {
        try (WorkerProcess process = WorkerProcess.start(WorkerImage.shared(), line -> {})) {
            process.awaitReady();
            begin(process, 1);
            assertThat(process.next().kind()).isEqualTo(Pipe.END);
            assertThat(process.isReusable()).isTrue();
            begin(process, 2);
            // Its end is on the way.
            TimeUnit.MILLISECONDS.sleep(50);
            process.cancel();
            process.watch(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
            assertThat(process.next().kind()).isEqualTo(Pipe.END);
            assertThat(process.isReusable()).isFalse();
        }
    }
}
