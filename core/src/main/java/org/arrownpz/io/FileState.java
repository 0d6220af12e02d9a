package org.arrownpz.io;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/** The state of a file when it was opened: its size is relied on from then on. */
record FileState(
        Path path, long size, FileTime modified, @Nullable Object key) {
    /** Examines a path before it is opened: opening a pipe would wait for its writer. */
    static FileState of(Path path, Location location) throws NpzException {
        try {
            return of(path, location, Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            throw e instanceof NpzException fault ? fault : Faults.reading(location, e);
        }
    }

    /** The same with the attributes that somebody found. */
    static FileState of(Path path, Location location, BasicFileAttributes attributes) throws NpzException {
        if (attributes.isDirectory()) {
            throw location.error(ErrorCode.IO, "the path is a directory, not a file")
                    .remedy("Name a file in it")
                    .build();
        }
        if (!attributes.isRegularFile()) {
            throw location.error(ErrorCode.IO, "the path is a pipe, socket or device, not a file")
                    .remedy("Copy its content to a file first")
                    .build();
        }
        return new FileState(path, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }

    /** Checks that the opened file has the size that was seen. */
    void check(SeekableByteChannel channel, Location location) throws IOException {
        long found = channel.size();
        if (found != size) {
            throw changed(location, size + " bytes", found + " bytes");
        }
    }

    /** Compares with the file as it is now. One that took its place by rename leaves the opened one as it was. */
    void checkUnchanged(Location location) throws NpzException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
        if (key != null && !Objects.equals(key, now.fileKey())) {
            return;
        }
        if (now.size() != size) {
            throw changed(location, size + " bytes", now.size() + " bytes");
        }
        if (!now.lastModifiedTime().equals(modified)) {
            throw changed(location, "last change at " + modified, now.lastModifiedTime());
        }
    }

    private static NpzException changed(Location location, Object expected, Object found) {
        return location.error(ErrorCode.FILE_CHANGED, "the file changed while in use")
                .expected(expected)
                .found(found)
                .remedy("Open it again, or read files that others may change with Mapping.COPY")
                .build();
    }
}
