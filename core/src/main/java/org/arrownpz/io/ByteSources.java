package org.arrownpz.io;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.SafeText;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.MappedReferenceManager;
import org.arrownpz.internal.memory.RuntimeSupport;

/**
 * Opens files, channels and buffers as {@link ByteSource}s, which the caller closes. Regions taken from a source
 * outlive it.
 *
 * <pre>{@code
 * try (ByteSource bytes = ByteSources.open(allocator, Path.of("matrix.npy"), Mapping.READ_ONLY)) {
 *     System.out.println(bytes.size());
 * }
 * }</pre>
 *
 * <p>All methods are safe for use by several threads.
 */
public final class ByteSources {
    private static final String SOURCE = "source";

    private ByteSources() {}

    /** The buffer's remaining bytes, which must not change; only ever read, never handed out as off-heap regions. */
    public static ByteSource ofHeap(ByteBuffer bytes) {
        return new HeapSource(bytes);
    }

    /** {@link #open(BufferAllocator, Path, Mapping, Consumer)} without interest in notes. */
    public static ByteSource open(BufferAllocator allocator, Path path, Mapping mapping) throws NpzException {
        return open(allocator, path, mapping, note -> {});
    }

    /**
     * Opens a file.
     *
     * <p>{@code READ_ONLY} and {@code COPY_ON_WRITE} map it: a region views the mapping and keeps it alive, nothing is
     * accounted to the allocator, and the descriptor of a file that one mapping holds is kept only for long reads.
     * <b>A mapped file must not be cut short or rewritten in place while in use</b>; replacing it by rename is safe.
     * {@code COPY_ON_WRITE} becomes {@code READ_ONLY}, with a note, where file or memory do not allow it. {@code COPY}
     * maps nothing: it keeps the file open until {@link ByteSource#close()} and reads regions into allocator memory.
     *
     * <p>Before JDK 22 a mapping holds at most 2 GiB: a longer region is copied into allocator memory there, which
     * {@link ByteSource#views(long)} tells.
     *
     * @param notes receives a sentence for each wish that could not be fulfilled
     * @throws NpzException IO when the path is no readable regular file, FILE_CHANGED when it changes meanwhile
     * @throws IllegalStateException naming the flag of {@code java} or the jar that Arrow lacks, see {@link ArrowRuntime}
     */
    public static ByteSource open(BufferAllocator allocator, Path path, Mapping mapping, Consumer<String> notes)
            throws NpzException {
        RuntimeSupport.check();
        if (path instanceof Fetched remote) {
            return remote.open(allocator);
        }
        return FileOpener.open(allocator, path, mapping, Mapper.limit(), notes);
    }

    /** A path of a file system that opens its files as sources itself, rather than as channels, and takes files whole. */
    public interface Fetched extends Path {
        /**
         * Opens the file, which the caller closes.
         *
         * @throws NpzException IO, FILE_CHANGED or LIMIT
         */
        ByteSource open(BufferAllocator allocator) throws NpzException;

        /**
         * Makes an empty temporary file of the default file system, which becomes this one by {@link #put(Path)}.
         *
         * @throws NpzException IO, where files are only read, too
         */
        Path stage() throws NpzException;

        /**
         * Puts a filled temporary file in the place of this one, at once or not at all. The caller deletes it.
         *
         * @throws NpzException IO
         */
        void put(Path staged) throws NpzException;
    }

    /** Found once: the class path does not change. */
    private static final class Providers {
        static final List<FileSystemProvider> ALL = Stream.concat(
                        FileSystemProvider.installedProviders().stream(),
                        ServiceLoader.load(FileSystemProvider.class, ByteSources.class.getClassLoader()).stream()
                                .map(ServiceLoader.Provider::get))
                .toList();
    }

    /**
     * The path of a URI: of a file, and of any file system of Java whose provider is on the class path. That of
     * {@code https:}, {@code http:} and {@code s3:} is in the artifact {@code arrow-npz-remote}; nothing is asked of a server
     * yet.
     *
     * @throws NpzException IO where nothing on the class path knows the scheme (the message names the artifact)
     * @throws IllegalArgumentException when the URI is no path of its scheme
     */
    public static Path path(URI uri) throws NpzException {
        for (FileSystemProvider provider : Providers.ALL) {
            if (provider.getScheme().equalsIgnoreCase(uri.getScheme())) {
                return provider.getPath(uri);
            }
        }
        throw Location.ofFile(null)
                .error(ErrorCode.IO, "nothing on the class path opens " + SafeText.quote(uri.getScheme() + ":"))
                .remedy("Add org.arrownpz:arrow-npz-remote for https: and s3:")
                .build();
    }

    /** {@link #of(BufferAllocator, SeekableByteChannel, Location)} for a channel without a name. */
    public static ByteSource of(BufferAllocator allocator, SeekableByteChannel channel) throws NpzException {
        return of(allocator, channel, Location.ofFile(null));
    }

    /**
     * The bytes behind a channel, such as an object in a store. Each region is read into allocator memory. The caller
     * closes the channel after the source, and must not move its position meanwhile.
     *
     * @throws NpzException IO when the channel does not tell its size
     */
    public static ByteSource of(BufferAllocator allocator, SeekableByteChannel channel, Location location)
            throws NpzException {
        RuntimeSupport.check();
        return new ChannelSource(allocator, channel, location);
    }

    /** The readable bytes (reader to writer index) of a buffer, viewed. Adds a reference; the caller keeps its own. */
    public static ByteSource of(ArrowBuf buffer) {
        return of(buffer, buffer.readerIndex(), buffer.readableBytes());
    }

    /**
     * A range of a buffer, whatever its indexes, viewed. Adds a reference; the caller keeps its own.
     *
     * @throws IndexOutOfBoundsException when the range is not within the buffer's capacity
     */
    public static ByteSource of(ArrowBuf buffer, long offset, long length) {
        return owning(Buffers.slice(buffer, offset, length), Location.ofFile(null), SOURCE);
    }

    /**
     * A buffer up to its capacity, viewed. Takes over the caller's reference. Closing the source while another thread
     * reads is safe.
     *
     * @param owner what the error of a read after closing calls closed: "archive", for one
     */
    public static ByteSource owning(ArrowBuf buffer, Location location, String owner) {
        return new BufferSource(buffer, location, owner, null);
    }

    /**
     * The remaining bytes of a buffer, whose position stays. A direct buffer is viewed and kept alive (vectors over a
     * read-only one must not be written to); a heap buffer is copied once into allocator memory.
     *
     * @throws NpzException LIMIT when the allocator cannot hold a heap buffer's bytes
     */
    public static ByteSource of(BufferAllocator allocator, ByteBuffer buffer) throws NpzException {
        RuntimeSupport.check();
        Location location = Location.ofFile(null);
        int length = buffer.remaining();
        if (buffer.isDirect()) {
            ByteBuffer held = buffer.duplicate();
            // The manager refers to the callback and so keeps the buffer from being collected.
            MappedReferenceManager manager = new MappedReferenceManager(allocator, held, new KeepAlive(held));
            ArrowBuf view = manager.buffer(0, length);
            manager.release();
            return owning(view, location, SOURCE);
        }
        ArrowBuf copy = Allocations.allocate(allocator, length, location, "the bytes of a heap buffer");
        copy.setBytes(0, buffer.duplicate());
        copy.writerIndex(length);
        return owning(copy, location, SOURCE);
    }

    /** Holds a buffer for as long as the manager that refers to it. */
    private record KeepAlive(ByteBuffer buffer) implements Runnable {
        @Override
        public void run() {
            // Garbage collection frees the memory.
        }
    }
}
