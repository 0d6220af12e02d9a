package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class PackBitsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 200, 1031})
    void packsZerosAndOnes(int count, BufferAllocator allocator) {
        Random random = new Random(count);
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) random.nextInt(2);
        }
        assertPacked(allocator, bytes, count % 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 63, 64, 65, 1031})
    void takesAnyByteButZeroAsTrue(int count, BufferAllocator allocator) {
        Random random = new Random(count);
        byte[] bytes = KernelMemory.random(random, count);
        for (int i = 0; i < count; i += 3) {
            bytes[i] = random.nextBoolean() ? 0 : (byte) 0x80;
        }
        assertPacked(allocator, bytes, 3);
    }

    @Test
    void refusesRangesOutsideTheBuffers(BufferAllocator allocator) {
        try (KernelMemory source = KernelMemory.ofLength(allocator, 64, 0);
                KernelMemory target = KernelMemory.ofLength(allocator, 8, 0)) {
            long tooMany = source.buffer.capacity() + 1;
            assertThatThrownBy(() -> PackBits.pack(source.buffer, 0, target.buffer, 0, tooMany))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private static void assertPacked(BufferAllocator allocator, byte[] bytes, int shift) {
        byte[] expected = new byte[(bytes.length + 7) / 8];
        for (int i = 0; i < bytes.length; i++) {
            expected[i / 8] |= (byte) ((bytes[i] != 0 ? 1 : 0) << i % 8);
        }
        try (KernelMemory source = KernelMemory.of(allocator, bytes, shift);
                KernelMemory target = KernelMemory.ofLength(allocator, expected.length, shift)) {
            PackBits.pack(source.buffer, source.offset, target.buffer, target.offset, bytes.length);
            assertThat(target.bytes()).isEqualTo(expected);
        }
    }
}
