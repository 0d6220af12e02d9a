package org.arrownpz.sql.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process that was killed goes on for a while as if it lived. */
class KilledWorkerTest {
    @Test
    void runsNoOtherStatement() throws Exception {
        try (WorkerProcess process = WorkerProcess.start(WorkerImage.shared(), line -> {})) {
            assertThat(process.isReusable()).isTrue();
            // It has not said in time that it is ready.
            process.watch(System.nanoTime() + TimeUnit.MINUTES.toNanos(10));
            assertThat(process.isReusable()).isFalse();
        }
    }
}
