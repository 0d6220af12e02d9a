package org.arrownpz.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.Mapping;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Faults;
import org.arrownpz.internal.memory.Slab;

/**
 * Opens the files of one directory, of which there may be thousands: those that are mapped keep no descriptor, and one of
 * up to 16 KiB is read as a whole when it is opened, into allocator memory that many share, and not looked at again.
 *
 * <p>Used by one thread; the sources are safe for several. Holds nothing itself.
 */
public final class DirectoryFiles {
    /** To read so much takes less time than to map a file, and unmap it. */
    private static final int SHORT = 16 << 10;

    private final BufferAllocator allocator;
    private final Path directory;
    private final Mapping mapping;
    private final Slab slab;
    /** One byte more tells whether a file has grown. */
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SHORT + 1);

    /** @param mapping READ_ONLY or COPY_ON_WRITE */
    public DirectoryFiles(BufferAllocator allocator, Path directory, Mapping mapping) {
        this.allocator = allocator;
        this.directory = directory;
        this.mapping = mapping;
        this.slab = new Slab(allocator);
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
        FileState state = FileState.of(directory.resolve(name), location);
        if (state.size() > SHORT) {
            return FileOpener.open(allocator, state, location, mapping, Mapper.limit(), false, note -> {});
        }
        read(state.path(), location);
        int count = bytes.remaining();
        if (count != state.size()) {
            throw location.error(ErrorCode.FILE_CHANGED, "the file changed while it was opened")
                    .expected(state.size() + " bytes")
                    .found(count + " bytes")
                    .build();
        }
        ArrowBuf memory = slab.allocate(count, location, "a short file");
        memory.setBytes(0, bytes);
        return ByteSources.owning(memory, location, "directory");
    }

    private void read(Path path, Location location) throws NpzException {
        bytes.clear();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            // A system may give less at a time than is there.
            while (channel.read(bytes) > 0) {}
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
        bytes.flip();
    }
}
