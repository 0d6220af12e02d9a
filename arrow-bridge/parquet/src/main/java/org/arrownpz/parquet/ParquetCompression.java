package org.arrownpz.parquet;

import org.arrownpz.parquet.internal.write.PageCodec;

/** The compression of the pages of written Parquet files. Immutable and safe for use by several threads. */
public enum ParquetCompression {
    /** Not at all. */
    NONE(PageCodec.NONE),
    /** Snappy, the default everywhere: fast, and read by all. */
    SNAPPY(PageCodec.SNAPPY),
    /** LZ4 blocks ({@code LZ4_RAW}), which older readers do not know. */
    LZ4(PageCodec.LZ4_RAW),
    /** Zstandard: the smallest. */
    ZSTD(PageCodec.ZSTD);

    private final int code;

    ParquetCompression(int code) {
        this.code = code;
    }

    /** The codec's name in files. */
    int code() {
        return code;
    }
}
