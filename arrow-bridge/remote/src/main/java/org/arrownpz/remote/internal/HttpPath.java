package org.arrownpz.remote.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.jspecify.annotations.Nullable;

/**
 * A URL, one name without parts: servers have no directories. Its text is without user information and query, which may
 * be secrets.
 */
final class HttpPath implements ByteSources.Fetched {
    private final FileSystem system;
    private final KnownFiles files;
    private final URI uri;

    HttpPath(FileSystem system, KnownFiles files, URI uri) {
        this.system = system;
        this.files = files;
        this.uri = uri;
    }

    @Override
    public ByteSource open(BufferAllocator allocator) throws NpzException {
        return new HttpSource(allocator, file());
    }

    HttpFile file() throws NpzException {
        return files.file(uri, location());
    }

    private Location location() {
        return Location.ofFile(toString());
    }

    @Override
    public Path stage() throws NpzException {
        if (system.isReadOnly()) {
            throw location()
                    .error(ErrorCode.IO, "files behind https: and http: are only read")
                    .remedy("Write a file, and upload it")
                    .build();
        }
        // Asks early for what uploading needs.
        Access.signed(uri, location());
        try {
            return Files.createTempFile("arrow-npz-", ".arrownpz-tmp");
        } catch (IOException e) {
            throw location()
                    .error(ErrorCode.IO, "no temporary file could be made")
                    .remedy("Make room in the temporary directory, or set java.io.tmpdir to another")
                    .cause(e)
                    .build();
        }
    }

    @Override
    public void put(Path staged) throws NpzException {
        Buckets.put(staged, uri, location());
        files.forget(uri);
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public @Nullable Path getRoot() {
        return null;
    }

    /** The last name, as a path of the default file system: what messages and formats look at. */
    @Override
    public Path getFileName() {
        String path = uri.getPath();
        return Path.of(path.substring(path.lastIndexOf('/') + 1));
    }

    @Override
    public @Nullable Path getParent() {
        return null;
    }

    @Override
    public int getNameCount() {
        return 1;
    }

    @Override
    public Path getName(int index) {
        return getFileName();
    }

    @Override
    public Path subpath(int begin, int end) {
        throw new IllegalArgumentException("a URL has no parts");
    }

    @Override
    public boolean startsWith(Path other) {
        return equals(other);
    }

    @Override
    public boolean endsWith(Path other) {
        return equals(other);
    }

    @Override
    public Path normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path relativize(Path other) {
        throw new IllegalArgumentException("a URL has no parts");
    }

    @Override
    public URI toUri() {
        return uri;
    }

    @Override
    public Path toAbsolutePath() {
        return this;
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return this;
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return uri.compareTo(((HttpPath) other).uri);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpPath path && uri.equals(path.uri);
    }

    @Override
    public int hashCode() {
        return uri.hashCode();
    }

    @Override
    public String toString() {
        if (uri.getScheme().equals(Access.S3)) {
            return Access.S3 + "://" + uri.getAuthority() + uri.getPath();
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }
}
