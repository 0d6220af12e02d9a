package org.arrownpz.spark.internal.scan;

import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Tells Spark how much was read, for its metrics. */
final class Read {
    private Read() {}

    /**
     * Counts bytes for the task of this thread. Spark asks Hadoop, whose file systems count for themselves; local files
     * are read without them.
     */
    @SuppressWarnings("deprecation") // What is newer has no counter that others may add to.
    static void bytes(long count) {
        FileSystem.getStatistics("file", RawLocalFileSystem.class).incrementBytesRead(count);
    }
}
