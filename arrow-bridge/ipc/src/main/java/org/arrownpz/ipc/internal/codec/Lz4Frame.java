package org.arrownpz.ipc.internal.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * LZ4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md). The codec that Arrow Java brings
 * takes a hundred times as long.
 */
public final class Lz4Frame {
    private static final int MAGIC = 0x184D2204;
    private static final int VERSION = 1;
    private static final int INDEPENDENT = 1 << 5;
    private static final int BLOCK_CHECKSUM = 1 << 4;
    private static final int CONTENT_SIZE = 1 << 3;
    private static final int CONTENT_CHECKSUM = 1 << 2;
    private static final int RESERVED = 1 << 1;
    private static final int DICTIONARY = 1;
    /** The code of 4 MiB, the longest block. */
    private static final int BLOCK_CODE = 7 << 4;

    private static final int BLOCK = 4 << 20;
    private static final int STORED = 1 << 31;

    private Lz4Frame() {}

    /**
     * Decompresses the first frame of a buffer to the start of another; positions stay.
     *
     * @return the bytes written
     * @throws IllegalArgumentException when the frame is damaged
     * @throws IndexOutOfBoundsException when it leaves one of the buffers
     */
    public static int decompress(ByteBuffer compressed, ByteBuffer plain) {
        ByteBuffer source = compressed.slice().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer target = plain.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (source.getInt() != MAGIC) {
            throw new IllegalArgumentException("no LZ4 frame");
        }
        int header = source.position();
        int flags = source.get() & 0xFF;
        source.get();
        if (flags >> 6 != VERSION || (flags & (RESERVED | DICTIONARY)) != 0) {
            throw new IllegalArgumentException("an LZ4 frame of an unknown kind");
        }
        long size = (flags & CONTENT_SIZE) == 0 ? -1 : source.getLong();
        int length = source.position() - header;
        if ((Xxh32.hash(source, header, length) >> 8 & 0xFF) != (source.get() & 0xFF)) {
            throw new IllegalArgumentException("an LZ4 header with a wrong checksum");
        }
        int written = 0;
        for (int block = source.getInt(); block != 0; block = source.getInt()) {
            int start = source.position();
            int end = Math.addExact(start, block & ~STORED);
            source.position(end);
            if (block < 0) {
                target.put(written, source, start, end - start);
                written += end - start;
            } else {
                written = Lz4Block.decompress(source, start, end, target, written);
            }
            if ((flags & BLOCK_CHECKSUM) != 0 && source.getInt() != Xxh32.hash(source, start, end - start)) {
                throw new IllegalArgumentException("an LZ4 block with a wrong checksum");
            }
        }
        if ((flags & CONTENT_CHECKSUM) != 0 && source.getInt() != Xxh32.hash(target, 0, written)) {
            throw new IllegalArgumentException("an LZ4 frame with a wrong checksum");
        }
        if (size >= 0 && size != written) {
            throw new IllegalArgumentException("an LZ4 frame of " + size + " bytes holds " + written);
        }
        return written;
    }

    /** The most bytes that a frame of that many takes. */
    public static long bound(long length) {
        return 15 + length + 4 * (length / BLOCK + 1);
    }

    /**
     * Compresses a whole buffer to the start of another, which has at least {@link #bound} bytes; positions stay.
     *
     * @return the bytes written
     */
    public static int compress(ByteBuffer plain, ByteBuffer compressed, Lz4Block.Table table) {
        ByteBuffer source = plain.slice().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer target = compressed.slice().order(ByteOrder.LITTLE_ENDIAN);
        target.putInt(MAGIC);
        target.put((byte) (VERSION << 6 | INDEPENDENT)).put((byte) BLOCK_CODE);
        target.put((byte) (Xxh32.hash(target, 4, 2) >> 8));
        for (int start = 0; start < source.limit(); ) {
            int length = Math.min(BLOCK, source.limit() - start);
            int at = target.position();
            int end = Lz4Block.compress(source, start, length, target, at + 4, at + 4 + length - 1, table);
            if (end < 0) {
                target.putInt(at, length | STORED);
                target.put(at + 4, source, start, length);
                end = at + 4 + length;
            } else {
                target.putInt(at, end - at - 4);
            }
            target.position(end);
            start += length;
        }
        target.putInt(0);
        return target.position();
    }
}
