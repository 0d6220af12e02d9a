package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/** {@link Frames#open} over archives and directories. */
public record FramesReader(FileForm form) implements ReadContender {
    @Override
    public String program() {
        return "Frames.open";
    }

    @Override
    public boolean peer() {
        return false;
    }

    @Override
    public boolean maps() {
        return true;
    }

    @Override
    public void read(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (Frame frame = Frames.open(allocator, file)) {
            batch.take(frame.root().getFieldVectors(), frame.dictionaries());
        }
    }
}
