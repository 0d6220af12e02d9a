package org.arrownpz.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of a {@link DiskFileSystem}, spelled as on the real one. */
record DiskPath(DiskFileSystem system, Path spelling) implements Path {
    static Path plain(Path path) {
        return path instanceof DiskPath of ? of.spelling : path;
    }

    private Path wrap(Path path) {
        return path == null ? null : new DiskPath(system, path);
    }

    @Override
    public DiskFileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return spelling.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return wrap(spelling.getRoot());
    }

    @Override
    public Path getFileName() {
        return wrap(spelling.getFileName());
    }

    @Override
    public Path getParent() {
        return wrap(spelling.getParent());
    }

    @Override
    public int getNameCount() {
        return spelling.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return wrap(spelling.getName(index));
    }

    @Override
    public Path subpath(int begin, int end) {
        return wrap(spelling.subpath(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return spelling.startsWith(plain(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return spelling.endsWith(plain(other));
    }

    @Override
    public Path normalize() {
        return wrap(spelling.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return wrap(spelling.resolve(plain(other)));
    }

    @Override
    public Path relativize(Path other) {
        return wrap(spelling.relativize(plain(other)));
    }

    @Override
    public URI toUri() {
        return spelling.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return wrap(spelling.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return toAbsolutePath();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return spelling.compareTo(plain(other));
    }

    @Override
    public String toString() {
        return spelling.toString();
    }
}
