package org.arrownpz.compare.internal.contender;

import java.io.IOException;
import java.nio.file.Path;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Result;
import org.arrownpz.frame.Frame;

/**
 * A writer of one form of file.
 *
 * @param form what it writes
 * @param program the class or call, for instance {@code ArrowFileWriter}
 * @param kind whose it is
 * @param call how it writes
 */
public record Writer(FileForm form, String program, Result.Kind kind, Call call) {
    /** Writes the whole frame. Replaces what lies at the target; forces nothing to the disk. */
    @FunctionalInterface
    public interface Call {
        /** @throws IllegalArgumentException when the form cannot hold the frame, with the reason */
        void write(Frame frame, Path target) throws IOException;
    }
}
