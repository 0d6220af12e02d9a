package org.arrownpz.spark.internal.storage;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The place of files: the local disk without Hadoop (whose file systems do not run on every JDK), or a Hadoop one. */
public interface Storage {
    /**
     * A file or directory.
     *
     * @param modified by the storage's clock: milliseconds since 1970
     */
    record Entry(URI uri, String name, boolean directory, long length, long modified) {}

    /** The end of the name of a directory that is about to be removed. */
    String REMOVED = "-removed";

    /** The storage of a path as users write it. */
    static Storage of(String path, Configuration configuration) throws IOException {
        Path named = new Path(path);
        String scheme = named.toUri().getScheme();
        if (scheme == null) {
            scheme = URI.create(configuration.get("fs.defaultFS", "file:///")).getScheme();
        }
        return "file".equals(scheme)
                ? new LocalStorage()
                : new HadoopStorage(FileSystem.get(new Path(path).toUri(), configuration));
    }

    /** Whether files can be mapped. */
    boolean isLocal();

    /** The path in full. */
    URI qualified(String path);

    /** A name in a directory. */
    URI child(URI directory, String name);

    /** The matches of a pattern; the path itself where it is no pattern; nothing where there is nothing. */
    List<Entry> glob(String pattern) throws IOException;

    boolean exists(URI path) throws IOException;

    List<Entry> list(URI directory) throws IOException;

    void makeDirectories(URI directory) throws IOException;

    /** Moves a file within the storage. */
    void move(URI from, URI to) throws IOException;

    /** Deletes a file, or a directory with all that is in it; nothing where there is none. */
    void delete(URI path) throws IOException;

    /** Writes a small file, in place of one that may be there. */
    void write(URI file, byte[] content) throws IOException;

    /** Reads a small file. */
    byte[] read(URI file) throws IOException;
}
