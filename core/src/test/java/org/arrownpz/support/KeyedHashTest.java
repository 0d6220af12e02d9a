package org.arrownpz.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.hash.MurmurHasher;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyedHashTest {
    private static final int PAIRS = 10;

    /** As CPython's hash of bytes, which is SipHash-1-3, has it. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, 68a914128e01e473",
        "0, 0, 7, 2f098ab0c751325a",
        "0, 0, 8, ead411e67ebe2eea",
        "0, 0, 15, f30eb725bb91c9ea",
        "0, 0, 16, 8972188433a5c5b7",
        "0, 0, 257, ef7cec81c6f56af4",
        "12c874a1806f0e3d, 470a89d2f9d2784f, 7, 987cfd95990dd34b",
        "12c874a1806f0e3d, 470a89d2f9d2784f, 257, e479b4312858012f"
    })
    void isSipHash(String key, String second, int length, String expected) {
        byte[] bytes = new byte[length + 3];
        for (int i = 0; i < length; i++) {
            bytes[i + 3] = (byte) i;
        }
        assertThat(KeyedHash.of(Long.parseUnsignedLong(key, 16), Long.parseUnsignedLong(second, 16), bytes, 3, length))
                .isEqualTo(Long.parseUnsignedLong(expected, 16));
    }

    @Test
    void isTheSameForArraysAndBuffers() {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf buffer = allocator.buffer(64)) {
            byte[] bytes = new byte[64];
            new Random(1).nextBytes(bytes);
            buffer.setBytes(0, bytes);
            for (int length = 0; length < 40; length++) {
                assertThat(KeyedHash.of(buffer, 5, length)).isEqualTo(KeyedHash.of(bytes, 5, length));
            }
        }
    }

    @Test
    @DisplayName("B10: values that collide in Arrow's hasher whatever its seed do not collide")
    void tellsApartWhatMurmurDoesNot() {
        List<byte[]> values = new ArrayList<>();
        Random random = new Random(2);
        int[] blocks = random.ints(2 * PAIRS).toArray();
        for (int choice = 0; choice < 1 << PAIRS; choice++) {
            ByteBuffer value = ByteBuffer.allocate(8 * PAIRS).order(ByteOrder.LITTLE_ENDIAN);
            for (int pair = 0; pair < PAIRS; pair++) {
                boolean flip = (choice >> pair & 1) == 1;
                value.putInt(block(blocks[2 * pair] ^ (flip ? 1 << 18 : 0)));
                value.putInt(block(blocks[2 * pair + 1] ^ (flip ? 1 << 31 : 0)));
            }
            values.add(value.array());
        }
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf buffer = allocator.buffer(8 * PAIRS)) {
            MurmurHasher murmur = new MurmurHasher(random.nextInt());
            Set<Integer> theirs = new HashSet<>();
            Set<Long> ours = new HashSet<>();
            for (byte[] value : values) {
                buffer.setBytes(0, value);
                theirs.add(murmur.hashCode(buffer, 0, value.length));
                ours.add(KeyedHash.of(buffer, 0, value.length));
            }
            assertThat(theirs).hasSize(1);
            assertThat(ours).hasSize(values.size());
        }
    }

    /** The four bytes that Murmur's first steps turn into these. */
    private static int block(int mixed) {
        return Integer.rotateRight(mixed * inverse(0x1b873593), 15) * inverse(0xcc9e2d51);
    }

    private static int inverse(int odd) {
        int inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
