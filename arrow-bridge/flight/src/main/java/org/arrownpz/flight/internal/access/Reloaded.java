package org.arrownpz.flight.internal.access;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.arrownpz.SafeText;
import org.arrownpz.flight.internal.watch.ServerLog;
import org.arrownpz.support.Faults;

/**
 * The content of some files. They are read again when they change; while they are not what they should be, what was read before
 * stays, and the server's log says so once. Safe for use by several threads.
 */
final class Reloaded<T> implements AutoCloseable {
    static final long LOOK_SECONDS = 2;
    private static final int REASON_LENGTH = 200;

    private final String what;
    private final List<Path> files;
    private final Loader<T> loader;
    private final Future<?> watching;
    private String version;
    private T read;
    private boolean usable = true;

    /** Reads the files. */
    interface Loader<T> {
        /** @throws IOException when one cannot be read, or is not what it should be */
        T load() throws IOException;
    }

    /** @param what the files are, in the log's sentences */
    Reloaded(String what, List<Path> files, Loader<T> loader) throws IOException {
        this.what = what;
        this.files = List.copyOf(files);
        this.loader = loader;
        this.version = version(this.files);
        this.read = loader.load();
        this.watching = Delays.CLOCK.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** The content when the files last were what they should be. */
    synchronized T get() {
        return read;
    }

    /** Whether the files are what they should be. */
    synchronized boolean isUsable() {
        return usable;
    }

    /** Reads the files when they have changed. */
    synchronized void look() {
        try {
            String found = version(files);
            if (!usable || !found.equals(version)) {
                read = loader.load();
                version = found;
                usable = true;
                ServerLog.say(what + " were read again");
            }
        } catch (IOException e) {
            if (usable) {
                usable = false;
                ServerLog.say(what + " cannot be read (" + reason(e) + "): those of before stay");
            }
        }
    }

    /** Tells files apart from what they were before. */
    static String version(List<Path> files) throws IOException {
        StringBuilder version = new StringBuilder();
        for (Path file : files) {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            version.append(found.lastModifiedTime()).append(' ').append(found.size());
            version.append(' ').append(found.fileKey()).append('\n');
        }
        return version.toString();
    }

    /** The reason for which files could not be read, without their paths. */
    static String reason(IOException e) {
        return e instanceof FileSystemException
                ? Faults.reason(e)
                : SafeText.escape(String.valueOf(e.getMessage()), REASON_LENGTH);
    }

    @Override
    public void close() {
        watching.cancel(false);
    }
}
