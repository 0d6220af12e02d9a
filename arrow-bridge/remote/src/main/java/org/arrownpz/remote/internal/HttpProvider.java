package org.arrownpz.remote.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files behind a server, to be read, and objects of buckets. */
public abstract class HttpProvider extends FileSystemProvider {
    private final String scheme;
    private final HttpFileSystem system = new HttpFileSystem(this);
    private final KnownFiles files = new KnownFiles();

    private HttpProvider(String scheme) {
        this.scheme = scheme;
    }

    /** {@code https:}. */
    public static final class Secure extends HttpProvider {
        public Secure() {
            super("https");
        }
    }

    /** {@code http:}. */
    public static final class Plain extends HttpProvider {
        public Plain() {
            super("http");
        }
    }

    /** {@code s3:}, whose files are written, too. */
    public static final class S3 extends HttpProvider {
        public S3() {
            super(Access.S3);
        }
    }

    @Override
    public String getScheme() {
        return scheme;
    }

    @Override
    public Path getPath(URI uri) {
        boolean named = scheme.equals(Access.S3)
                ? uri.getAuthority() != null && uri.getPath().length() > 1 && uri.getQuery() == null
                : uri.getHost() != null && uri.getRawPath() != null;
        if (!named) {
            throw new IllegalArgumentException("a URL has a host or bucket, and a path");
        }
        return new HttpPath(system, files, uri);
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        return new Bytes(((HttpPath) path).file());
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
        throw new UnsupportedOperationException("files behind a server are opened as sources or streams");
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException();
        }
        return (A) new HttpAttributes(((HttpPath) path).file().size());
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        if (Set.of(modes).contains(AccessMode.WRITE)) {
            throw new AccessDeniedException(path.toString());
        }
        ((HttpPath) path).file();
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        throw new NotDirectoryException(path.toString());
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        return path.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void delete(Path path) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    /** From the first byte on. Used by one thread. */
    private static final class Bytes extends InputStream {
        private final HttpFile file;
        private long position;

        Bytes(HttpFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = (int) Math.min(length, file.size() - position);
            if (count <= 0) {
                return length == 0 ? 0 : -1;
            }
            if (position < HttpFile.AHEAD && position + count >= HttpFile.AHEAD) {
                // More than a look at its start: the rest is fetched several ranges at a time.
                file.expect(position, file.size() - position);
            }
            file.read(position, ByteBuffer.wrap(target, offset, count));
            position += count;
            return count;
        }
    }
}
