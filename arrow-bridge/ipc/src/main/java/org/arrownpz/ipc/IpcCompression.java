package org.arrownpz.ipc;

import org.apache.arrow.vector.compression.CompressionUtil.CodecType;

/**
 * The compression of written record batches. Compressed files cannot be read without copying.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum IpcCompression {
    /** Plain buffers, which readers can map. */
    NONE(CodecType.NO_COMPRESSION),
    /** LZ4 frames. */
    LZ4(CodecType.LZ4_FRAME),
    /** Zstandard. */
    ZSTD(CodecType.ZSTD);

    private final CodecType codec;

    IpcCompression(CodecType codec) {
        this.codec = codec;
    }

    /** The codec's name in files. */
    CodecType codec() {
        return codec;
    }
}
