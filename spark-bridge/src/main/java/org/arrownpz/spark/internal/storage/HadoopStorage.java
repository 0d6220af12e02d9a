package org.arrownpz.spark.internal.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** A Hadoop file system or object store. */
record HadoopStorage(FileSystem system) implements Storage {
    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public URI qualified(String path) {
        return system.makeQualified(new Path(path)).toUri();
    }

    @Override
    public URI child(URI directory, String name) {
        return new Path(new Path(directory), name).toUri();
    }

    @Override
    public List<Entry> glob(String pattern) throws IOException {
        return entries(system.globStatus(new Path(pattern)));
    }

    @Override
    public boolean exists(URI path) throws IOException {
        return system.exists(new Path(path));
    }

    @Override
    public List<Entry> list(URI directory) throws IOException {
        return entries(system.listStatus(new Path(directory)));
    }

    private static List<Entry> entries(FileStatus @Nullable [] found) {
        List<Entry> entries = new ArrayList<>();
        if (found != null) {
            for (FileStatus status : found) {
                Path path = status.getPath();
                entries.add(new Entry(
                        path.toUri(),
                        path.getName(),
                        status.isDirectory(),
                        status.getLen(),
                        status.getModificationTime()));
            }
        }
        return entries;
    }

    @Override
    public void makeDirectories(URI directory) throws IOException {
        if (!system.mkdirs(new Path(directory))) {
            throw new IOException("cannot make the directory " + directory);
        }
    }

    @Override
    public void move(URI from, URI to) throws IOException {
        if (!system.rename(new Path(from), new Path(to))) {
            throw new IOException("cannot move " + from + " to " + to);
        }
    }

    @Override
    public void delete(URI path) throws IOException {
        system.delete(new Path(path), true);
    }

    @Override
    public void write(URI file, byte[] content) throws IOException {
        try (OutputStream stream = system.create(new Path(file), true)) {
            stream.write(content);
        }
    }

    @Override
    public byte[] read(URI file) throws IOException {
        try (InputStream stream = system.open(new Path(file))) {
            return stream.readAllBytes();
        }
    }
}
