package org.arrownpz.npz.internal.zip.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checksums of parts give the checksum of the whole. */
class ChecksumJoinTest {
    private static int crc(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 63, 64, 1000, 65_537})
    void joinsHalvesOfAnyLength(int second) {
        Random random = new Random(second);
        for (int first : new int[] {0, 1, 5, 300}) {
            byte[] bytes = new byte[first + second];
            random.nextBytes(bytes);
            int joined = ChecksumJoin.join(crc(bytes, 0, first), crc(bytes, first, second), ChecksumJoin.shift(second));
            assertThat(joined).as("%d and %d", first, second).isEqualTo(crc(bytes, 0, bytes.length));
        }
    }

    @Test
    void lengthsBeyondAnIntAddUp() {
        long length = (1L << 33) + 12_345;
        int whole = ChecksumJoin.shift(2 * length);
        int half = ChecksumJoin.shift(length);
        int checksum = crc(new byte[] {1, 2, 3}, 0, 3);
        assertThat(ChecksumJoin.join(ChecksumJoin.join(checksum, 0, half), 0, half))
                .isEqualTo(ChecksumJoin.join(checksum, 0, whole));
    }
}
