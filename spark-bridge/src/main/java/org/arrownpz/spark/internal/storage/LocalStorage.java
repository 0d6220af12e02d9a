package org.arrownpz.spark.internal.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;
import org.arrownpz.spark.internal.Log;

/** The local disk. */
public final class LocalStorage implements Storage {
    private static final int ATTEMPTS = 10;

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public URI qualified(String path) {
        return uri(absolute(path));
    }

    private static Path absolute(String path) {
        return Path.of(new org.apache.hadoop.fs.Path(path).toUri().getPath()).toAbsolutePath();
    }

    // Without the slash that Java puts behind a directory that exists.
    private static URI uri(Path path) {
        return new org.apache.hadoop.fs.Path("file", null, path.toString()).toUri();
    }

    private static Path path(URI uri) {
        return Path.of(uri.getPath());
    }

    @Override
    public URI child(URI directory, String name) {
        return uri(path(directory).resolve(name));
    }

    @Override
    public List<Entry> glob(String pattern) throws IOException {
        Path whole = absolute(pattern);
        if (Files.exists(whole)) {
            return List.of(entry(whole));
        }
        // Hadoop's own patterns, so that they mean the same wherever the files are.
        SortedSet<Path> found = new TreeSet<>();
        for (String simple : GlobExpander.expand(whole.toString())) {
            found.addAll(matches(Path.of(simple)));
        }
        List<Entry> entries = new ArrayList<>();
        for (Path path : found) {
            add(path, entries);
        }
        return entries;
    }

    private static List<Path> matches(Path pattern) throws IOException {
        List<Path> found = List.of(pattern.getRoot());
        for (Path part : pattern) {
            GlobFilter filter = new GlobFilter(part.toString());
            List<Path> next = new ArrayList<>();
            for (Path directory : found) {
                if (!filter.hasPattern()) {
                    Path child = directory.resolve(part.toString().replaceAll("\\\\(.)", "$1"));
                    if (Files.exists(child)) {
                        next.add(child);
                    }
                } else if (Files.isDirectory(directory)) {
                    try (Stream<Path> children = Files.list(directory)) {
                        children.filter(child -> filter.accept(new org.apache.hadoop.fs.Path(uri(child))))
                                .forEach(next::add);
                    }
                }
            }
            found = next;
        }
        return found;
    }

    @Override
    public boolean exists(URI path) {
        return Files.exists(path(path));
    }

    @Override
    public List<Entry> list(URI directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> children = Files.list(path(directory))) {
            for (Path child : (Iterable<Path>) children::iterator) {
                add(child, entries);
            }
        }
        return entries;
    }

    private static void add(Path path, List<Entry> entries) throws IOException {
        try {
            entries.add(entry(path));
        } catch (NoSuchFileException e) {
            Log.LOG.debug("gone while its directory was listed, or a link to nowhere: {}", path);
        }
    }

    private static Entry entry(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        boolean directory = found.isDirectory();
        return new Entry(
                uri(path),
                String.valueOf(path.getFileName()),
                directory,
                directory ? 0 : found.size(),
                found.lastModifiedTime().toMillis());
    }

    @Override
    public void makeDirectories(URI directory) throws IOException {
        Files.createDirectories(path(directory));
    }

    @Override
    public void move(URI from, URI to) throws IOException {
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(URI uri) throws IOException {
        Path path = path(uri);
        if (!isOwnDirectory(path)) {
            Files.deleteIfExists(path);
            return;
        }
        // Under another name first: tasks that still run find no directory to put more files into.
        Path doomed = path.resolveSibling(path.getFileName() + REMOVED);
        Files.move(path, doomed, StandardCopyOption.ATOMIC_MOVE);
        deleteTree(doomed);
    }

    private static boolean isOwnDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void deleteTree(Path path) throws IOException {
        for (int attempt = 1; ; attempt++) {
            if (isOwnDirectory(path)) {
                try (Stream<Path> children = Files.list(path)) {
                    for (Path child : (Iterable<Path>) children::iterator) {
                        deleteTree(child);
                    }
                }
            }
            try {
                Files.deleteIfExists(path);
                return;
            } catch (DirectoryNotEmptyException e) {
                // A file that was being made when the directory was renamed.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void write(URI file, byte[] content) throws IOException {
        Files.write(path(file), content);
    }

    @Override
    public byte[] read(URI file) throws IOException {
        return Files.readAllBytes(path(file));
    }
}
