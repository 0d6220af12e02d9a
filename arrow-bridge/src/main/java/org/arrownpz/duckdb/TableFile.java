package org.arrownpz.duckdb;

import java.nio.file.Path;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.dataset.Parquet;
import org.arrownpz.dataset.ParquetFile;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;

/** A file that a statement reads, opened as a frame; closing it closes the frame. */
record TableFile(Frame frame, AutoCloseable owner) implements AutoCloseable {
    static TableFile open(BufferAllocator allocator, Path path) throws NpzException {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npz") || name.endsWith(".npy")) {
            Frame frame = Frames.open(allocator, path);
            return new TableFile(frame, frame);
        }
        if (name.endsWith(".parquet")) {
            ParquetFile file = Parquet.read(allocator, path);
            return owned(file, file::frame);
        }
        IpcFile file = Ipc.read(allocator, path);
        return owned(file, file::frame);
    }

    private interface Opening {
        Frame frame() throws NpzException;
    }

    private static TableFile owned(AutoCloseable file, Opening opening) throws NpzException {
        TableFile table = null;
        try {
            table = new TableFile(opening.frame(), file);
            return table;
        } finally {
            if (table == null) {
                close(file);
            }
        }
    }

    private static void close(AutoCloseable file) {
        try {
            file.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        close(owner);
    }
}
