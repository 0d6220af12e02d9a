package org.arrownpz.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory for inputs that are read where they lie. With the system property {@code fuzz.guard}, pages without a file
 * behind them follow it, so that a read beyond the end is an error rather than luck.
 */
final class InputMemory {
    private static final int LENGTH = 1 << 20;
    private static final int GUARD = 1 << 16;
    private static final ByteBuffer MEMORY =
            Boolean.getBoolean("fuzz.guard") ? guarded() : ByteBuffer.allocateDirect(LENGTH);

    private InputMemory() {}

    static boolean holds(byte[] data, int from) {
        return data.length - from <= LENGTH;
    }

    /** The bytes from there on, at the very end of the memory; they replace those of the call before. */
    static ByteBuffer atEnd(byte[] data, int from) {
        int start = LENGTH - (data.length - from);
        MEMORY.put(start, data, from, data.length - from);
        return MEMORY.slice(start, data.length - from);
    }

    private static ByteBuffer guarded() {
        try {
            Path file = Files.createTempFile(Scratch.directory(), "memory", "");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH + GUARD);
                channel.truncate(LENGTH);
                return memory;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
