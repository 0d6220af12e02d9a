package org.arrownpz.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.internal.memory.Slab;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files of one directory, of which there may be thousands: those that are mapped keep no descriptor, and one of
 * up to 16 KiB is read as a whole when it is opened, into allocator memory that many share, and not looked at again.
 *
 * <p>Used by one thread; the sources are safe for several. Holds the directory open where its files can be found relative
 * to it, which spares walking the path for each; closing gives that up.
 */
public final class DirectoryFiles implements AutoCloseable {
    /** To read so much takes less time than to map a file, and unmap it. */
    private static final int SHORT = 16 << 10;

    private static final String COPIED = "a short file of a directory: read as a whole";
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);

    private final BufferAllocator allocator;
    private final Path directory;
    private final Mapping mapping;
    private final Slab slab;
    /** One byte more tells whether a file has grown. */
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SHORT + 1);

    private @Nullable SecureDirectoryStream<Path> opened;
    private boolean tried;

    /** @param mapping READ_ONLY or COPY_ON_WRITE */
    public DirectoryFiles(BufferAllocator allocator, Path directory, Mapping mapping) {
        this.allocator = allocator;
        this.directory = directory;
        this.mapping = mapping;
        this.slab = new Slab(allocator);
    }

    /**
     * The names of the files that are wanted, in the order of the file system.
     *
     * @throws NpzException IO when the directory cannot be listed, LIMIT when it has more of them than {@link
     *     ReadLimits#members} says
     */
    public static List<String> names(Path directory, ReadLimits limits, Predicate<Path> wanted) throws NpzException {
        Location location = Location.ofFile(directory.toString());
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, wanted::test)) {
            for (Path file : files) {
                if (found.size() == limits.members()) {
                    throw location.error(ErrorCode.LIMIT, "the directory has too many files")
                            .expected("at most " + limits.members())
                            .remedy("Raise ReadLimits.members")
                            .build();
                }
                found.add(String.valueOf(file.getFileName()));
            }
        } catch (IOException e) {
            throw Faults.reading(location, e);
        } catch (DirectoryIteratorException e) {
            throw Faults.reading(location, Objects.requireNonNull(e.getCause()));
        }
        return found;
    }

    /**
     * Opens a file.
     *
     * @param name a name within the directory
     * @param location what to call the file in messages
     * @return a source that the caller closes
     * @throws NpzException IO when the name is of no readable regular file, FILE_CHANGED when it changes meanwhile, LIMIT
     *     when the allocator cannot hold a short one
     */
    public ByteSource open(String name, Location location) throws NpzException {
        Path file = directory.resolve(name);
        SecureDirectoryStream<Path> parent = parent();
        Path relative = parent == null ? file : directory.getFileSystem().getPath(name);
        FileState state = parent == null
                ? FileState.of(file, location)
                : FileState.of(file, location, attributes(parent, relative, location));
        if (state.size() > SHORT) {
            return FileOpener.open(allocator, state, location, mapping, Mapper.limit(), false, note -> {});
        }
        read(parent, relative, state.size(), location);
        int count = bytes.remaining();
        if (count != state.size()) {
            throw location.error(ErrorCode.FILE_CHANGED, "the file changed while it was opened")
                    .expected(state.size() + " bytes")
                    .found(count + " bytes")
                    .build();
        }
        ArrowBuf memory = slab.allocate(count, location, "a short file");
        memory.setBytes(0, bytes);
        return new BufferSource(memory, location, "directory", COPIED);
    }

    @SuppressWarnings("unchecked")
    private @Nullable SecureDirectoryStream<Path> parent() {
        if (!tried) {
            tried = true;
            try {
                DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
                if (stream instanceof SecureDirectoryStream<?>) {
                    opened = (SecureDirectoryStream<Path>) stream;
                } else {
                    stream.close();
                }
            } catch (IOException e) {
                // Whoever opens a file of it hears why.
                return null;
            }
        }
        return opened;
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> parent, Path name, Location location)
            throws NpzException {
        try {
            return parent.getFileAttributeView(name, BasicFileAttributeView.class)
                    .readAttributes();
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
    }

    private void read(@Nullable SecureDirectoryStream<Path> parent, Path path, long size, Location location)
            throws NpzException {
        bytes.clear();
        try (SeekableByteChannel channel =
                parent == null ? Files.newByteChannel(path, READ) : parent.newByteChannel(path, READ)) {
            // A system may give less at a time than is there; what is more than the size tells of a change.
            while (bytes.position() < size && channel.read(bytes) > 0) {}
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
        bytes.flip();
    }

    @Override
    public void close() {
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException ignored) {
                // Nothing was written.
            }
            opened = null;
        }
    }
}
