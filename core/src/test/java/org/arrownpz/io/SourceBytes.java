package org.arrownpz.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;

/** The bytes that sources under test are to give. */
final class SourceBytes {
    static final int SIZE = 300_000;
    private static final byte[] CONTENT = content();

    private SourceBytes() {}

    /** The bytes, in an array of the caller's own. */
    static byte[] content() {
        byte[] bytes = new byte[SIZE];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    static byte[] bytes(ArrowBuf buffer) {
        byte[] bytes = new byte[(int) buffer.readableBytes()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    static byte[] expected(int offset, int length) {
        return Arrays.copyOfRange(CONTENT, offset, offset + length);
    }

    /** Requires the bytes, in regions and in buffers, and nothing beyond them. */
    static void checkReads(ByteSource source) throws Exception {
        int[][] ranges = {{0, SIZE}, {0, 1}, {1, 17}, {SIZE - 1, 1}, {SIZE, 0}, {0, 0}, {65_535, 70_000}, {200_001, 64}
        };
        for (int[] range : ranges) {
            byte[] wanted = expected(range[0], range[1]);
            try (ArrowBuf region = source.region(range[0], range[1])) {
                assertThat(region.capacity()).isEqualTo(range[1]);
                assertThat(region.readerIndex()).isZero();
                assertThat(bytes(region)).isEqualTo(wanted);
            }
            ByteBuffer heap = ByteBuffer.allocate(range[1] + 5).position(2).limit(range[1] + 2);
            source.read(range[0], heap);
            assertThat(heap.remaining()).isZero();
            assertThat(Arrays.copyOfRange(heap.array(), 2, range[1] + 2)).isEqualTo(wanted);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(range[1] + 5).position(3).limit(range[1] + 3);
            source.read(range[0], direct);
            assertThat(direct.remaining()).isZero();
            assertThat(direct.position(3)).isEqualTo(ByteBuffer.wrap(wanted));
        }
        assertThat(source.size()).isEqualTo(SIZE);
        assertThatThrownBy(() -> source.region(SIZE - 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> source.region(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> source.region(1, Long.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> source.read(SIZE, ByteBuffer.allocate(1)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
