package org.arrownpz.internal.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSources.Fetched;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/** Names of temporary files and directories beside their targets, and the removal of those whose writer was killed. */
final class TemporaryNames {
    static final String SUFFIX = ".arrownpz-tmp";
    /** The end of the name of a directory that is being replaced. */
    static final String OLD_SUFFIX = ".arrownpz-old";
    /** In a temporary directory: the file whose lock tells that the writer lives. */
    static final String LOCK_NAME = ".lock";

    private static final Pattern ANY =
            Pattern.compile("\\..+\\.(\\d{1,19})-[0-9a-f]{16}\\.arrownpz-tmp", Pattern.DOTALL);
    private static final Pattern TAIL = Pattern.compile("(\\d{1,19})-[0-9a-f]{16}\\.arrownpz-(tmp|old)");
    /** Longest name part, so that prefix and tail fit the 255 bytes that file systems allow. */
    private static final int MAX_STEM_BYTES = 180;

    private static final SecureRandom RANDOM = new SecureRandom();

    private TemporaryNames() {}

    /** A new, unguessable path beside the target, with one of the two suffixes. */
    static Path next(Path target, String suffix) {
        String unique = ProcessHandle.current().pid() + "-" + HexFormat.of().toHexDigits(RANDOM.nextLong());
        return target.resolveSibling(prefix(target) + unique + suffix);
    }

    private static String prefix(Path target) {
        String name = String.valueOf(target.getFileName());
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_STEM_BYTES) {
            int end = name.offsetByCodePoints(0, Math.min(40, name.codePointCount(0, name.length())));
            name = name.substring(0, end) + "~" + Integer.toHexString(name.hashCode());
        }
        return "." + name + ".";
    }

    /** The existing directory that an absolute path lies in. */
    static Path directoryOf(Path target, Location location) throws NpzException {
        if (target instanceof Fetched) {
            throw location.error(ErrorCode.IO, "servers have no directories to write into")
                    .remedy("Write a file, such as one of .npz")
                    .build();
        }
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw location.error(ErrorCode.IO, "the directory to write into does not exist")
                    .remedy("Create the directory first")
                    .build();
        }
        return directory;
    }

    /**
     * Deletes what killed writers left beside the target, and puts a directory back that one of the target's set aside and
     * did not live to replace. Of other targets' files, only those go whose lock shows that nobody writes them any more.
     * Failures are left to the next sweep.
     */
    static void sweep(Path target) {
        String prefix = prefix(target);
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(
                target.getParent(), path -> String.valueOf(path.getFileName()).startsWith("."))) {
            for (Path sibling : siblings) {
                String name = String.valueOf(sibling.getFileName());
                Matcher tail = TAIL.matcher(name.startsWith(prefix) ? name.substring(prefix.length()) : "");
                Matcher any = ANY.matcher(name);
                if (tail.matches()) {
                    sweep(sibling, tail, target);
                } else if (any.matches() && isAbandoned(sibling, any.group(1)) && isLockable(sibling)) {
                    delete(sibling);
                }
            }
        } catch (IOException | DirectoryIteratorException ignored) {
            // Not being able to tidy up is no reason not to write.
        }
    }

    private static void sweep(Path sibling, Matcher tail, Path target) throws IOException {
        if (!isAbandoned(sibling, tail.group(1))) {
            return;
        }
        if (tail.group(2).equals("old") && !Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(sibling, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
            delete(sibling);
        }
    }

    /** Whether it has a lock that a writer would hold; a directory that is about to be renamed has none any more. */
    private static boolean isLockable(Path sibling) {
        return Files.isRegularFile(sibling, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)
                        && Files.isRegularFile(sibling.resolve(LOCK_NAME), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isAbandoned(Path sibling, String process) {
        long pid;
        try {
            pid = Long.parseLong(process);
        } catch (NumberFormatException e) {
            return false;
        }
        if (pid == ProcessHandle.current().pid()) {
            return !LiveWrites.contains(sibling);
        }
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }

    private static void delete(Path sibling) throws IOException {
        if (Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)) {
            if (unlocked(sibling.resolve(LOCK_NAME))) {
                Trees.delete(sibling);
            }
        } else if (unlocked(sibling)) {
            Files.deleteIfExists(sibling);
        }
    }

    /** Whether no other process (one of another container has a process id that means nothing here) holds the lock. */
    private static boolean unlocked(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Makes a rename in a directory durable. A platform that cannot open directories cannot do it, which is no fault;
     * Linux and macOS can.
     *
     * @throws IOException when the directory can be opened but not flushed
     */
    static void forceDirectory(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return;
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException | UnsupportedOperationException e) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    /** {@link #forceDirectory} of the directory that holds a target which is in place already. */
    static void forceParent(Path target, Location location) throws NpzException {
        try {
            forceDirectory(target.getParent());
        } catch (IOException e) {
            throw Faults.translate(location, "written and in place, but a power failure may still undo it", e);
        }
    }
}
