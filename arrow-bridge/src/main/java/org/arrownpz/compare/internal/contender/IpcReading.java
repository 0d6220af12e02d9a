package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;

/** {@link Ipc#read}. */
public record IpcReading(FileForm form) implements ReadContender {
    @Override
    public String program() {
        return "Ipc.read";
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
        try (IpcFile ipc = Ipc.read(allocator, file)) {
            Frame frame = ipc.frame();
            batch.take(frame.root().getFieldVectors(), frame.dictionaries());
        }
    }
}
