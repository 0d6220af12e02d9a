package org.arrownpz.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/** Opens a file in the wished mode or, saying so, in the nearest one that can be had. */
record FileOpener(
        BufferAllocator allocator,
        FileState state,
        Location location,
        long windowLimit,
        boolean keepsOpen,
        Consumer<String> notes) {
    /** @param windowLimit the longest mapping, {@link Mapper#limit()} but in tests */
    static ByteSource open(
            BufferAllocator allocator, Path path, Mapping mapping, long windowLimit, Consumer<String> notes)
            throws NpzException {
        Location location = Location.ofFile(path.toString());
        return open(allocator, FileState.of(path, location), location, mapping, windowLimit, true, notes);
    }

    /** @param keepsOpen whether to keep the descriptor of a file that one mapping holds, for reads */
    static ByteSource open(
            BufferAllocator allocator,
            FileState state,
            Location location,
            Mapping mapping,
            long windowLimit,
            boolean keepsOpen,
            Consumer<String> notes)
            throws NpzException {
        FileOpener opener = new FileOpener(allocator, state, location, windowLimit, keepsOpen, notes);
        try {
            ByteSource source = null;
            if (mapping == Mapping.COPY_ON_WRITE) {
                source = opener.mapPrivate();
            }
            if (source == null && mapping != Mapping.COPY) {
                source = opener.mapReadOnly();
            }
            return source == null ? opener.copy() : source;
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
    }

    private @Nullable ByteSource mapPrivate() throws NpzException {
        try {
            FileChannel channel = FileChannel.open(state.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new MappedFile(allocator, channel, MapMode.PRIVATE, state, location, windowLimit, false);
        } catch (NpzException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            notes.accept("mapped read-only instead of copy-on-write: " + why(e));
            return null;
        }
    }

    private @Nullable ByteSource mapReadOnly() throws IOException {
        try {
            FileChannel channel = FileChannel.open(state.path(), StandardOpenOption.READ);
            return new MappedFile(allocator, channel, MapMode.READ_ONLY, state, location, windowLimit, keepsOpen);
        } catch (IOException | UnsupportedOperationException e) {
            boolean local = state.path().getFileSystem() == FileSystems.getDefault();
            // Providers have errors of their own for what they cannot.
            if (e instanceof NpzException || local && e instanceof IOException) {
                throw e;
            }
            notes.accept("copied instead of mapped: the file system has no such mappings");
            return null;
        }
    }

    private ByteSource copy() throws IOException {
        SeekableByteChannel channel = channel(state.path());
        try {
            state.check(channel, location);
            return new ChannelSource(allocator, channel, state, location);
        } catch (IOException | RuntimeException | Error e) {
            Faults.closeQuietly(channel);
            throw e;
        }
    }

    /** A channel that several threads read at once, which few providers have, else one that they share. */
    private static SeekableByteChannel channel(Path path) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (UnsupportedOperationException e) {
            return Files.newByteChannel(path, StandardOpenOption.READ);
        }
    }

    private static String why(Exception e) {
        if (e instanceof UnsupportedOperationException) {
            return "the file system has no such mappings";
        }
        return e.getCause() instanceof OutOfMemoryError
                ? "the system has not enough memory to back it"
                : "the file cannot be written (" + Faults.reason((IOException) e) + ")";
    }
}
