package org.arrownpz.cli.file;

import org.arrownpz.ipc.IpcCompression;
import org.arrownpz.parquet.ParquetCompression;
import org.jspecify.annotations.Nullable;

/** The values of {@code --compression}: names of codecs that Arrow or Parquet files have. */
public enum Compression {
    NONE(IpcCompression.NONE, ParquetCompression.NONE),
    SNAPPY(null, ParquetCompression.SNAPPY),
    LZ4(IpcCompression.LZ4, ParquetCompression.LZ4),
    ZSTD(IpcCompression.ZSTD, ParquetCompression.ZSTD);

    private final @Nullable IpcCompression arrow;
    private final ParquetCompression parquet;

    Compression(@Nullable IpcCompression arrow, ParquetCompression parquet) {
        this.arrow = arrow;
        this.parquet = parquet;
    }

    /** The codec of Arrow files, which have no Snappy: null. */
    @Nullable
    IpcCompression arrow() {
        return arrow;
    }

    ParquetCompression parquet() {
        return parquet;
    }
}
