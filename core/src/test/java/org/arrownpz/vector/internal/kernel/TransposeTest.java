package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class TransposeTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 12, 16, 63, 64, 65, 200})
    void gathersElementsOfAnyWidth(int width, BufferAllocator allocator) {
        int count = 37;
        int stride = width + 5;
        byte[] bytes = KernelMemory.random(new Random(width), Math.max(0, (count - 1) * stride + width));
        byte[] expected = new byte[count * width];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = bytes[i / width * stride + i % width];
        }
        try (KernelMemory source = KernelMemory.of(allocator, bytes, 1);
                KernelMemory target = KernelMemory.ofLength(allocator, expected.length, 3)) {
            Transpose.gather(source.buffer, source.offset, stride, target.buffer, target.offset, count, width);
            assertThat(target.bytes()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8, 12, 16, 24, 65, 100})
    void transposesBlocksOfAnyWidth(int width, BufferAllocator allocator) {
        for (int[] shape : new int[][] {{1, 1}, {3, 5}, {130, 3}, {2, 70}, {129, 65}, {256, 128}, {1030, 9}}) {
            assertTransposed(allocator, shape[0], shape[1], width);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void transposesBlocksOfSeveralStrips(int width, BufferAllocator allocator) {
        assertTransposed(allocator, 6661, 88 / width, width);
    }

    /** Blocks of 2 MiB and more are shared between threads; pieces are of 512 KiB, or of 512 long rows. */
    @ParameterizedTest
    @CsvSource({
        "100, 2621, 8", "100, 2622, 8", "100, 3931, 8", "9, 29127, 8", "9, 29129, 8",
        "5, 419431, 1", "5, 419435, 1", "2, 262143, 4", "2, 262145, 4", "3, 350001, 2",
        "600, 436, 8", "600, 437, 8", "600, 1025, 8", "1, 262144, 8", "31, 65537, 3"
    })
    @Tag("nightly")
    void transposesBlocksThatTwoThreadsShare(int columns, int rows, int width, BufferAllocator allocator) {
        assertTransposed(allocator, rows, columns, width);
    }

    @Test
    void transposesABlockThatTwoThreadsShare(BufferAllocator allocator) {
        assertTransposed(allocator, 2622, 100, 8);
    }

    @Test
    void refusesBlocksThatReachBeyondTheirBuffer(BufferAllocator allocator) {
        try (KernelMemory memory = KernelMemory.ofLength(allocator, 64, 0)) {
            assertThatThrownBy(() -> Transpose.columns(memory.buffer, 0, 1L << 62, memory.buffer, 0, 8, 3, 1, 8))
                    .isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> Transpose.columns(memory.buffer, 0, 1000, memory.buffer, 0, 8, 3, 1, 8))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 8, 16, 70})
    void bringsRowsOfFortranArraysIntoCOrder(int width, BufferAllocator allocator) {
        for (long[] lengths : new long[][] {{3, 2}, {200, 5}, {3, 4, 5}, {2, 1, 3, 2}, {7, 9, 11}, {1, 3, 2}}) {
            assertReordered(allocator, lengths, 0, lengths[0], width);
            assertReordered(allocator, lengths, lengths[0] / 2, lengths[0] - lengths[0] / 2, width);
        }
    }

    private static void assertTransposed(BufferAllocator allocator, int rows, int columns, int width) {
        int skipped = 2;
        int rowBytes = (columns + skipped) * width;
        int stride = rows * width + 9;
        byte[] bytes = KernelMemory.random(new Random(rows), rows * rowBytes);
        byte[] expected = new byte[(columns - 1) * stride + rows * width];
        Arrays.fill(expected, (byte) 0xA5);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                System.arraycopy(bytes, r * rowBytes + (c + skipped) * width, expected, c * stride + r * width, width);
            }
        }
        try (KernelMemory source = KernelMemory.of(allocator, bytes, 3);
                KernelMemory target = KernelMemory.ofLength(allocator, expected.length, 5)) {
            long first = source.offset + (long) skipped * width;
            Transpose.columns(
                    source.buffer, first, rowBytes, target.buffer, target.offset, stride, rows, columns, width);
            assertThat(target.bytes()).as("%d x %d x %d", rows, columns, width).isEqualTo(expected);
        }
    }

    private static void assertReordered(BufferAllocator allocator, long[] lengths, long from, long rows, int width) {
        int elements = 1;
        for (long length : lengths) {
            elements *= (int) length;
        }
        int rest = elements / (int) lengths[0];
        byte[] bytes = KernelMemory.random(new Random(elements), elements * width);
        byte[] expected = new byte[(int) rows * rest * width];
        for (int i = 0; i < rows * rest; i++) {
            int logical = i + (int) from * rest;
            int position = 0;
            int[] strides = new int[lengths.length];
            strides[0] = 1;
            for (int d = 1; d < lengths.length; d++) {
                strides[d] = strides[d - 1] * (int) lengths[d - 1];
            }
            for (int d = lengths.length - 1; d >= 0; d--) {
                position += logical % (int) lengths[d] * strides[d];
                logical /= (int) lengths[d];
            }
            System.arraycopy(bytes, position * width, expected, i * width, width);
        }
        try (KernelMemory source = KernelMemory.of(allocator, bytes, 1);
                var target = allocator.buffer(expected.length)) {
            Transpose.fortranRows(source.buffer, source.offset, lengths, from, rows, target, width);
            byte[] actual = new byte[expected.length];
            target.getBytes(0, actual);
            assertThat(actual).isEqualTo(expected);
        }
    }
}
