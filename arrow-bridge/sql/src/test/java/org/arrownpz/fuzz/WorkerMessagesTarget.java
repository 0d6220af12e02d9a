package org.arrownpz.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import org.arrownpz.sql.internal.worker.PipeInput;

/** Messages between a server and the processes of its statements. */
public final class WorkerMessagesTarget {
    private WorkerMessagesTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        Oracle.holds(allocator -> PipeInput.read(data));
    }

    /** Writes seeds and regressions: the target's class, and the folder. */
    public static void main(String[] arguments) throws IOException {
        SeedFiles.write(Path.of(arguments[1]), PipeInput.seeds());
        SeedFiles.write(Path.of(arguments[1]), SeedFiles.regressions(WorkerMessagesTarget.class.getSimpleName()));
    }
}
