package org.arrownpz.sql.internal.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;
import org.arrownpz.support.FileMagic;
import org.arrownpz.support.Rollback;

/**
 * A file where DuckDB can open it: itself, or a copy where it is no local file, or its name is a pattern to DuckDB. Closing
 * deletes the copy.
 *
 * @param path the file as DuckDB opens it
 */
record TextFile(Path source, Path path, boolean gzip, Location location, long size, FileTime time)
        implements AutoCloseable {
    private static final Pattern PATTERN = Pattern.compile("[*?\\[]");
    private static final int BUFFER = 1 << 16;

    static TextFile of(Path source) throws NpzException {
        Location location = Location.ofFile(source.toString());
        if (!Files.isRegularFile(source) || !Files.isReadable(source)) {
            throw location.error(ErrorCode.IO, Files.exists(source) ? "no readable file" : "no such file")
                    .build();
        }
        try {
            BasicFileAttributes now = Files.readAttributes(source, BasicFileAttributes.class);
            boolean gzip = FileMagic.of(source) == FileMagic.GZIP;
            boolean local = source.getFileSystem().equals(FileSystems.getDefault());
            Path path = local ? source.toRealPath() : source;
            if (!local || PATTERN.matcher(path.toString()).find()) {
                path = Files.createTempFile("arrow-npz-", ".text");
                try (Rollback undo =
                        Rollback.of(new TextFile(source, path, gzip, location, 0, now.lastModifiedTime()))) {
                    Files.copy(source, path, StandardCopyOption.REPLACE_EXISTING);
                    undo.commit();
                }
            }
            return new TextFile(source, path, gzip, location, now.size(), now.lastModifiedTime());
        } catch (IOException e) {
            throw Faults.reading(location, e);
        }
    }

    /** The text's bytes, behind a byte order mark. */
    InputStream bytes() throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try (Rollback undo = Rollback.of(in)) {
            InputStream text = gzip ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in;
            text.mark(3);
            if (text.read() != 0xef || text.read() != 0xbb || text.read() != 0xbf) {
                text.reset();
            }
            return undo.commit(text);
        }
    }

    /** @throws NpzException FILE_CHANGED when the file is not the one that was opened */
    void requireUnchanged() throws IOException {
        BasicFileAttributes now = Files.readAttributes(source, BasicFileAttributes.class);
        if (now.size() != size || !now.lastModifiedTime().equals(time)) {
            throw location.error(ErrorCode.FILE_CHANGED, "the file has changed since its columns were looked at")
                    .build();
        }
    }

    NpzException invalid(String problem) {
        return location.error(ErrorCode.VALUE, "the file cannot be read")
                .found(problem)
                .build();
    }

    @Override
    public void close() throws IOException {
        if (!path.equals(source) && path.getFileName().toString().endsWith(".text")) {
            Files.deleteIfExists(path);
        }
    }
}
