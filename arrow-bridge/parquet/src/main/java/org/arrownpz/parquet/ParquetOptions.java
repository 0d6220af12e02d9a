package org.arrownpz.parquet;

import java.time.Duration;
import org.arrownpz.Durability;

/**
 * How Parquet files are written. Immutable.
 *
 * @param durability whether the call returns only after the disk has the data
 * @param releaseWait how long a write waits for the native library to give buffers back; it does so on threads of its
 *     own after the last byte is written, in milliseconds as a rule
 */
public record ParquetOptions(Durability durability, Duration releaseWait) {
    private static final ParquetOptions DEFAULTS = new ParquetOptions(Durability.FSYNC, Duration.ofSeconds(60));

    public ParquetOptions {
        if (releaseWait.isNegative()) {
            throw new IllegalArgumentException("the time to wait is not negative: " + releaseWait);
        }
    }

    /** On the disk when the call returns. */
    public static ParquetOptions defaults() {
        return DEFAULTS;
    }

    /** Says whether the call returns only after the disk has the data. */
    public ParquetOptions withDurability(Durability value) {
        return new ParquetOptions(value, releaseWait);
    }

    /** Waits so long for the native library to give buffers back; not negative. */
    public ParquetOptions withReleaseWait(Duration value) {
        return new ParquetOptions(durability, value);
    }
}
