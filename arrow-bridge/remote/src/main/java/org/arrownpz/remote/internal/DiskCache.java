package org.arrownpz.remote.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ranges that were fetched, as files of a directory, for whoever asks for the same ones later. What was longest unused goes
 * first. A directory that cannot be read or written to caches nothing. Safe for use by several threads and processes.
 */
final class DiskCache {
    private static final String SUFFIX = ".range";

    private final Path directory;
    private final long most;
    /** Bytes in the directory, as far as this process knows. */
    private long bytes = Long.MAX_VALUE;

    DiskCache(Path directory, long most) {
        this.directory = directory;
        this.most = most;
    }

    /** The one that system properties name, or null. */
    static @Nullable DiskCache ofProperties() {
        String directory = System.getProperty("arrownpz.remote.cacheDirectory");
        return directory == null
                ? null
                : new DiskCache(Path.of(directory), Long.getLong("arrownpz.remote.cacheDirectoryBytes", 4L << 30));
    }

    /** Fills a buffer with a range, and tells whether it was there. */
    boolean read(String key, ByteBuffer target) {
        Path file = file(key);
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() != target.remaining()) {
                return false;
            }
            while (target.hasRemaining()) {
                if (channel.read(target) < 0) {
                    return false;
                }
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Keeps a range, in one step. */
    void write(String key, ByteBuffer range) {
        int length = range.remaining();
        try {
            Files.createDirectories(directory);
            Path part = Files.createTempFile(directory, "part", SUFFIX);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                while (range.hasRemaining()) {
                    channel.write(range);
                }
                Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            makeRoom(length);
        } catch (IOException e) {
            // The next one is fetched again.
        }
    }

    private synchronized void makeRoom(int added) throws IOException {
        bytes = Math.max(bytes, bytes + added);
        if (bytes <= most) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparingLong(
                            (Path file) -> file.toFile().lastModified()))
                    .toList();
        }
        bytes = files.stream().mapToLong(file -> file.toFile().length()).sum();
        for (Path file : files) {
            if (bytes <= most) {
                return;
            }
            bytes -= file.toFile().length();
            Files.deleteIfExists(file);
        }
    }

    private Path file(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(digest) + SUFFIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
