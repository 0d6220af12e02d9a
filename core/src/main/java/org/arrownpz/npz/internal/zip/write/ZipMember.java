package org.arrownpz.npz.internal.zip.write;

import static org.arrownpz.npz.internal.zip.LittleEndian.put16;
import static org.arrownpz.npz.internal.zip.LittleEndian.put32;
import static org.arrownpz.npz.internal.zip.LittleEndian.put64;
import static org.arrownpz.npz.internal.zip.ZipRecords.ALIGNMENT_EXTRA;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_UTF8;
import static org.arrownpz.npz.internal.zip.ZipRecords.LOCAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.LOCAL_SIGNATURE;
import static org.arrownpz.npz.internal.zip.ZipRecords.SATURATED_32;
import static org.arrownpz.npz.internal.zip.ZipRecords.ZIP64_EXTRA;

/** A member being written: the facts of its local header and directory record. */
final class ZipMember {
    /** 1 January 1980 in DOS form: no clock, so that the same input gives the same bytes. */
    static final int DATE_1980 = 0x0021;

    private static final int ZIP64_LENGTH = 20;
    /** Id, length and alignment: the shortest alignment field. */
    private static final int SHORTEST_PADDING = 6;

    final byte[] name;
    final int flags;
    final int method;
    final long offset;
    final long size;
    /** Whether sizes stand in a zip64 field, as NumPy and StaticFrame write arrays of any size. */
    final boolean wide;

    final int version;
    long compressedSize;
    int crc;

    /** @param method 0, or 8 with a compressed size that is set later */
    ZipMember(byte[] name, int method, long offset, long size, boolean wide) {
        this.name = name;
        this.flags = isAscii(name) ? 0 : FLAG_UTF8;
        this.method = method;
        this.offset = offset;
        this.size = size;
        this.wide = wide;
        this.version = wide ? 45 : 20;
        this.compressedSize = method == 0 ? size : 0;
    }

    private static boolean isAscii(byte[] name) {
        for (byte b : name) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The local header, with a padding field behind which the data begin so that {@code lead} bytes further the file
     * offset is a multiple of the alignment.
     */
    byte[] localHeader(int alignment, int lead) {
        int fixed = LOCAL_LENGTH + name.length + (wide ? ZIP64_LENGTH : 0);
        int padding = (int) Math.floorMod(-(offset + fixed + lead), (long) alignment);
        while (padding > 0 && padding < SHORTEST_PADDING) {
            padding += alignment;
        }
        byte[] header = new byte[fixed + padding];
        put32(header, 0, LOCAL_SIGNATURE);
        put16(header, 4, version);
        put16(header, 6, flags);
        put16(header, 8, method);
        put16(header, 12, DATE_1980);
        put16(header, 26, name.length);
        put16(header, 28, header.length - LOCAL_LENGTH - name.length);
        System.arraycopy(name, 0, header, LOCAL_LENGTH, name.length);
        int extra = LOCAL_LENGTH + name.length;
        if (wide) {
            put16(header, extra, ZIP64_EXTRA);
            put16(header, extra + 2, ZIP64_LENGTH - 4);
            extra += ZIP64_LENGTH;
        }
        if (padding > 0) {
            put16(header, extra, ALIGNMENT_EXTRA);
            put16(header, extra + 2, padding - 4);
            put16(header, extra + 4, alignment);
        }
        fillIn(header);
        return header;
    }

    /** Enters checksum and sizes into a local header. */
    void fillIn(byte[] header) {
        put32(header, 14, crc);
        put32(header, 18, wide ? (int) SATURATED_32 : (int) compressedSize);
        put32(header, 22, wide ? (int) SATURATED_32 : (int) size);
        if (wide) {
            put64(header, LOCAL_LENGTH + name.length + 4, size);
            put64(header, LOCAL_LENGTH + name.length + 12, compressedSize);
        }
    }
}
