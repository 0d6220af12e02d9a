package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Vectors take over what they are loaded with, whoever counts its references. */
@ExtendWith(LeakCheck.class)
final class FlatVectorsTest {
    private static final ArrowFieldNode FOUR_ROWS = new ArrowFieldNode(4, 0);

    private static MappedReferenceManager memory(BufferAllocator allocator, ArrowBuf bytes) {
        return new MappedReferenceManager(allocator, bytes.memoryAddress(), bytes.capacity(), bytes::close);
    }

    private static ArrowBuf bytes(BufferAllocator allocator) {
        ArrowBuf bytes = allocator.buffer(64);
        for (int i = 0; i < 8; i++) {
            bytes.setLong(i * 8L, i == 4 ? -1 : i);
        }
        return bytes;
    }

    @Test
    void keepsTheVeryBuffers(BufferAllocator allocator) throws Exception {
        MappedReferenceManager memory = memory(allocator, bytes(allocator));
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                BigIntVector plain = new BigIntVector("plain", allocator);
                BigIntVector holed = new BigIntVector("holed", allocator)) {
            FlatVectors vectors = new FlatVectors(ones);
            ArrowBuf values = memory.buffer(0, 32);
            vectors.load(plain, FOUR_ROWS, values, false);
            ArrowBuf bits = memory.buffer(32, 8);
            ArrowBuf others = memory.buffer(8, 32);
            vectors.load(holed, new ArrowFieldNode(4, 0), bits, others);

            assertThat(plain.getDataBuffer()).isSameAs(values);
            assertThat(plain.get(3)).isEqualTo(3);
            assertThat(plain.getValidityBuffer().getByte(0)).isEqualTo((byte) -1);
            assertThat(holed.getDataBuffer()).isSameAs(others);
            assertThat(holed.getValidityBuffer()).isSameAs(bits);
            assertThat(memory.getRefCount()).isEqualTo(4);
            // What a vector has taken over it retains as ever.
            try (ArrowBuf share = values.getReferenceManager().retain(values, allocator)) {
                assertThat(share).isNotSameAs(values);
                assertThat(memory.getRefCount()).isEqualTo(5);
            }
        }
        assertThat(memory.getRefCount()).isEqualTo(1);
        memory.release();
    }

    @Test
    void takesBuffersOfAnAllocatorToo(BufferAllocator allocator) throws Exception {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                BigIntVector plain = new BigIntVector("plain", allocator);
                BigIntVector holed = new BigIntVector("holed", allocator)) {
            FlatVectors vectors = new FlatVectors(ones);
            vectors.load(plain, FOUR_ROWS, bytes(allocator), false);
            vectors.load(holed, new ArrowFieldNode(4, 4), allocator.buffer(8).setZero(0, 8), bytes(allocator));
            assertThat(plain.getObject(2)).isEqualTo(2);
            assertThat(holed.getObject(2)).isNull();
        }
    }

    @Test
    void releasesWhatItCannotLoad(BufferAllocator allocator) throws Exception {
        MappedReferenceManager memory = memory(allocator, bytes(allocator));
        AllValidBitmaps ones = new AllValidBitmaps(allocator);
        ones.close();
        try (BigIntVector vector = new BigIntVector("v", allocator)) {
            FlatVectors vectors = new FlatVectors(ones);
            assertThatThrownBy(() -> vectors.load(vector, FOUR_ROWS, memory.buffer(0, 32), false))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> vectors.load(vector, FOUR_ROWS, bytes(allocator), false))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(memory.getRefCount()).isEqualTo(1);
        memory.release();
    }

    /** One mapping, several frames: offers of threads get into each other's way, references do not. */
    @Test
    void countsRightForSeveralThreads(BufferAllocator allocator) throws Exception {
        MappedReferenceManager memory = memory(allocator, bytes(allocator));
        List<FutureTask<Long>> tasks = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            FutureTask<Long> task = new FutureTask<>(() -> loads(allocator, memory));
            tasks.add(task);
            new Thread(task).start();
        }
        for (FutureTask<Long> task : tasks) {
            assertThat(task.get()).isEqualTo(20_000 * 3L);
        }
        assertThat(memory.getRefCount()).isEqualTo(1);
        memory.release();
    }

    private static long loads(BufferAllocator allocator, MappedReferenceManager memory) throws Exception {
        long sum = 0;
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            FlatVectors vectors = new FlatVectors(ones);
            for (int i = 0; i < 20_000; i++) {
                try (BigIntVector vector = new BigIntVector("v", allocator)) {
                    if (i % 2 == 0) {
                        vectors.load(vector, FOUR_ROWS, memory.buffer(0, 32), false);
                    } else {
                        vectors.load(vector, FOUR_ROWS, memory.buffer(32, 8), memory.buffer(0, 32));
                    }
                    sum += vector.get(3);
                }
            }
        }
        return sum;
    }
}
