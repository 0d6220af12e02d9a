package org.arrownpz.ipc;

/**
 * How the buffers of written record batches are compressed. Compressed files cannot be read without copying.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum IpcCompression {
    /** Plain buffers, which readers can map. */
    NONE,
    /** LZ4 frames. */
    LZ4,
    /** Zstandard. */
    ZSTD
}
