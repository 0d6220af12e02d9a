package org.arrownpz.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Maps;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
final class MappedVectorsTest {
    private static final int ROWS = 1000;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void writeNumbers() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(ROWS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ROWS; i++) {
            bytes.putLong(i);
        }
        file = Files.write(directory.resolve("numbers"), bytes.array());
    }

    private static BigIntVector vector(BufferAllocator allocator, ByteSource source, AllValidBitmaps ones)
            throws Exception {
        BigIntVector vector = new BigIntVector("v", allocator);
        try (ArrowBuf validity = ones.forRows(ROWS);
                ArrowBuf values = source.region(0, source.size())) {
            vector.loadFieldBuffers(new ArrowFieldNode(ROWS, 0), List.of(validity, values));
        }
        return vector;
    }

    @Test
    void unmapsExactlyWhenTheLastReferenceIsReleased(BufferAllocator allocator) throws Exception {
        BigIntVector vector;
        BigIntVector transferred = new BigIntVector("t", allocator);
        ArrowBuf slice;
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            vector = vector(allocator, source, ones);
        }
        slice = Buffers.slice(vector.getDataBuffer(), 8, 8);
        assertThat(Maps.mappings(file)).isEqualTo(1);
        vector.makeTransferPair(transferred).transfer();
        vector.close();
        assertThat(transferred.get(ROWS - 1)).isEqualTo(ROWS - 1);
        assertThat(Maps.mappings(file)).isEqualTo(1);
        transferred.close();
        assertThat(Maps.mappings(file)).isEqualTo(1);
        assertThat(slice.getLong(0)).isEqualTo(1);
        slice.close();
        assertThat(Maps.mappings(file)).isZero();
        assertThatThrownBy(slice::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> slice.getReferenceManager().retain()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void transfersToAnAllocatorOfAnotherRoot(BufferAllocator allocator) throws Exception {
        try (RootAllocator other = new RootAllocator();
                ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                ArrowBuf region = source.region(0, 80)) {
            ArrowBuf moved = region.getReferenceManager()
                    .transferOwnership(region, other)
                    .getTransferredBuffer();
            ArrowBuf retained = region.getReferenceManager().retain(region.readerIndex(16), other);
            assertThat(retained.readerIndex()).isEqualTo(16);
            assertThat(retained.writerIndex()).isEqualTo(80);
            assertThat(region.getReferenceManager().getRefCount()).isEqualTo(4);
            assertThat(other.getAllocatedMemory() + allocator.getAllocatedMemory())
                    .isZero();
            assertThat(region.getActualMemoryConsumed()).isZero();
            assertThat(moved.getLong(72)).isEqualTo(9);
            moved.close();
            retained.close();
        }
    }

    @Test
    void slicesAndSplitsWithoutCopying(BufferAllocator allocator) throws Exception {
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                AllValidBitmaps ones = new AllValidBitmaps(allocator);
                BigIntVector vector = vector(allocator, source, ones);
                VectorSchemaRoot root = new VectorSchemaRoot(List.<FieldVector>of(vector));
                VectorSchemaRoot part = root.slice(64, 100)) {
            BigIntVector sliced = (BigIntVector) part.getVector(0);
            assertThat(sliced.get(99)).isEqualTo(163);
            assertThat(sliced.getDataBufferAddress()).isEqualTo(vector.getDataBufferAddress() + 64 * Long.BYTES);
            TransferPair pair = vector.getTransferPair(allocator);
            pair.splitAndTransfer(0, 10);
            try (BigIntVector split = (BigIntVector) pair.getTo()) {
                assertThat(split.get(9)).isEqualTo(9);
            }
        }
    }

    @Test
    void writesIpcOfMappedVectorsThatShareTheirOnes(BufferAllocator allocator) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                AllValidBitmaps ones = new AllValidBitmaps(allocator);
                BigIntVector first = vector(allocator, source, ones);
                BigIntVector second = vector(allocator, source, ones)) {
            assertThat(first.getValidityBuffer()).isNotSameAs(second.getValidityBuffer());
            assertThat(first.getValidityBufferAddress()).isEqualTo(second.getValidityBufferAddress());
            VectorSchemaRoot root = new VectorSchemaRoot(List.<FieldVector>of(first, second));
            try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
                writer.writeBatch();
            }
        }
        try (ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(out.toByteArray()), allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            for (FieldVector read : reader.getVectorSchemaRoot().getFieldVectors()) {
                assertThat(read.getNullCount()).isZero();
                assertThat(((BigIntVector) read).get(ROWS - 1)).isEqualTo(ROWS - 1);
            }
        }
    }

    @Test
    void nullsOfOneFrameStayOutOfAnother(BufferAllocator allocator) throws Exception {
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.COPY_ON_WRITE);
                AllValidBitmaps onesA = new AllValidBitmaps(allocator);
                AllValidBitmaps onesB = new AllValidBitmaps(allocator);
                BigIntVector a = vector(allocator, source, onesA);
                BigIntVector b = vector(allocator, source, onesB)) {
            a.setNull(3);
            a.reset();
            assertThat(b.getNullCount()).isZero();
            assertThat(b.isNull(3)).isFalse();
        }
    }

    @Test
    void reallocatingAMappedVectorCopiesItOut(BufferAllocator allocator) throws Exception {
        byte[] before = Files.readAllBytes(file);
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                AllValidBitmaps ones = new AllValidBitmaps(allocator);
                BigIntVector vector = vector(allocator, source, ones)) {
            vector.reAlloc();
            vector.setSafe(ROWS, 42);
            vector.set(0, 42);
            assertThat(vector.get(1)).isEqualTo(1);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void keepsTheOldContentWhenTheFileIsReplaced(BufferAllocator allocator) throws Exception {
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                AllValidBitmaps ones = new AllValidBitmaps(allocator);
                BigIntVector vector = vector(allocator, source, ones)) {
            try (AtomicFile replacement = AtomicFile.create(file, Durability.RENAME_ONLY)) {
                replacement.channel().write(ByteBuffer.allocate(8));
                replacement.commit();
            }
            assertThat(Files.size(file)).isEqualTo(8);
            assertThat(vector.get(ROWS - 1)).isEqualTo(ROWS - 1);
        }
    }
}
