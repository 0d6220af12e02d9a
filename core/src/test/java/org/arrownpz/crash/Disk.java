package org.arrownpz.crash;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files in memory, and the log of all calls that change them. Used by one thread. */
final class Disk {
    final DiskNode root = new DiskNode(true);
    private final List<DiskStep> log = new ArrayList<>();

    /** The steps since {@link #forget}. */
    List<DiskStep> log() {
        return List.copyOf(log);
    }

    /** What there is now has been there for ever. */
    void forget() {
        log.clear();
    }

    /** The node at an absolute path, or null. */
    DiskNode find(Path path) {
        DiskNode node = root;
        for (Path name : path) {
            node = node.entries.get(name.toString());
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    DiskNode get(Path path) throws NoSuchFileException {
        DiskNode node = find(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private DiskNode parent(Path path) throws IOException {
        DiskNode parent = get(path.getParent());
        if (!parent.directory) {
            throw new NotDirectoryException(path.getParent().toString());
        }
        return parent;
    }

    DiskNode create(Path path, boolean directory) throws IOException {
        if (find(path) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        DiskNode node = new DiskNode(directory);
        String name = path.getFileName().toString();
        DiskNode parent = parent(path);
        parent.entries.put(name, node);
        log.add(new DiskStep.Link(parent, name, node));
        return node;
    }

    void delete(Path path) throws IOException {
        DiskNode node = get(path);
        if (!node.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        String name = path.getFileName().toString();
        DiskNode parent = parent(path);
        parent.entries.remove(name);
        log.add(new DiskStep.Unlink(parent, name));
    }

    void move(Path source, Path target) throws IOException {
        DiskNode node = get(source);
        DiskNode replaced = find(target);
        if (replaced != null && !replaced.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(target.toString());
        }
        DiskNode from = parent(source);
        DiskNode to = parent(target);
        String name = source.getFileName().toString();
        String newName = target.getFileName().toString();
        from.entries.remove(name);
        to.entries.put(newName, node);
        log.add(new DiskStep.Move(from, name, to, newName, node));
    }

    void write(DiskNode file, int offset, byte[] bytes) {
        file.bytes = written(file.bytes, offset, bytes);
        log.add(new DiskStep.Write(file, offset, bytes));
    }

    void resize(DiskNode file, int size) {
        file.bytes = Arrays.copyOf(file.bytes, size);
        log.add(new DiskStep.Resize(file, size));
    }

    void force(DiskNode node) {
        log.add(new DiskStep.Force(node));
    }

    /** A file's content after some bytes were written to it, with zeros in between where it was shorter. */
    static byte[] written(byte[] content, int offset, byte[] bytes) {
        byte[] result = Arrays.copyOf(content, Math.max(content.length, offset + bytes.length));
        System.arraycopy(bytes, 0, result, offset, bytes.length);
        return result;
    }
}
