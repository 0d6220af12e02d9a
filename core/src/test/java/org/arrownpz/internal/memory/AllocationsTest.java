package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
final class AllocationsTest {
    private static final Location PLACE = Location.ofFile("a.npz").member("x.npy");

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 100, 1025, 100_000})
    void givesExactlyTheCapacityAskedFor(long bytes, BufferAllocator allocator) throws Exception {
        try (ArrowBuf memory = Allocations.allocate(allocator, bytes, PLACE, "a column")) {
            assertThat(memory.capacity()).isEqualTo(bytes);
            assertThat(memory.writerIndex()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 1L << 47})
    void refusesSizesThatNoMachineHas(long bytes, BufferAllocator allocator) {
        NpzException fault = catchThrowableOfType(
                NpzException.class, () -> Allocations.allocate(allocator, bytes, PLACE, "a column"));
        assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
        assertThat(fault.member()).isEqualTo("x.npy");
        assertThat(fault).hasMessageContaining("a column");
    }

    @Test
    void refusesWhatIsAboveTheAllocatorsLimit(BufferAllocator allocator) {
        try (BufferAllocator small = allocator.newChildAllocator("small", 0, 1000)) {
            NpzException fault = catchThrowableOfType(
                    NpzException.class, () -> Allocations.allocate(small, 2000, PLACE, "a column"));
            assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
            assertThat(fault.expected()).isEqualTo("at most 1000");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 64, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20})
    void copiesEveryLength(int length, BufferAllocator allocator) throws Exception {
        try (ArrowBuf source = Allocations.allocate(allocator, length + 3, PLACE, "a test");
                ArrowBuf target = Allocations.allocate(allocator, length + 5, PLACE, "a test")) {
            for (int i = 0; i < length; i++) {
                // The value that marks an unfinished copy must get through like any other.
                source.setByte(i + 3, i % 5 == 0 ? 0xA5 : i);
            }
            target.setZero(0, target.capacity());
            Allocations.copy(source, 3, target, 5, length, PLACE);
            ByteBuffer heap = ByteBuffer.allocate(length);
            Allocations.copy(source, 3, heap, PLACE);
            heap.flip();
            for (int i = 0; i < length; i++) {
                byte expected = (byte) (i % 5 == 0 ? 0xA5 : i);
                if (target.getByte(i + 5) != expected || heap.get(i) != expected) {
                    assertThat(i).as("first wrong byte").isEqualTo(-1);
                }
            }
            assertThat(target.getInt(0)).isZero();
            assertThat(target.getByte(4)).isZero();
        }
    }

    @Test
    void checksRangesBeforeItCopies(BufferAllocator allocator) throws Exception {
        try (ArrowBuf memory = Allocations.allocate(allocator, 64, PLACE, "a test")) {
            for (long[] range : new long[][] {{-1, 0, 4}, {0, 61, 4}, {61, 0, 4}, {0, 0, -1}, {1, 1, Long.MAX_VALUE}}) {
                assertThatThrownBy(() -> Allocations.copy(memory, range[0], memory, range[1], range[2], PLACE))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThatThrownBy(() ->
                            Allocations.copy(memory, 0, ByteBuffer.allocate(4).asReadOnlyBuffer(), PLACE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Allocations.copy(memory, 0, memory, 4, 8, PLACE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Buffers.slice(memory, 60, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
