package org.arrownpz.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.arrownpz.testing.WrappedFileSystem;

/** The calls of a {@link DiskFileSystem}; those that the library does not use are refused. */
final class DiskProvider extends FileSystemProvider {
    private final DiskFileSystem system;
    private final Disk disk;

    DiskProvider(DiskFileSystem system, Disk disk) {
        this.system = system;
        this.disk = disk;
    }

    private static Path absolute(Path path) {
        return WrappedFileSystem.unwrap(path).toAbsolutePath().normalize();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path place = absolute(path);
        DiskNode node = options.contains(StandardOpenOption.CREATE_NEW)
                        || (options.contains(StandardOpenOption.CREATE) && disk.find(place) == null)
                ? disk.create(place, false)
                : disk.get(place);
        if (options.contains(StandardOpenOption.TRUNCATE_EXISTING) && node.bytes.length > 0) {
            disk.resize(node, 0);
        }
        return new DiskChannel(disk, node);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> accepted = new ArrayList<>();
        for (String name : disk.get(absolute(directory)).entries.keySet()) {
            Path entry = directory.resolve(name);
            if (filter.accept(entry)) {
                accepted.add(entry);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return accepted.iterator();
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        disk.create(absolute(directory), true);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(absolute(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        if (!Set.of(options).contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw new UnsupportedOperationException();
        }
        disk.move(absolute(source), absolute(target));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return disk.get(absolute(path)) == disk.get(absolute(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        disk.get(absolute(path));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException();
        }
        return type.cast(new DiskAttributes(disk.get(absolute(path))));
    }

    @Override
    public String getScheme() {
        return "disk";
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }
}
