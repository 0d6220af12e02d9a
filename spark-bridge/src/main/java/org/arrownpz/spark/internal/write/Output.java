package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.frame.Frames;
import org.arrownpz.spark.internal.NpzOptions;
import org.jspecify.annotations.Nullable;

/**
 * The files of one task in one directory of the table. They are in the write's hidden directory, under their names alone,
 * until the job moves them, or in the directory that Hadoop's committer gives the attempt, as in the table: written there, or
 * on the local disk and sent where it is remote.
 *
 * <p>Neither is ever made here. A task that outlives its job finds it gone and fails, and leaves nothing.
 */
public final class Output {
    // As Spark's own sources: the job's commit is a rename, and nothing is synced.
    private static final WriteOptions PLAIN = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    /** The level that zip and NumPy's savez_compressed use. */
    private static final int DEFLATE_LEVEL = 6;

    private final URI place;
    private final boolean committed;
    private final String prefix;
    private final AtomicInteger count;
    private final @Nullable Configuration configuration;
    private final WriteOptions options;
    private final List<String> names = new ArrayList<>();
    private long bytes;

    /**
     * An output.
     *
     * @param committed whether Hadoop's committer is to see the directories of the table
     * @param prefix begins the files' names, with the directory in the table
     * @param count numbers all files of the task
     */
    public Output(
            URI place,
            boolean committed,
            String prefix,
            AtomicInteger count,
            @Nullable Configuration configuration,
            NpzOptions options) {
        this.place = place;
        this.committed = committed;
        this.prefix = prefix;
        this.count = count;
        this.configuration = configuration;
        this.options = options.deflate() ? PLAIN.deflate(DEFLATE_LEVEL) : PLAIN;
    }

    private interface Content {
        void write(Path file) throws NpzException;
    }

    public void write(VectorSchemaRoot root) throws IOException {
        write(file -> Frames.write(root, file, options));
    }

    void write(Packed packed) throws IOException {
        write(file -> Events.write(packed, file, options));
    }

    private void write(Content content) throws IOException {
        String name = String.format("%s-c%03d.npz", prefix, count.getAndIncrement());
        String file = committed ? name : Written.staged(name);
        Configuration remote = configuration;
        if (remote == null) {
            Path directory = Path.of(place.getPath());
            requireThere(Files.isDirectory(directory));
            content.write(directory.resolve(file));
            bytes += Files.size(directory.resolve(file));
        } else {
            Path local = Files.createTempFile("arrow-npz-", ".npz");
            try {
                content.write(local);
                bytes += Files.size(local);
                org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(place);
                FileSystem system = directory.getFileSystem(remote);
                requireThere(system.exists(directory));
                // A stream, which committers watch.
                try (OutputStream target = system.create(new org.apache.hadoop.fs.Path(directory, file), true)) {
                    Files.copy(local, target);
                }
            } finally {
                Files.deleteIfExists(local);
            }
        }
        names.add(name);
    }

    private void requireThere(boolean there) throws IOException {
        if (!there) {
            throw new IOException("the hidden directory of this write, " + place
                    + ", is not there: the job has ended, or this executor does not see the driver's disk");
        }
    }

    Written written() {
        return new Written(List.copyOf(names), bytes);
    }
}
