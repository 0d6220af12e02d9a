package org.arrownpz.flight.internal.put;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Tells a running server's unfinished puts from those of killed ones: the names of its hidden files carry a number that is
 * the server's own, and it holds the lock of a file with that number. Process ids would not do: those of two containers
 * are the same, and a zombie keeps its one.
 *
 * <p>Safe for use by several threads.
 */
public final class PutLease implements AutoCloseable {
    private static final String ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String PREFIX = ".arrow-npz-server.";
    private static final String SUFFIX = ".lock";
    private static final Pattern LOCK = Pattern.compile(Pattern.quote(PREFIX) + "(" + ID + ")" + Pattern.quote(SUFFIX));
    /** The server and a random name; also of the temporary file from which the writer renames it. */
    private static final Pattern HIDDEN =
            Pattern.compile("\\.{1,2}.+\\.(" + ID + ")_" + ID + "\\.npz(?:\\..*\\.arrownpz-tmp)?", Pattern.DOTALL);

    /** Servers of this process: locks do not tell them apart, and opening a file again and closing it would unlock it. */
    private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final String id = UUID.randomUUID().toString();
    private @Nullable FileChannel lock;
    private boolean closed;

    public PutLease(Path directory) {
        this.directory = directory;
        LIVE.add(id);
    }

    /** A new hidden path for a file of that name. The first call takes the lock. */
    public Path hidden(String name) throws IOException {
        take();
        return directory.resolve("." + name + "." + id + "_" + UUID.randomUUID() + ".npz");
    }

    private synchronized void take() throws IOException {
        if (closed) {
            throw new IOException("the server ends");
        }
        Path file = lockFile(directory, id);
        while (lock == null) {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // Between opening and locking, another server may have taken it for one that was left.
            if (isLocked(channel) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                lock = channel;
            } else {
                channel.close();
            }
        }
    }

    private static Path lockFile(Path directory, String id) {
        return directory.resolve(PREFIX + id + SUFFIX);
    }

    /** Whether the lock is held now, or could not be by anyone. */
    private static boolean isLocked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }

    /** Deletes what servers left behind that were killed in the middle of a put. */
    public static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*")) {
            for (Path file : files) {
                Matcher hidden = HIDDEN.matcher(String.valueOf(file.getFileName()));
                if (hidden.matches() && hasEnded(directory, hidden.group(1))) {
                    delete(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        sweepLocks(directory);
    }

    /** Afterwards, since their absence says that a server has ended. */
    private static void sweepLocks(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : files) {
                Matcher lock = LOCK.matcher(String.valueOf(file.getFileName()));
                if (lock.matches() && hasEnded(directory, lock.group(1))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean hasEnded(Path directory, String id) {
        if (LIVE.contains(id)) {
            return false;
        }
        Path file = lockFile(directory, id);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Deletes a file, or a directory of batches that waited for the last one. */
    private static void delete(Path hidden) throws IOException {
        if (Files.isDirectory(hidden, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> batches = Files.newDirectoryStream(hidden)) {
                for (Path batch : batches) {
                    Files.deleteIfExists(batch);
                }
                Files.deleteIfExists(hidden);
            } catch (DirectoryNotEmptyException e) {
                // No writer of ours makes directories in there.
            }
        } else if (Files.isRegularFile(hidden, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(hidden);
        }
    }

    /** Gives the lock back, when no put runs any more. May be called more than once. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        FileChannel held = lock;
        lock = null;
        if (held != null) {
            Files.deleteIfExists(lockFile(directory, id));
            Faults.closeQuietly(held);
        }
        LIVE.remove(id);
    }
}
