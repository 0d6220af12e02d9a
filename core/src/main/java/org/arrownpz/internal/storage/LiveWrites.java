package org.arrownpz.internal.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The temporary files and directories that this process is writing: locks do not tell its own threads apart. Safe for use
 * by several threads.
 */
public final class LiveWrites {
    private static final Map<String, Path> LIVE = new ConcurrentHashMap<>();
    private static volatile boolean ending;

    private LiveWrites() {}

    static void register(Path temporary) {
        LIVE.put(String.valueOf(temporary.getFileName()), temporary);
    }

    static void unregister(Path temporary) {
        LIVE.remove(String.valueOf(temporary.getFileName()));
    }

    static boolean contains(Path temporary) {
        return LIVE.containsKey(String.valueOf(temporary.getFileName()));
    }

    /** Refuses to begin what nobody would remove. Asked after a file was made, so that either side sees the other. */
    static void requireGoingOn() throws IOException {
        if (ending) {
            throw new IOException("the process was told to end");
        }
    }

    /**
     * Deletes all of them, for a process that was told to end: what is being written fails, and nothing new can be
     * written any more. A directory that was set aside for its successor stays, to be put back by the next write.
     */
    public static void discardAll() {
        ending = true;
        LIVE.values().forEach(LiveWrites::discard);
    }

    private static void discard(Path temporary) {
        if (!String.valueOf(temporary.getFileName()).endsWith(TemporaryNames.SUFFIX)) {
            return;
        }
        try {
            if (Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
                Trees.delete(temporary);
            } else {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            // The next write into the directory sweeps.
        }
    }
}
