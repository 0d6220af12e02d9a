package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/**
 * Writing float64 columns into the page cache ({@code RENAME_ONLY}, as the peer), each time as a new file that replaces
 * the one before. The values do not come from a file.
 *
 * <p>The floor is what the format demands and no writer can leave out: a checksum over all values, and the same bytes
 * written in one sequence of large writes to a new file that is renamed over the old one.
 */
final class WriteRatios implements Ratios.Subject {
    private static final int AT_ONCE = 256 << 10;

    private final String form;
    private final Fixture fixture = new Fixture();
    private final VectorSchemaRoot root;
    private final Frame frame;
    private final Path target = fixture.directory.resolve("target.npz");
    private final ByteBuffer staging = ByteBuffer.allocateDirect(AT_ONCE);

    /** @param form columns, rows, and whether they become one block or an array each */
    WriteRatios(String form) throws IOException {
        this.form = form;
        root = fixture.columns(form);
        // A frame that was read keeps its blocks when written.
        frame = form.endsWith("block")
                ? Frame.of(root)
                : Frames.open(fixture.allocator, fixture.npz(root), ReadOptions.inMemory());
        write();
        try (Frame written = Frames.open(fixture.allocator, target)) {
            if (Raw.sum(written.root()) != Raw.sum(root)) {
                throw new IllegalStateException("other values were written");
            }
        }
    }

    @Override
    public void compare() throws Exception {
        Ratios.turns("write " + form)
                .floor("floor", this::floor)
                .add("Frames.write", () -> write())
                .add("ArrowFileWriter", () -> fixture.feather(root))
                .run();
    }

    @Override
    public void close() throws IOException {
        frame.close();
        root.close();
        fixture.close();
    }

    private long floor() throws IOException {
        CRC32 crc = new CRC32();
        Path temporary = fixture.directory.resolve("floor.tmp");
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            staging.clear();
            long bytes = root.getRowCount() * 8L;
            for (FieldVector vector : root.getFieldVectors()) {
                ArrowBuf values = vector.getDataBuffer();
                for (long done = 0; done < bytes; ) {
                    if (bytes >= AT_ONCE) {
                        // Large values go to the file from where they lie.
                        ByteBuffer part = values.nioBuffer(done, (int) Math.min(AT_ONCE, bytes - done));
                        done += part.remaining();
                        crc.update(part.duplicate());
                        write(channel, part);
                        continue;
                    }
                    if (!staging.hasRemaining()) {
                        drain(channel, crc);
                    }
                    int part = (int) Math.min(staging.remaining(), bytes - done);
                    staging.put(values.nioBuffer(done, part));
                    done += part;
                }
            }
            drain(channel, crc);
        }
        Files.move(temporary, fixture.directory.resolve("floor"), StandardCopyOption.ATOMIC_MOVE);
        return crc.getValue();
    }

    private void drain(FileChannel channel, CRC32 crc) throws IOException {
        staging.flip();
        crc.update(staging.duplicate());
        write(channel, staging);
        staging.clear();
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private int write() throws IOException {
        return Frames.write(frame, target, Fixture.RENAME_ONLY).columns().size();
    }
}
