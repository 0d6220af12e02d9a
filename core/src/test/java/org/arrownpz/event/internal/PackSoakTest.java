package org.arrownpz.event.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Tables;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Vectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A hundred million rows of a mapped file, in a heap of 256 MB (as the soak run sets it). */
@Tag("soak")
@ExtendWith(LeakCheck.class)
class PackSoakTest {
    private static final int ROWS = 100_000_000;
    private static final int PER_GROUP = 8;

    @Test
    void aHundredMillionMappedRowsArePackedInPlace(BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("keys.npy");
        write(file);
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector keys = frame.root().getVector(0);
            // The one column twice: as the key and as what is packed.
            VectorSchemaRoot root = Tables.of(keys, named("v", keys));
            try (FieldVector values = root.getVector(1);
                    Packed packed = Events.pack(root, PackSpec.by(0).pack("v"))) {
                assertThat(packed.report().inPlace()).isTrue();
                assertThat(packed.report().groups()).isEqualTo(ROWS / PER_GROUP);
                ListVector lists = (ListVector) packed.root().getVector("v");
                assertThat(lists.getDataVector().getDataBuffer().memoryAddress())
                        .isEqualTo(keys.getDataBuffer().memoryAddress());
                int last = ROWS / PER_GROUP - 1;
                assertThat(lists.getElementStartIndex(last)).isEqualTo(ROWS - PER_GROUP);
                assertThat(((BigIntVector) packed.root().getVector(0)).get(last))
                        .isEqualTo(last);
            }
        }
    }

    private static FieldVector named(String name, FieldVector vector) throws Exception {
        FieldVector target = Vectors.renamed(vector.getField(), name).createVector(vector.getAllocator());
        VectorSlices.load(vector, target);
        return target;
    }

    private static void write(Path file) throws Exception {
        String literal = "{'descr': '<i8', 'fortran_order': False, 'shape': (" + ROWS + ",), }";
        int length = 128 - 10;
        ByteBuffer header = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        header.putShort((short) length);
        header.put(literal.getBytes(StandardCharsets.US_ASCII));
        while (header.position() < 127) {
            header.put((byte) ' ');
        }
        header.put((byte) '\n').flip();
        ByteBuffer chunk = ByteBuffer.allocateDirect(8_000_000).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(header);
            for (int first = 0; first < ROWS; first += 1_000_000) {
                chunk.clear();
                for (int i = 0; i < 1_000_000; i++) {
                    chunk.putLong((first + i) / PER_GROUP);
                }
                chunk.flip();
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
        }
    }
}
