package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.benchmarks.Article.Work;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;

/**
 * The cost of single parts of reading and writing a table: Arrow's own objects, the checksum that ZIP asks for and
 * {@code ArrowFileWriter} does without, and the system's part of a file that is replaced.
 */
final class ArticleFloors {
    private static final int PIECE = 256 << 10;
    /** Within what one mapping can hold. */
    private static final long WINDOW = 1L << 30;

    private static final ByteBuffer STRIP = ByteBuffer.allocateDirect(PIECE);

    private final BufferAllocator allocator;
    private final VectorSchemaRoot table;
    private final ByteBuffer bytes;

    /** @param table a frame's columns, which stay the caller's */
    ArticleFloors(BufferAllocator allocator, VectorSchemaRoot table) {
        this.allocator = allocator;
        this.table = table;
        long length = 0;
        for (ArrowBuf buffer : buffers(table)) {
            length += buffer.readableBytes();
        }
        this.bytes = ByteBuffer.allocateDirect(Math.toIntExact(length));
        for (ArrowBuf buffer : buffers(table)) {
            for (long at = 0; at < buffer.readableBytes(); at += PIECE) {
                int part = (int) Math.min(PIECE, buffer.readableBytes() - at);
                buffer.getBytes(at, bytes.limit(bytes.position() + part));
            }
        }
    }

    private static List<ArrowBuf> buffers(VectorSchemaRoot table) {
        List<ArrowBuf> buffers = new ArrayList<>();
        table.getFieldVectors().forEach(vector -> buffers.addAll(vector.getFieldBuffers()));
        return buffers;
    }

    /**
     * Makes and closes a field, a vector with buffers that are there already, and the root, as every reader must that gives
     * a {@code VectorSchemaRoot}; nothing is read.
     *
     * @param touch what to do with the root
     */
    void objects(Work<VectorSchemaRoot> touch) throws Exception {
        int rows = table.getRowCount();
        ArrowFieldNode node = new ArrowFieldNode(rows, 0);
        List<Field> fields = new ArrayList<>();
        List<FieldVector> vectors = new ArrayList<>();
        for (FieldVector column : table.getFieldVectors()) {
            Field field = new Field(
                    column.getName(),
                    column.getField().getFieldType(),
                    column.getField().getChildren());
            FieldVector vector = field.createVector(allocator);
            vector.loadFieldBuffers(
                    node, List.of(foreign(column.getValidityBuffer()), foreign(column.getDataBuffer())));
            fields.add(field);
            vectors.add(vector);
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(fields, vectors, rows)) {
            touch.on(root);
        }
    }

    private static ArrowBuf foreign(ArrowBuf buffer) {
        return new ArrowBuf(ReferenceManager.NO_OP, null, buffer.capacity(), buffer.memoryAddress());
    }

    /** ZIP's checksum of as many bytes. */
    long checksum() {
        CRC32 sum = new CRC32();
        sum.update(bytes.clear());
        return sum.getValue();
    }

    /** As many bytes over the file of the call before, from one place in memory: what no writer can be below. */
    void inPlace(Path target) throws IOException {
        write(bytes.duplicate(), target, piece -> {});
    }

    /** As many bytes into a new file, which then replaces the one of the call before. */
    void renamed(Path target) throws IOException {
        replace(bytes.duplicate(), target, piece -> {});
    }

    long summed(Path target) throws IOException {
        return summed(bytes.duplicate(), target);
    }

    /** The checksum of bytes, which go into a new file that replaces the one of the call before, in pieces. */
    static long summed(ByteBuffer bytes, Path target) throws IOException {
        CRC32 sum = new CRC32();
        replace(bytes, target, sum::update);
        return sum.getValue();
    }

    private static void replace(ByteBuffer bytes, Path target, Consumer<ByteBuffer> before) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".new");
        write(bytes, temporary, before);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(ByteBuffer bytes, Path target, Consumer<ByteBuffer> before) throws IOException {
        try (FileChannel channel = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            bytes.clear();
            while (bytes.position() < bytes.capacity()) {
                bytes.limit(Math.min(bytes.capacity(), bytes.position() + PIECE));
                before.accept(bytes.duplicate());
                channel.write(bytes);
            }
        }
    }

    /** Maps a file and reads every byte of it; gives their sum. */
    static long mapAndTouch(BufferAllocator allocator, Path file) throws IOException {
        long sum = 0;
        try (ByteSource mapped = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            for (long at = 0; at < mapped.size(); at += WINDOW) {
                int length = (int) Math.min(WINDOW, mapped.size() - at);
                try (ArrowBuf region = mapped.region(at, length)) {
                    sum += sum(region.nioBuffer(0, length));
                }
            }
        }
        return sum;
    }

    /** Reads every byte of a file, in strips that stay in cache; gives their sum. */
    static long readAndTouch(Path file) throws IOException {
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(STRIP.clear()) >= 0) {
                sum += sum(STRIP.flip());
            }
        }
        return sum;
    }

    private static long sum(ByteBuffer bytes) {
        ByteBuffer data = bytes.order(ByteOrder.nativeOrder());
        long sum = 0;
        int at = 0;
        for (; at + 8 <= data.limit(); at += 8) {
            sum += data.getLong(at);
        }
        for (; at < data.limit(); at++) {
            sum += data.get(at);
        }
        return sum;
    }
}
