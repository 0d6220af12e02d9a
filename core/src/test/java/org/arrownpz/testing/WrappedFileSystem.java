package org.arrownpz.testing;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A file system of the tests. Its paths are spelled as the real ones are; what they mean is its provider's business. */
public abstract class WrappedFileSystem extends FileSystem {
    private final FileSystem real = FileSystems.getDefault();

    /** The same spelling as a path of this file system. */
    public final Path path(Path spelling) {
        return new WrappedPath(this, spelling);
    }

    /** The spelling of a path of any such file system. */
    public static Path unwrap(Path path) {
        return path instanceof WrappedPath wrapped ? wrapped.real() : path;
    }

    /** An absolute spelling without symbolic links. */
    protected abstract Path followed(Path spelling, LinkOption... options) throws IOException;

    @Override
    public final Path getPath(String first, String... more) {
        return path(real.getPath(first, more));
    }

    @Override
    public final String getSeparator() {
        return real.getSeparator();
    }

    @Override
    public final Iterable<Path> getRootDirectories() {
        List<Path> roots = new ArrayList<>();
        real.getRootDirectories().forEach(root -> roots.add(path(root)));
        return roots;
    }

    @Override
    public final PathMatcher getPathMatcher(String pattern) {
        PathMatcher matcher = real.getPathMatcher(pattern);
        return path -> matcher.matches(unwrap(path));
    }

    @Override
    public final boolean isOpen() {
        return true;
    }

    @Override
    public final boolean isReadOnly() {
        return false;
    }

    @Override
    public final void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }
}
