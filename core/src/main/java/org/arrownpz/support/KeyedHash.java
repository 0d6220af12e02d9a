package org.arrownpz.support;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.arrow.memory.ArrowBuf;

/**
 * SipHash-1-3 with a key of this process, for tables whose content is another's: values that meet in a slot cannot be
 * written by someone who does not know the key. A seed alone does not achieve that where the steps of a hash let
 * differences through whatever the seed is.
 */
final class KeyedHash {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long KEY = ThreadLocalRandom.current().nextLong();
    private static final long SECOND_KEY = ThreadLocalRandom.current().nextLong();

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private KeyedHash(long key, long secondKey) {
        v0 = key ^ 0x736f6d6570736575L;
        v1 = secondKey ^ 0x646f72616e646f6dL;
        v2 = key ^ 0x6c7967656e657261L;
        v3 = secondKey ^ 0x7465646279746573L;
    }

    /** The hash of bytes of an array. */
    public static long of(byte[] array, int from, int length) {
        return of(KEY, SECOND_KEY, array, from, length);
    }

    /** With keys of one's own, for tests. */
    static long of(long key, long secondKey, byte[] array, int from, int length) {
        KeyedHash hash = new KeyedHash(key, secondKey);
        int end = from + length;
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            hash.word((long) WORDS.get(array, at));
        }
        long last = (long) length << 56;
        for (int shift = 0; at < end; at++, shift += Byte.SIZE) {
            last |= (array[at] & 0xffL) << shift;
        }
        hash.word(last);
        return hash.end();
    }

    /** The same hash of bytes of a buffer. */
    public static long of(ArrowBuf buffer, long from, long length) {
        KeyedHash hash = new KeyedHash(KEY, SECOND_KEY);
        long end = from + length;
        long at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            hash.word(buffer.getLong(at));
        }
        long last = length << 56;
        for (int shift = 0; at < end; at++, shift += Byte.SIZE) {
            last |= (buffer.getByte(at) & 0xffL) << shift;
        }
        hash.word(last);
        return hash.end();
    }

    private void word(long word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32) + v3;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }

    private long end() {
        v2 ^= 0xff;
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
