package org.arrownpz.parquet;

import org.arrownpz.WriteOptions.Durability;

/**
 * Options for writing Parquet files. Immutable.
 *
 * @param durability whether the call returns only after the disk has the data
 * @param compression of pages
 * @param level of Zstandard: 1 (fast, the default) to 22 (small); other codecs have none
 * @param rowGroupRows the most rows of a row group. Readers skip row groups by their statistics, and work on several at
 *     a time; a writer holds one in memory, and ends it early where it takes more than 128 MiB, or a list column of it
 *     has more than 16 Mi elements
 * @param dictionary whether columns get dictionaries where these make them smaller. Without, dictionary-encoded columns
 *     are written as their values
 * @param statistics whether row groups tell the least and greatest value and the nulls of their columns
 */
public record ParquetOptions(
        Durability durability,
        ParquetCompression compression,
        int level,
        long rowGroupRows,
        boolean dictionary,
        boolean statistics) {
    private static final int DEFAULT_LEVEL = 1;
    private static final int MAX_LEVEL = 22;
    private static final ParquetOptions DEFAULTS =
            new ParquetOptions(Durability.FSYNC, ParquetCompression.SNAPPY, DEFAULT_LEVEL, 1 << 20, true, true);

    public ParquetOptions {
        if (level < 1 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("Zstandard's level is 1 to " + MAX_LEVEL + ", not " + level);
        }
        if (rowGroupRows < 1) {
            throw new IllegalArgumentException("a row group has rows, not " + rowGroupRows);
        }
    }

    /** Snappy, row groups of 1,048,576 rows, dictionaries and statistics; on the disk when the call returns. */
    public static ParquetOptions defaults() {
        return DEFAULTS;
    }

    /** Says whether the call returns only after the disk has the data. */
    public ParquetOptions withDurability(Durability value) {
        return new ParquetOptions(value, compression, level, rowGroupRows, dictionary, statistics);
    }

    /** Compresses with this codec. */
    public ParquetOptions withCompression(ParquetCompression value) {
        return new ParquetOptions(durability, value, level, rowGroupRows, dictionary, statistics);
    }

    /** Compresses with Zstandard at this level, 1 (fast) to 22 (small). */
    public ParquetOptions withZstd(int value) {
        return new ParquetOptions(durability, ParquetCompression.ZSTD, value, rowGroupRows, dictionary, statistics);
    }

    /** Ends row groups at so many rows; positive. */
    public ParquetOptions withRowGroupRows(long value) {
        return new ParquetOptions(durability, compression, level, value, dictionary, statistics);
    }

    /** Says whether columns get dictionaries where these make them smaller. */
    public ParquetOptions withDictionary(boolean value) {
        return new ParquetOptions(durability, compression, level, rowGroupRows, value, statistics);
    }

    /** Says whether row groups have statistics. */
    public ParquetOptions withStatistics(boolean value) {
        return new ParquetOptions(durability, compression, level, rowGroupRows, dictionary, value);
    }
}
