package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.arrownpz.Durability;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.frame.Frames;
import org.jspecify.annotations.Nullable;

/**
 * The files of one task in one directory of the table. They are in the write's hidden directory, under their names alone,
 * until the job moves them: written there, or on the local disk and sent where it is remote.
 *
 * <p>The hidden directory is never made here. A task that outlives its job finds it gone and fails, and leaves nothing.
 */
public final class Output {
    // As Spark's own sources: the job's commit is a rename, and nothing is synced.
    private static final WriteOptions OPTIONS = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private final URI staging;
    private final String prefix;
    private final AtomicInteger count;
    private final @Nullable Configuration configuration;
    private final List<String> names = new ArrayList<>();

    /**
     * An output.
     *
     * @param prefix begins the files' names, with the directory in the table
     * @param count numbers all files of the task
     */
    public Output(URI staging, String prefix, AtomicInteger count, @Nullable Configuration configuration) {
        this.staging = staging;
        this.prefix = prefix;
        this.count = count;
        this.configuration = configuration;
    }

    private interface Content {
        void write(Path file) throws NpzException;
    }

    public void write(VectorSchemaRoot root) throws IOException {
        write(file -> Frames.write(root, file, OPTIONS));
    }

    void write(Packed packed) throws IOException {
        write(file -> Events.write(packed, file, OPTIONS));
    }

    private void write(Content content) throws IOException {
        String name = String.format("%s-c%03d.npz", prefix, count.getAndIncrement());
        String alone = Written.staged(name);
        Configuration remote = configuration;
        if (remote == null) {
            Path directory = Path.of(staging.getPath());
            requireThere(Files.isDirectory(directory));
            content.write(directory.resolve(alone));
        } else {
            Path local = Files.createTempFile("arrow-npz-", ".npz");
            try {
                content.write(local);
                org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(staging);
                org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(directory, alone);
                FileSystem system = target.getFileSystem(remote);
                requireThere(system.exists(directory));
                system.copyFromLocalFile(false, true, new org.apache.hadoop.fs.Path(local.toUri()), target);
            } finally {
                Files.deleteIfExists(local);
            }
        }
        names.add(name);
    }

    private void requireThere(boolean there) throws IOException {
        if (!there) {
            throw new IOException("the hidden directory of this write, " + staging
                    + ", is not there: the job has ended, or this executor does not see the driver's disk");
        }
    }

    Written written() {
        return new Written(List.copyOf(names));
    }
}
