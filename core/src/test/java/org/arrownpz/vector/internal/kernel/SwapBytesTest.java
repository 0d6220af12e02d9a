package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class SwapBytesTest {
    @ParameterizedTest
    @CsvSource({
        "2, 0",
        "2, 1",
        "2, 7",
        "2, 1001",
        "2, 2048",
        "2, 4099",
        "2, 30001",
        "4, 1",
        "4, 2",
        "4, 3",
        "4, 999",
        "8, 1",
        "8, 5",
        "8, 1000"
    })
    void reversesEachElement(int unit, int count, BufferAllocator allocator) {
        byte[] bytes = KernelMemory.random(new Random(unit * 31L + count), unit * count);
        byte[] expected = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            expected[i] = bytes[i / unit * unit + unit - 1 - i % unit];
        }
        try (KernelMemory source = KernelMemory.of(allocator, bytes, 3);
                KernelMemory target = KernelMemory.ofLength(allocator, bytes.length, 1)) {
            SwapBytes.swap(source.buffer, source.offset, target.buffer, target.offset, bytes.length, unit);
            assertThat(target.bytes()).isEqualTo(expected);

            SwapBytes.swap(source.buffer, source.offset, source.buffer, source.offset, bytes.length, unit);
            assertThat(source.bytes()).as("in place").isEqualTo(expected);
        }
    }

    @Test
    void refusesOtherUnitsAndPartialElements(BufferAllocator allocator) {
        try (KernelMemory memory = KernelMemory.ofLength(allocator, 48, 0)) {
            assertThatThrownBy(() -> SwapBytes.swap(memory.buffer, 0, memory.buffer, 0, 48, 16))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SwapBytes.swap(memory.buffer, 0, memory.buffer, 0, 12, 8))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
