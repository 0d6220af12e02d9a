package org.arrownpz.compare.internal.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SumsTest {
    private static final int BYTES = 4096;
    private static final int[] COUNTS = {0, 1, 2, 3, 5, 7, 8, 9, 63, 64, 65, 300, 511};

    private final BufferAllocator allocator = new RootAllocator();
    private ArrowBuf buffer;
    private ArrowBuf bits;

    @BeforeEach
    void fill() {
        byte[] random = new byte[BYTES];
        new Random(7).nextBytes(random);
        buffer = allocator.buffer(BYTES);
        buffer.setBytes(0, random);
        new Random(8).nextBytes(random);
        bits = allocator.buffer(BYTES);
        bits.setBytes(0, random);
    }

    @AfterEach
    void release() {
        buffer.close();
        bits.close();
        allocator.close();
    }

    private long element(long at, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | buffer.getByte(at + i) & 0xFF;
        }
        return value;
    }

    private boolean bit(ArrowBuf of, int position) {
        return (of.getByte(position >> 3) >> (position & 7) & 1) == 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void addsUnsignedIntegersAtAnyAddressAndOfAnyNumber(int width) {
        for (int offset : new int[] {0, 1, 3}) {
            for (int count : COUNTS) {
                long all = 0;
                long some = 0;
                for (int i = 0; i < count; i++) {
                    long element = element(offset + (long) i * width, width);
                    all += element;
                    some += bit(bits, i) ? element : 0;
                }
                assertThat(Sums.integers(buffer, offset, count, width)).isEqualTo(all);
                assertThat(Sums.integers(buffer, offset, count, width, bits)).isEqualTo(some);
            }
        }
    }

    @Test
    void addsLongRunsOfTheGreatestBytes() {
        buffer.setOne(0, BYTES);
        assertThat(Sums.bytes(buffer, 1, 4001)).isEqualTo(4001 * 255L);
    }

    @Test
    void countsBits() {
        for (int count : COUNTS) {
            long one = 0;
            long both = 0;
            for (int i = 0; i < count; i++) {
                one += bit(buffer, i) ? 1 : 0;
                both += bit(buffer, i) && bit(bits, i) ? 1 : 0;
            }
            assertThat(Sums.bits(buffer, count)).isEqualTo(one);
            assertThat(Sums.bits(buffer, bits, count)).isEqualTo(both);
        }
    }

    @Test
    void squaresTheLengthsBetweenOffsets() {
        int[] offsets = {3, 3, 7, 9};
        for (int i = 0; i < offsets.length; i++) {
            buffer.setInt(i * 4L, offsets[i]);
            bits.setLong(i * 8L, offsets[i]);
        }
        assertThat(Sums.squaredLengths(buffer, 3, 4)).isEqualTo(16 + 4);
        assertThat(Sums.squaredLengths(bits, 3, 8)).isEqualTo(16 + 4);
    }

    @Test
    void readsNothingBeyondTheBuffer() {
        assertThatThrownBy(() -> Sums.integers(buffer, 0, BYTES / 8 + 1, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Sums.bytes(buffer, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
