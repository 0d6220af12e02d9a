package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
final class AllValidBitmapsTest {
    @ParameterizedTest
    @CsvSource({"0, 8", "1, 8", "64, 8", "65, 16", "1000000, 125000"})
    void givesPaddedOnes(long rows, long bytes, BufferAllocator allocator) throws Exception {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                ArrowBuf shared = ones.forRows(rows);
                ArrowBuf own = ones.isolated(rows)) {
            for (ArrowBuf bitmap : new ArrowBuf[] {shared, own}) {
                assertThat(bitmap.capacity()).isEqualTo(bytes);
                assertThat(bitmap.writerIndex()).isEqualTo(bytes);
                assertThat(BitVectorHelper.getNullCount(bitmap, (int) rows)).isZero();
            }
            assertThat(BitVectorHelper.getNullCount(own, (int) bytes * 8)).isEqualTo((int) (bytes * 8 - rows));
            assertThat(own.memoryAddress()).isNotEqualTo(shared.memoryAddress());
        }
    }

    @Test
    void sharesMemoryButNotIndexes(BufferAllocator allocator) throws Exception {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                ArrowBuf first = ones.forRows(5000);
                ArrowBuf second = ones.forRows(100)) {
            first.writerIndex(3);
            assertThat(second.memoryAddress()).isEqualTo(first.memoryAddress());
            assertThat(second.writerIndex()).isEqualTo(16);
        }
    }

    @Test
    void growsWithoutTouchingWhatItGaveOut(BufferAllocator allocator) throws Exception {
        AllValidBitmaps ones = new AllValidBitmaps(allocator);
        ArrowBuf small = ones.forRows(10);
        ArrowBuf large = ones.forRows(100_000);
        ones.close();
        ones.close();
        assertThat(small.getByte(7)).isEqualTo((byte) -1);
        assertThat(large.getByte(12_499)).isEqualTo((byte) -1);
        small.close();
        large.close();
        assertThatThrownBy(() -> ones.forRows(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatTheAllocatorCannotGive(BufferAllocator allocator) throws Exception {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            NpzException fault = catchThrowableOfType(NpzException.class, () -> ones.forRows(Long.MAX_VALUE));
            assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
            assertThatThrownBy(() -> ones.forRows(-1)).isInstanceOf(IllegalArgumentException.class);
        }
        AllocationFaults.refuseEach(refusing -> {
            try (AllValidBitmaps ones = new AllValidBitmaps(refusing);
                    ArrowBuf small = ones.forRows(10);
                    ArrowBuf large = ones.forRows(10_000)) {
                assertThat(large.capacity()).isGreaterThan(small.capacity());
            }
        });
    }
}
