package org.arrownpz.parquet.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Snappy, and runs and packed groups, against decoders that follow the formats' descriptions word by word. */
class PageEncodingsTest {
    private final Random random = new Random(1);

    @Test
    void snappyGivesBackWhatItWasGiven() {
        SnappyBlock snappy = new SnappyBlock();
        for (int length :
                new int[] {0, 1, 3, 7, 8, 9, 59, 60, 61, 64, 68, 255, 256, 257, 65_535, 65_536, 65_537, 300_000}) {
            for (int kind : new int[] {1, 2, 3, 16, 256}) {
                byte[] plain = new byte[length];
                for (int i = 0; i < length; i++) {
                    boolean again = i > 2_000 && kind == 3;
                    plain[i] = again ? plain[i - 1_999 + random.nextInt(2)] : (byte) random.nextInt(kind);
                }
                Bytes out = new Bytes();
                out.put(7);
                snappy.compress(plain, length, out);
                assertThat(snappyPlain(Arrays.copyOfRange(out.array(), 1, out.size())))
                        .as("%s bytes of %s", length, kind)
                        .isEqualTo(plain);
            }
        }
    }

    private static byte[] snappyPlain(byte[] compressed) {
        int at = 0;
        int length = 0;
        int shift = 0;
        do {
            length |= (compressed[at] & 0x7F) << shift;
            shift += 7;
        } while (compressed[at++] < 0);
        byte[] plain = new byte[length];
        int out = 0;
        while (at < compressed.length) {
            int tag = compressed[at++] & 0xFF;
            if ((tag & 3) == 0) {
                int count = tag >>> 2;
                int bytes = Math.max(0, count - 59);
                for (int i = 0, all = 0; i < bytes; i++) {
                    all |= (compressed[at++] & 0xFF) << 8 * i;
                    count = all;
                }
                System.arraycopy(compressed, at, plain, out, count + 1);
                at += count + 1;
                out += count + 1;
                continue;
            }
            int count = (tag & 3) == 1 ? (tag >>> 2 & 7) + 4 : (tag >>> 2) + 1;
            int offset = (tag & 3) == 1
                    ? tag >>> 5 << 8 | compressed[at++] & 0xFF
                    : compressed[at++] & 0xFF | (compressed[at++] & 0xFF) << 8;
            for (int i = 0; i < count; i++, out++) {
                plain[out] = plain[out - offset];
            }
        }
        assertThat(out).isEqualTo(length);
        return plain;
    }

    @Test
    void runsAndGroupsGiveBackWhatTheyWereGiven() {
        for (int width = 1; width <= 31; width++) {
            for (int count : new int[] {0, 1, 7, 8, 9, 63, 64, 65, 1_000}) {
                int[] values = new int[count];
                for (int i = 0; i < count; ) {
                    int value = random.nextInt() >>> Integer.SIZE - width;
                    for (int end = Math.min(count, i + 1 + random.nextInt(20)); i < end; i++) {
                        values[i] = value;
                        value = width % 3 == 0 ? random.nextInt() >>> Integer.SIZE - width : value;
                    }
                }
                Bytes out = new Bytes();
                HybridRuns.encode(values, count, width, out);
                assertThat(decoded(out.toArray(), count, width))
                        .as("%s values of %s bits", count, width)
                        .isEqualTo(values);
            }
        }
    }

    private static int[] decoded(byte[] bytes, int count, int width) {
        int[] values = new int[count];
        int at = 0;
        for (int filled = 0; filled < count; ) {
            int head = 0;
            int shift = 0;
            do {
                head |= (bytes[at] & 0x7F) << shift;
                shift += 7;
            } while (bytes[at++] < 0);
            int length = (head & 1) == 0 ? head >>> 1 : (head >>> 1) * 8;
            for (int i = 0; i < length; i++) {
                int value = 0;
                for (int bit = 0; bit < width; bit++) {
                    int place = (head & 1) == 0 ? bit : i * width + bit;
                    value |= (bytes[at + place / 8] >> place % 8 & 1) << bit;
                }
                if (filled < count) {
                    values[filled++] = value;
                }
            }
            at += (head & 1) == 0 ? (width + 7) / 8 : (head >>> 1) * width;
        }
        assertThat(at).isEqualTo(bytes.length);
        return values;
    }

    /** As the reference implementation gives them. */
    @Test
    void filtersHashAsOthersDo() {
        String[] texts = {"", "abc", "Nobody inspects the spammish repetition"};
        long[] hashes = {0xEF46DB3751D8E999L, 0x44BC2CF5AD770999L, 0xFBCEA83C8A378BF1L};
        for (int i = 0; i < texts.length; i++) {
            byte[] bytes = texts[i].getBytes(StandardCharsets.US_ASCII);
            assertThat(BloomFilter.hash(bytes, 0, bytes.length)).as(texts[i]).isEqualTo(hashes[i]);
        }
    }
}
