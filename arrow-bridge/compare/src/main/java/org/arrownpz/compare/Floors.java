package org.arrownpz.compare;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.compare.internal.measure.Sums;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;

/**
 * The minimum of work with the bytes of the aligned archive: no program can be faster. Nothing is parsed or checked, and
 * no vectors are made.
 */
final class Floors implements AutoCloseable {
    private static final int WRITE = 256 << 10;
    /** Larger than any cache. */
    private static final long COPY = 256L << 20;
    /** Within what one mapping of Java 17 can hold. */
    private static final long WINDOW = 1L << 30;

    private final BufferAllocator allocator;
    private final Path file;
    private final long size;
    private final ArrowBuf target;
    private final ByteSource source;
    private final ByteBuffer stage = ByteBuffer.allocateDirect(WRITE);

    Floors(BufferAllocator allocator, Path file) throws IOException {
        this.allocator = allocator;
        this.file = file;
        this.size = Files.size(file);
        this.target = SafeMemory.allocate(
                allocator, Math.min(COPY, size), Location.ofFile(file.toString()), "the target of copies");
        try (Rollback undo = Rollback.of(target)) {
            this.source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
            undo.commit();
        }
    }

    /** Copies all bytes of the mapped file into memory that is allocated already. */
    void copy() throws NpzException {
        for (long at = 0; at < size; at += COPY) {
            long length = Math.min(COPY, size - at);
            try (ArrowBuf region = source.region(at, length)) {
                target.setBytes(0, region, 0, length);
            }
        }
    }

    /** Maps and unmaps the file. */
    void map() throws NpzException {
        try (ByteSource mapped = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            mapped.region(0, Math.min(size, WINDOW)).close();
        }
    }

    /** Maps the file and reads every byte of it; returns their sum. */
    long mapAndTouch() throws NpzException {
        long sum = 0;
        try (ByteSource mapped = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            for (long at = 0; at < size; at += WINDOW) {
                long length = Math.min(WINDOW, size - at);
                try (ArrowBuf region = mapped.region(at, length)) {
                    sum += Sums.integers(region, 0, length / 8, 8) + Sums.bytes(region, length & ~7L, length & 7);
                }
            }
        }
        return sum;
    }

    /** Reads every byte of the file, in strips that stay in cache, into memory that is there; returns their sum. */
    long readAndTouch() throws IOException {
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                ArrowBuf strip = SafeMemory.over(stage.clear())) {
            for (long at = 0; at < size; ) {
                stage.clear();
                int length = channel.read(stage, at);
                if (length < 0) {
                    throw new EOFException(file + " ends at " + at);
                }
                sum += Sums.integers(strip, 0, length / 8, 8) + Sums.bytes(strip, length & ~7, length & 7);
                at += length;
            }
        }
        return sum;
    }

    /**
     * Takes the checksum of the columns' memory and writes it, in pieces that stay in cache, to a new file that is
     * renamed to the target.
     */
    void write(List<FieldVector> columns, Path path) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".floor");
        CRC32 checksum = new CRC32();
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            stage.clear();
            for (FieldVector column : columns) {
                for (ArrowBuf buffer : column.getFieldBuffers()) {
                    put(buffer, channel, checksum);
                }
            }
            flush(channel, checksum);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private void put(ArrowBuf buffer, FileChannel channel, CRC32 checksum) throws IOException {
        long length = buffer.readableBytes();
        for (long at = 0; at < length; ) {
            int part = (int) Math.min(stage.remaining(), length - at);
            stage.limit(stage.position() + part);
            buffer.getBytes(at, stage);
            stage.limit(stage.capacity());
            at += part;
            if (!stage.hasRemaining()) {
                flush(channel, checksum);
            }
        }
    }

    private void flush(FileChannel channel, CRC32 checksum) throws IOException {
        stage.flip();
        checksum.update(stage.duplicate());
        while (stage.hasRemaining()) {
            channel.write(stage);
        }
        stage.clear();
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
