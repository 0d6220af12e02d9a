package org.arrownpz.crash;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** A file's content, hashed once for all the states that it is part of. */
final class DiskBytes {
    static final DiskBytes NONE = new DiskBytes(new byte[0]);

    final byte[] bytes;
    private long hash;

    DiskBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    long hash() {
        if (hash == 0) {
            CRC32C sum = new CRC32C();
            sum.update(bytes);
            hash = sum.getValue() << 32 | Arrays.hashCode(bytes) & 0xFFFF_FFFFL | 1;
        }
        return hash;
    }
}
