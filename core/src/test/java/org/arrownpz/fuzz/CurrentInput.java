package org.arrownpz.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps the input that is in work in a file, where the system property {@code fuzz.current} names one: four bytes of
 * length, and the input. What ends the JVM can be found there.
 */
public final class CurrentInput {
    private static final int LENGTH = 2 << 20;
    private static final MappedByteBuffer FILE = open(System.getProperty("fuzz.current"));

    private CurrentInput() {}

    public static void record(byte[] data) {
        if (FILE != null && data.length <= LENGTH - Integer.BYTES) {
            FILE.putInt(0, data.length);
            FILE.put(Integer.BYTES, data);
        }
    }

    private static MappedByteBuffer open(String path) {
        if (path == null) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(
                Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
