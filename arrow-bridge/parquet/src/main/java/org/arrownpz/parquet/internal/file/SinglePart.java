package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Map;
import org.arrownpz.Durability;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Faults;
import org.arrownpz.internal.storage.ScratchDirectory;
import org.arrownpz.ipc.cdata.CNames;

/**
 * One file made of what the native writer makes, which is a directory of files: it writes into a hidden directory
 * beside the target, from where the only part is renamed over the target. What killed writers left is swept by the next.
 */
public final class SinglePart implements AutoCloseable {
    /** The native writer replaces the counter; one part is all there is. */
    public static final String TEMPLATE = "part{i}.parquet";

    private final Path target;
    private final ScratchDirectory directory;
    private final Path parts;
    private final Location location;

    private SinglePart(Path target, ScratchDirectory directory, Path parts, Location location) {
        this.target = target;
        this.directory = directory;
        this.parts = parts;
        this.location = location;
    }

    public static SinglePart beside(Path target, Location location) throws NpzException {
        Path absolute = target.toAbsolutePath();
        if (absolute.getFileName() == null || Files.isDirectory(absolute, LinkOption.NOFOLLOW_LINKS)) {
            throw location.error(ErrorCode.IO, "the target is a directory")
                    .remedy("Name a file in it")
                    .build();
        }
        ScratchDirectory directory = ScratchDirectory.beside(absolute);
        Path parts = directory.path().resolve("parts");
        try {
            Files.createDirectory(parts);
            return new SinglePart(absolute, directory, parts, location);
        } catch (IOException e) {
            directory.close();
            throw Faults.translate(location, "the file cannot be written", e);
        }
    }

    /** The empty directory for the native writer. */
    public String uri() {
        return parts.toUri().toString();
    }

    /** Gives the part what {@link ParquetFooter#complete} does; returns where it lies until it is committed. */
    public Path complete(Map<String, String> metadata, boolean empty, CNames names, BitSet uuids) throws NpzException {
        try {
            Path part = part();
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ParquetFooter.complete(channel, metadata, empty, names, uuids, location);
            }
            return part;
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Faults.translate(location, "the file cannot be written", e);
        }
    }

    /** Puts the completed part in the target's place. */
    public void commit(Durability durability) throws NpzException {
        try {
            Path part = part();
            if (durability == Durability.FSYNC) {
                try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
            keepPermissions(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            if (durability == Durability.FSYNC) {
                forceParent();
            }
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Faults.translate(location, "the file cannot be written", e);
        }
    }

    private Path part() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parts)) {
            Path found = null;
            for (Path file : files) {
                if (found != null) {
                    throw new IOException("the native writer made several files");
                }
                found = file;
            }
            if (found == null) {
                throw new IOException("the native writer made no file");
            }
            return found;
        }
    }

    private void keepPermissions(Path part) {
        try {
            if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // The umask's permissions stand: a file system without POSIX permissions, or a target of another user.
        }
    }

    private void forceParent() throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(target.resolveSibling("."), StandardOpenOption.READ);
        } catch (IOException | UnsupportedOperationException e) {
            // A platform that cannot open directories cannot flush them either.
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
