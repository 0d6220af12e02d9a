package org.arrownpz.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import org.arrownpz.remote.internal.AnswerInput;

/** Heads of answers of servers that hold remote files. */
public final class RemoteAnswersTarget {
    private RemoteAnswersTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        Oracle.holds(allocator -> AnswerInput.read(data));
    }

    /** Writes seeds and regressions: the target's class, and the folder. */
    public static void main(String[] arguments) throws IOException {
        SeedFiles.write(Path.of(arguments[1]), AnswerInput.seeds());
        SeedFiles.write(Path.of(arguments[1]), SeedFiles.regressions(RemoteAnswersTarget.class.getSimpleName()));
    }
}
