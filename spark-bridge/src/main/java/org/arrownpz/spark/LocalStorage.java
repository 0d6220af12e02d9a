package org.arrownpz.spark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The local disk. */
final class LocalStorage implements Storage {
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
        List<Path> found = List.of(whole.getRoot());
        for (Path part : whole) {
            PathMatcher matcher = whole.getFileSystem().getPathMatcher("glob:" + part);
            boolean plain = part.toString().matches("[^*?\\[{\\\\]*");
            List<Path> next = new ArrayList<>();
            for (Path directory : found) {
                if (plain) {
                    if (Files.exists(directory.resolve(part))) {
                        next.add(directory.resolve(part));
                    }
                } else if (Files.isDirectory(directory)) {
                    try (Stream<Path> children = Files.list(directory)) {
                        children.filter(child -> matcher.matches(child.getFileName()))
                                .sorted()
                                .forEach(next::add);
                    }
                }
            }
            found = next;
        }
        List<Entry> entries = new ArrayList<>();
        for (Path path : found) {
            entries.add(entry(path));
        }
        return entries;
    }

    @Override
    public List<Entry> list(URI directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> children = Files.list(path(directory))) {
            for (Path child : (Iterable<Path>) children::iterator) {
                entries.add(entry(child));
            }
        }
        return entries;
    }

    private static Entry entry(Path path) throws IOException {
        boolean directory = Files.isDirectory(path);
        return new Entry(uri(path), String.valueOf(path.getFileName()), directory, directory ? 0 : Files.size(path));
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
        if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
            for (Entry child : list(uri)) {
                delete(child.uri());
            }
        }
        Files.deleteIfExists(path);
    }

    @Override
    public void touch(URI file) throws IOException {
        Files.write(path(file), new byte[0]);
    }
}
