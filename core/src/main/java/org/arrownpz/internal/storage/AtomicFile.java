package org.arrownpz.internal.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.io.ByteSources.Fetched;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a file in one step: bytes go to a temporary file beside the target, and {@link #commit()} renames it over
 * the target. Until then, and whatever fails, the target stays as it was; readers that map the old file keep it.
 *
 * <p>The temporary file is named {@code .NAME.PID-HEX.arrownpz-tmp}. One that a killed writer left behind is removed by
 * the next write into the same directory: when its process is gone and nobody holds the lock that live writers hold on it.
 * An existing target's POSIX permissions are kept; a new file gets those of the umask. A symbolic link at the target is
 * replaced, never followed. All access goes through the target's own file system provider; a {@link Fetched} target's
 * file lies in the temporary directory. Used by one thread.
 */
public final class AtomicFile implements AutoCloseable {
    private static final int ATTEMPTS = 16;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final Durability durability;
    private final Location location;
    private boolean finished;

    private AtomicFile(Path target, Path temporary, FileChannel channel, Durability durability, Location location) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
        this.durability = durability;
        this.location = location;
    }

    /**
     * Starts to replace, or to create, a file. Close the result in any case.
     *
     * @throws NpzException IO when the target is a directory or its directory is missing or not writable
     */
    public static AtomicFile create(Path target, Durability durability) throws NpzException {
        Location location = Location.ofFile(target.toString());
        if (target instanceof Fetched remote) {
            return staged(remote, durability, location);
        }
        Path absolute = target.toAbsolutePath();
        BasicFileAttributes old = attributes(absolute);
        if (old != null && old.isDirectory() || absolute.getFileName() == null) {
            throw location.error(ErrorCode.IO, "the target is a directory")
                    .remedy("Name a file in it")
                    .build();
        }
        Path directory = old == null ? TemporaryNames.directoryOf(absolute, location) : absolute.getParent();
        TemporaryNames.sweep(absolute);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Path temporary = TemporaryNames.next(absolute, TemporaryNames.SUFFIX);
                Claim claim = claim(temporary);
                if (claim != null) {
                    keepPermissions(old, temporary, claim.attributes);
                    return new AtomicFile(absolute, temporary, claim.channel, durability, location);
                }
            }
        } catch (IOException e) {
            throw Faults.writing(location, e);
        } catch (UnsupportedOperationException e) {
            // Told below, as where a file is there only once it is closed.
        }
        throw location.error(ErrorCode.IO, "no temporary file could be made in " + directory)
                .remedy("Where its file system cannot hold one that is open, write to another and copy")
                .build();
    }

    private static AtomicFile staged(Fetched target, Durability durability, Location location) throws NpzException {
        Path staged = target.stage();
        LiveWrites.register(staged);
        try {
            FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE);
            return new AtomicFile(target, staged, channel, durability, location);
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    /** A file's own attributes, with permissions where there are some; null where it cannot be seen. */
    private static @Nullable BasicFileAttributes attributes(Path file) {
        try {
            return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        } catch (UnsupportedOperationException e) {
            try {
                return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (IOException unseen) {
                return null;
            }
        }
    }

    private record Claim(FileChannel channel, BasicFileAttributes attributes) {}

    /** A new, locked file, or null when the name is taken or another process swept the file before it was locked. */
    private static @Nullable Claim claim(Path temporary) throws IOException {
        LiveWrites.register(temporary);
        FileChannel channel = null;
        BasicFileAttributes attributes = null;
        try {
            channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            LiveWrites.requireGoingOn();
            attributes = lock(channel) ? attributes(temporary) : null;
            return attributes == null ? null : new Claim(channel, attributes);
        } catch (FileAlreadyExistsException e) {
            return null;
        } finally {
            if (attributes == null) {
                LiveWrites.unregister(temporary);
                if (channel != null) {
                    Faults.closeQuietly(channel);
                    Files.deleteIfExists(temporary);
                }
            }
        }
    }

    /** Tells other processes that the file is in use, where the file system has locks; closing the channel unlocks. */
    static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }

    /** Gives a new file those of the one that it is to replace; mostly it has them already. */
    private static void keepPermissions(
            @Nullable BasicFileAttributes old, Path temporary, BasicFileAttributes attributes) {
        try {
            if (old instanceof PosixFileAttributes kept
                    && kept.isRegularFile()
                    && attributes instanceof PosixFileAttributes made
                    && !made.permissions().equals(kept.permissions())) {
                Files.setPosixFilePermissions(temporary, kept.permissions());
            }
        } catch (IOException | UnsupportedOperationException e) {
            // The umask's permissions stand: the target is another user's, or the file system does not set them.
        }
    }

    /** The channel to write to. Closed by {@link #commit()} and {@link #close()}. */
    public FileChannel channel() {
        return channel;
    }

    /**
     * Puts the written file in the target's place. A failure is final: the temporary file is deleted (after a failed
     * flush the kernel may have dropped the bytes, so trying again would lie) and the target stays as it was.
     *
     * @throws NpzException IO
     * @throws IllegalStateException when committed or closed already
     */
    public void commit() throws NpzException {
        if (finished) {
            throw new IllegalStateException("The file is committed or closed already");
        }
        try {
            if (target instanceof Fetched remote) {
                remote.put(temporary);
                close();
                return;
            }
            if (durability == Durability.FSYNC) {
                channel.force(true);
            }
            // Locked until it has its name, or another process might sweep it.
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            channel.close();
        } catch (IOException e) {
            close();
            throw Faults.writing(location, e);
        }
        finished = true;
        LiveWrites.unregister(temporary);
        if (durability == Durability.FSYNC) {
            TemporaryNames.forceParent(target, location);
        }
    }

    /** Gives up: deletes the temporary file unless committed. May be called more than once. */
    @Override
    public void close() {
        if (!finished) {
            finished = true;
            Faults.closeQuietly(channel);
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException ignored) {
                // The next write of this target sweeps it.
            }
            LiveWrites.unregister(temporary);
        }
    }
}
