package org.arrownpz.spark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** The files of one task, in the write's hidden directory: written there, or beside it and sent where it is remote. */
final class Output {
    // As Spark's own sources: the job's commit is a rename, and nobody syncs.
    private static final WriteOptions OPTIONS = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private final URI staging;
    private final String prefix;
    private final @Nullable Configuration configuration;
    private final List<String> names = new ArrayList<>();

    Output(URI staging, String prefix, @Nullable Configuration configuration) {
        this.staging = staging;
        this.prefix = prefix;
        this.configuration = configuration;
    }

    private interface Content {
        void write(Path file) throws NpzException;
    }

    void write(VectorSchemaRoot root) throws IOException {
        write(file -> Frames.write(root, file, OPTIONS));
    }

    void write(Packed packed) throws IOException {
        write(file -> Events.write(packed, file, OPTIONS));
    }

    private void write(Content content) throws IOException {
        String name = String.format("%s-c%03d.npz", prefix, names.size());
        Configuration remote = configuration;
        if (remote == null) {
            Path target = Path.of(staging.getPath()).resolve(name);
            Files.createDirectories(target.getParent());
            content.write(target);
        } else {
            Path local = Files.createTempFile("arrow-npz-", ".npz");
            try {
                content.write(local);
                org.apache.hadoop.fs.Path target =
                        new org.apache.hadoop.fs.Path(new org.apache.hadoop.fs.Path(staging), name);
                FileSystem system = target.getFileSystem(remote);
                system.copyFromLocalFile(false, true, new org.apache.hadoop.fs.Path(local.toUri()), target);
            } finally {
                Files.deleteIfExists(local);
            }
        }
        names.add(name);
    }

    NpzBatchWrite.Written written() {
        return new NpzBatchWrite.Written(List.copyOf(names));
    }

    /** Whether nothing was written so far. */
    boolean isEmpty() {
        return names.isEmpty();
    }
}
