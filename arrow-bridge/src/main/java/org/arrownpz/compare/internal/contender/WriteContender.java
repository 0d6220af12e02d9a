package org.arrownpz.compare.internal.contender;

import java.io.IOException;
import java.nio.file.Path;
import org.arrownpz.frame.Frame;

/** A writer. Replaces what lies at the target; forces nothing to the disk. */
public interface WriteContender extends Contender {
    /**
     * Writes the whole frame.
     *
     * @throws IllegalArgumentException when the form cannot hold the frame, with the reason
     */
    void write(Frame frame, Path target) throws IOException;
}
