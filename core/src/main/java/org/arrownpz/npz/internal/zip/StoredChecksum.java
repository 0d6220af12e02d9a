package org.arrownpz.npz.internal.zip;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.io.ByteSource;

/** CRC-32 of stored members. */
public final class StoredChecksum {
    private static final int CHUNK = 256 << 10;

    private StoredChecksum() {}

    /**
     * Reads a stored member's data and compares its checksum. The bytes go through an own buffer: a page missing under
     * the CRC of a mapping ends the JVM.
     *
     * @throws NpzException ZIP_CRC, LIMIT, or what the source throws
     */
    public static void verify(BufferAllocator allocator, ByteSource data, int crc, Location location)
            throws NpzException {
        CRC32 checksum = new CRC32();
        int length = (int) Math.min(CHUNK, data.size());
        try (ArrowBuf chunk = Allocations.allocate(allocator, length, location, "checksums")) {
            for (long at = 0; at < data.size(); at += length) {
                ByteBuffer window = chunk.nioBuffer(0, (int) Math.min(length, data.size() - at));
                data.read(at, window);
                checksum.update(window.flip());
            }
        }
        compare(crc, (int) checksum.getValue(), location);
    }

    /** @throws NpzException ZIP_CRC when the two differ */
    public static void compare(int expected, int found, Location location) throws NpzException {
        if (expected != found) {
            throw location.error(ErrorCode.ZIP_CRC, "the data's checksum is not the stated one")
                    .expected("0x" + Integer.toHexString(expected))
                    .found("0x" + Integer.toHexString(found))
                    .remedy("The data are damaged: restore the file from a copy")
                    .build();
        }
    }
}
