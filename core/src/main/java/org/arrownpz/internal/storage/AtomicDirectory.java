package org.arrownpz.internal.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.support.Faults;

/**
 * Builds a directory of files beside its target, {@code .NAME.PID-HEX.arrownpz-tmp}, and renames it in {@link
 * #commit()}.
 *
 * <p>A new directory appears whole or not at all. No system that Java runs on can swap two directories through Java, so
 * replacing one takes two renames: the old one steps aside as {@code .NAME.PID-HEX.arrownpz-old}, the new one takes its
 * place, the old one is deleted. A failure in between puts the old one back; a killed process or a power failure in
 * between leaves no target, but both the old and the new directory, whole, under those names. The next write puts an
 * old directory back that nothing has replaced, so that it is lost only once another is in its place, and removes all
 * else that killed writers left. Used by one thread.
 */
public final class AtomicDirectory implements AutoCloseable {
    private static final String METADATA = "__meta__.json";
    private static final String ARRAY_SUFFIX = ".npy";

    private final Path target;
    private final ScratchDirectory scratch;
    private final Durability durability;
    private final boolean overwrite;
    private final Location location;
    private boolean finished;

    private AtomicDirectory(
            Path target, ScratchDirectory scratch, Durability durability, boolean overwrite, Location location) {
        this.target = target;
        this.scratch = scratch;
        this.durability = durability;
        this.overwrite = overwrite;
        this.location = location;
    }

    /**
     * Starts a directory. Close the result in any case.
     *
     * @param overwrite whether an existing directory may be replaced; one that holds anything but {@code .npy} files or
     *     {@code __meta__.json} is refused even then, since replacing deletes it
     * @throws NpzException IO when the target exists and may not be replaced, or its parent is missing or not writable
     */
    public static AtomicDirectory create(Path target, Durability durability, boolean overwrite) throws NpzException {
        Location location = Location.ofFile(target.toString());
        Path absolute = target.toAbsolutePath().normalize();
        TemporaryNames.directoryOf(absolute, location);
        // May put the target back, so before it is looked at.
        TemporaryNames.sweep(absolute);
        checkTarget(absolute, overwrite, location);
        ScratchDirectory scratch = ScratchDirectory.make(absolute, location);
        return new AtomicDirectory(absolute, scratch, durability, overwrite, location);
    }

    private static void checkTarget(Path target, boolean overwrite, Location location) throws NpzException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw location.error(ErrorCode.IO, "the target exists and is not a directory")
                    .remedy("Choose another name")
                    .build();
        }
        if (!overwrite) {
            throw location.error(ErrorCode.IO, "the target directory exists")
                    .remedy("Choose another name, or ask to overwrite it")
                    .build();
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!(name.endsWith(ARRAY_SUFFIX) || name.equals(METADATA))
                        || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    throw location.error(
                                    ErrorCode.IO,
                                    "the target directory holds " + SafeText.quote(name)
                                            + ", which no frame does, and is not overwritten")
                            .remedy("Choose another name, or move what does not belong there")
                            .build();
                }
            }
        } catch (DirectoryIteratorException e) {
            throw Faults.writing(location, new IOException(e));
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    /** The place of the files until {@link #commit()}. */
    public Path path() {
        return scratch.path();
    }

    /**
     * A new file in the directory, which the caller closes before {@link #commit()}.
     *
     * @throws NpzException IO, also when there is such a file already
     * @throws IllegalArgumentException when the name is not a plain file name
     */
    public FileChannel newFile(String name) throws NpzException {
        Path file = path().resolve(name);
        if (name.isEmpty()
                || name.equals(TemporaryNames.LOCK_NAME)
                || name.equals("..")
                || name.equals(".")
                || !path().equals(file.getParent())) {
            throw new IllegalArgumentException("Not a file name: " + SafeText.quote(name));
        }
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw location.member(name)
                    .error(ErrorCode.IO, "two files of the directory have the same name")
                    .cause(e)
                    .build();
        } catch (IOException e) {
            throw Faults.writing(location.member(name), e);
        }
    }

    /**
     * Puts the directory in the target's place. A failure is final: what was built is deleted and the target stays.
     *
     * @throws NpzException IO
     * @throws IllegalStateException when committed or closed already
     */
    public void commit() throws NpzException {
        if (finished) {
            throw new IllegalStateException("The directory is committed or closed already");
        }
        try {
            scratch.unlock();
            if (durability == Durability.FSYNC) {
                forceFiles();
                TemporaryNames.forceDirectory(path());
            }
            checkTarget(target, overwrite, location);
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                replace();
            } else {
                Files.move(path(), target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            close();
            throw Faults.writing(location, e);
        }
        finished = true;
        scratch.renamed();
        if (durability == Durability.FSYNC) {
            TemporaryNames.forceParent(target, location);
        }
    }

    private void forceFiles() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path())) {
            for (Path file : files) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void replace() throws IOException {
        Path old = TemporaryNames.next(target, TemporaryNames.OLD_SUFFIX);
        LiveWrites.register(old);
        try {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            try {
                Files.move(path(), target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
                throw e;
            }
            if (durability == Durability.FSYNC) {
                // The new one must be safe on the disk before the old one goes.
                TemporaryNames.forceParent(target, location);
            }
            Trees.discard(old);
        } finally {
            LiveWrites.unregister(old);
        }
    }

    /** Gives up: deletes what was built unless committed. May be called more than once. */
    @Override
    public void close() {
        finished = true;
        scratch.close();
    }
}
