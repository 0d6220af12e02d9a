package org.arrownpz.benchmarks;

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
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.StorageOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Writing float64 columns into the page cache ({@code RENAME_ONLY}, as the peer), each time as a new file that replaces
 * the one before. The values do not come from a file.
 *
 * <p>The floor is what the format demands and no writer can leave out: a checksum over all values, and the same bytes
 * written in one sequence of large writes to a new file that is renamed over the old one.
 */
@State(Scope.Thread)
public class WriteBenchmark extends FileBenchmark {
    private static final int AT_ONCE = 256 << 10;

    /** Columns, rows, and whether they become one block or an array each. */
    @Param({"100x125000 block", "10000x100 block", "10000x100 arrays", "10x100 block"})
    public String form = "100x125000 block";

    private VectorSchemaRoot root;
    private Frame frame;
    private Path target;
    private ByteBuffer staging;

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        fixture = new Fixture();
        String[] parts = form.split("[x ]", -1);
        root = fixture.columns(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        // A frame that was read keeps its blocks when written.
        frame = parts[2].equals("block")
                ? Frame.of(root)
                : Frames.open(
                        fixture.allocator, fixture.npz(root, StorageOrder.FORTRAN, false), ReadOptions.inMemory());
        target = fixture.directory.resolve("target.npz");
        staging = ByteBuffer.allocateDirect(AT_ONCE);
        write();
        try (Frame written = Frames.open(fixture.allocator, target)) {
            if (Raw.sum(written.root()) != Raw.sum(root)) {
                throw new IllegalStateException("other values were written");
            }
        }
    }

    @TearDown(Level.Trial)
    public void tidyUp() {
        frame.close();
        root.close();
        fixture.close();
    }

    /** The floor. */
    @Benchmark
    public long floorChecksumAndWrite() throws IOException {
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

    @Benchmark
    public int write() throws IOException {
        return Frames.write(frame, target, Fixture.RENAME_ONLY).columns().size();
    }

    /** The peer: the stock writer straight to a file. */
    @Benchmark
    public long arrowFileWriter() throws IOException {
        Path feather = fixture.directory.resolve("target.feather");
        Files.deleteIfExists(feather);
        try (FileChannel channel = FileChannel.open(feather, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.writeBatch();
            return writer.bytesWritten();
        }
    }
}
