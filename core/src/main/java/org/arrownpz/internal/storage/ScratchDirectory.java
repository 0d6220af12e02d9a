package org.arrownpz.internal.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;

/**
 * A hidden directory beside a file or directory that is being written, {@code .NAME.PID-HEX.arrownpz-tmp}, for what is
 * needed until that is done. {@link #close()} deletes it with all that is in it. What a killed process leaves of it is
 * removed by the next write of the same target, of whatever kind: when its process is gone and nobody holds the lock on
 * the file {@code .lock} in it. Used by one thread.
 */
public final class ScratchDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;
    private boolean closed;

    private ScratchDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes a directory, and removes what killed writers of the target left. Close the result in any case.
     *
     * @throws NpzException IO when the target's directory is missing or not writable
     */
    public static ScratchDirectory beside(Path target) throws NpzException {
        Location location = Location.ofFile(target.toString());
        Path absolute = target.toAbsolutePath().normalize();
        TemporaryNames.directoryOf(absolute, location);
        TemporaryNames.sweep(absolute);
        return make(absolute, location);
    }

    static ScratchDirectory make(Path target, Location location) throws NpzException {
        Path path = TemporaryNames.next(target, TemporaryNames.SUFFIX);
        LiveWrites.register(path);
        boolean made = false;
        try {
            Files.createDirectory(path);
            made = true;
            LiveWrites.requireGoingOn();
            FileChannel lock = FileChannel.open(
                    path.resolve(TemporaryNames.LOCK_NAME), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            AtomicFile.lock(lock);
            return new ScratchDirectory(path, lock);
        } catch (IOException e) {
            if (made) {
                Trees.discard(path);
            }
            LiveWrites.unregister(path);
            throw Faults.writing(location, e);
        }
    }

    /** The directory, which holds nothing but {@code .lock}. */
    public Path path() {
        return path;
    }

    /** Takes the lock away, so that nothing is left in the directory but what was put there. */
    void unlock() throws IOException {
        lock.close();
        Files.delete(path.resolve(TemporaryNames.LOCK_NAME));
    }

    /** The directory has another name now, and is no longer this one's to delete. */
    void renamed() {
        closed = true;
        LiveWrites.unregister(path);
    }

    /** Deletes the directory. May be called more than once. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Faults.closeQuietly(lock);
            Trees.discard(path);
            LiveWrites.unregister(path);
        }
    }
}
