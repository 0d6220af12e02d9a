package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class SlabTest {
    private static final Location PLACE = Location.ofFile(null);

    @Test
    void givesPiecesThatDoNotOverlapAndAreAligned(BufferAllocator allocator) throws Exception {
        Slab slab = new Slab(allocator);
        List<ArrowBuf> pieces = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            ArrowBuf piece = slab.allocate(1 + i % 200, PLACE, "a test");
            assertThat(piece.capacity()).isEqualTo(1 + i % 200);
            assertThat(piece.writerIndex()).isZero();
            assertThat(piece.memoryAddress() % 8).isZero();
            piece.setBytes(0, new byte[(int) piece.capacity()]);
            for (int at = 0; at < piece.capacity(); at++) {
                piece.setByte(at, i);
            }
            pieces.add(piece);
        }
        for (int i = 0; i < pieces.size(); i++) {
            for (int at = 0; at < pieces.get(i).capacity(); at++) {
                assertThat(pieces.get(i).getByte(at)).isEqualTo((byte) i);
            }
        }
        pieces.forEach(ArrowBuf::close);
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void givesTheMemoryBackWithTheLastPieceAndGoesOnAfterwards(BufferAllocator allocator) throws Exception {
        Slab slab = new Slab(allocator);
        for (int round = 0; round < 3; round++) {
            ArrowBuf first = slab.allocate(10, PLACE, "a test");
            ArrowBuf second = slab.allocate(10, PLACE, "a test");
            ArrowBuf third = slab.allocate(10, PLACE, "a test");
            first.close();
            third.close();
            second.setByte(9, 1);
            assertThat(allocator.getAllocatedMemory()).isPositive();
            second.close();
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void takesNoMoreThanOnePieceWhereTheAllocatorHasNoRoom(BufferAllocator allocator) throws Exception {
        try (BufferAllocator narrow = allocator.newChildAllocator("narrow", 0, 192)) {
            Slab slab = new Slab(narrow);
            List<ArrowBuf> pieces = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                pieces.add(slab.allocate(64, PLACE, "a test"));
            }
            NpzException fault = catchThrowableOfType(NpzException.class, () -> slab.allocate(64, PLACE, "a test"));
            assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
            pieces.forEach(ArrowBuf::close);
        }
    }

    @Test
    void piecesMoveToOtherAllocatorsAndOutliveTheirOwn(BufferAllocator allocator) throws Exception {
        ArrowBuf moved;
        ArrowBuf retained;
        try (BufferAllocator other = allocator.newChildAllocator("other", 0, Long.MAX_VALUE)) {
            try (BufferAllocator own = allocator.newChildAllocator("own", 0, Long.MAX_VALUE)) {
                Slab slab = new Slab(own);
                ArrowBuf alone = slab.allocate(10, PLACE, "a test");
                ArrowBuf a = slab.allocate(10, PLACE, "a test").writerIndex(7);
                ArrowBuf b = slab.allocate(10, PLACE, "a test");
                a.setByte(0, 1);
                b.setByte(0, 2);
                OwnershipTransferResult result = a.getReferenceManager().transferOwnership(a, other);
                moved = result.getTransferredBuffer();
                retained = b.getReferenceManager().retain(b, other);
                List.of(alone, a, b).forEach(ArrowBuf::close);
                assertThat(own.getAllocatedMemory()).isZero();
            }
            assertThat(other.getAllocatedMemory()).isPositive();
            assertThat(moved.getByte(0)).isEqualTo((byte) 1);
            assertThat(moved.writerIndex()).isEqualTo(7);
            assertThat(retained.getByte(0)).isEqualTo((byte) 2);
            moved.close();
            retained.close();
        }
    }

    @Test
    void countsReferencesOfOnePieceAmongThoseOfAll(BufferAllocator allocator) throws Exception {
        Slab slab = new Slab(allocator);
        slab.allocate(10, PLACE, "a test").close();
        ArrowBuf piece = slab.allocate(10, PLACE, "a test");
        piece.getReferenceManager().retain();
        ArrowBuf slice = piece.slice(2, 3);
        assertThat(slice.memoryAddress()).isEqualTo(piece.memoryAddress() + 2);
        OwnershipTransferResult stayed = piece.getReferenceManager().transferOwnership(piece, allocator);
        assertThat(stayed.getAllocationFit()).isTrue();
        assertThat(piece.refCnt()).isEqualTo(3);
        piece.close();
        piece.close();
        assertThat(allocator.getAllocatedMemory()).isPositive();
        stayed.getTransferredBuffer().close();
        assertThat(allocator.getAllocatedMemory()).isZero();
        assertThatThrownBy(piece::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> piece.getReferenceManager().retain()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givesNothingForNothingAndRefusesNegativeSizes(BufferAllocator allocator) throws Exception {
        Slab slab = new Slab(allocator);
        slab.allocate(0, PLACE, "a test").close();
        assertThat(allocator.getAllocatedMemory()).isZero();
        NpzException fault = catchThrowableOfType(NpzException.class, () -> slab.allocate(-1, PLACE, "a test"));
        assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
    }
}
