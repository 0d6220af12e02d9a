package org.arrownpz.ipc;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.arrownpz.WriteOptions.Durability;

/**
 * Options for writing IPC files and streams. Immutable.
 *
 * @param compression how buffers are compressed
 * @param batchRows rows per record batch, or 0 for one batch (what readers of whole columns like
 *     best) where one can hold the rows
 * @param durability whether the call returns only after the disk has the data; without meaning for streams
 * @param metadata key-value pairs of the file's footer, or of a stream's schema message, besides the schema's own
 */
public record IpcOptions(Compression compression, int batchRows, Durability durability, Map<String, String> metadata) {
    private static final IpcOptions DEFAULTS = new IpcOptions(Compression.NONE, 0, Durability.FSYNC, Map.of());

    public IpcOptions {
        if (batchRows < 0) {
            throw new IllegalArgumentException("rows per batch are not negative: " + batchRows);
        }
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Uncompressed, one batch, on the disk when the call returns. */
    public static IpcOptions defaults() {
        return DEFAULTS;
    }

    /** Compresses buffers, or not: only uncompressed files can be mapped without a copy. */
    public IpcOptions withCompression(Compression value) {
        return new IpcOptions(value, batchRows, durability, metadata);
    }

    /** Writes batches of so many rows; 0 is one batch where one can hold the rows. */
    public IpcOptions withBatchRows(int value) {
        return new IpcOptions(compression, value, durability, metadata);
    }

    /** Says whether the call returns only after the disk has the data. */
    public IpcOptions withDurability(Durability value) {
        return new IpcOptions(compression, batchRows, value, metadata);
    }

    /** Adds these pairs to the file's footer, in place of those set before. */
    public IpcOptions withMetadata(Map<String, String> pairs) {
        return new IpcOptions(compression, batchRows, durability, pairs);
    }

    /**
     * The compression of written record batches. Compressed files cannot be read without copying.
     *
     * <p>Immutable and safe for use by several threads.
     */
    public enum Compression {
        /** Plain buffers, which readers can map. */
        NONE(CodecType.NO_COMPRESSION),
        /** LZ4 frames. */
        LZ4(CodecType.LZ4_FRAME),
        /** Zstandard. */
        ZSTD(CodecType.ZSTD);

        private final CodecType codec;

        Compression(CodecType codec) {
            this.codec = codec;
        }

        /** The codec's name in files. */
        CodecType codec() {
            return codec;
        }
    }

    /** The two Arrow IPC containers. Immutable and safe for use by several threads. */
    public enum Format {
        /** The file format with a footer, also called Feather V2. */
        FILE,
        /** The streaming format, readable from pipes. */
        STREAM;

        /** The format that a file name's extension asks for: {@code .arrows} is a stream, everything else a file. */
        public static Format ofPath(Path path) {
            Path name = path.getFileName();
            return name != null && name.toString().toLowerCase(Locale.ROOT).endsWith(".arrows") ? STREAM : FILE;
        }
    }
}
