package org.arrownpz.parquet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.parquet.internal.batch.StoredSchema;
import org.arrownpz.parquet.internal.type.ArrowSchema;
import org.arrownpz.parquet.internal.write.Encodings;
import org.arrownpz.parquet.internal.write.PageCodec;
import org.arrownpz.parquet.internal.write.Settings;

/**
 * Options for writing Parquet files. Immutable. A column is named by its own name, for all that is within it, or by its
 * path as Parquet has it ({@code tags.list.element}); names that a file does not have are refused when it is begun.
 */
public final class ParquetOptions {
    private static final int MAX_LEVEL = 22;
    private static final String ENCRYPTION = "parquet.encryption.";
    private static final ParquetOptions DEFAULTS = new ParquetOptions(Durability.FSYNC, new Settings());

    private final Durability durability;
    private final Settings settings;

    private ParquetOptions(Durability durability, Settings settings) {
        this.durability = durability;
        this.settings = settings;
    }

    /** The compression of pages. */
    public enum Compression {
        /** Not at all. */
        NONE(PageCodec.NONE),
        /** Snappy, the default everywhere: fast, and read by all. */
        SNAPPY(PageCodec.SNAPPY),
        /** LZ4 blocks ({@code LZ4_RAW}), which older readers do not know. */
        LZ4(PageCodec.LZ4_RAW),
        /** Zstandard: the smallest. */
        ZSTD(PageCodec.ZSTD);

        private final int code;

        Compression(int code) {
            this.code = code;
        }
    }

    /** The encoding of a column's pages, before they are compressed. */
    public enum Encoding {
        /** Values as they are. */
        PLAIN(Encodings.PLAIN),
        /** Numbers of entries in a dictionary, until that is longer than 1 MiB. */
        DICTIONARY(Encodings.RLE_DICTIONARY),
        /** Differences of integers. */
        DELTA_BINARY_PACKED(Encodings.DELTA_BINARY_PACKED),
        /** Lengths of texts and byte strings apart from their bytes. */
        DELTA_LENGTH_BYTE_ARRAY(Encodings.DELTA_LENGTH_BYTE_ARRAY),
        /** The end of each text, or byte string, that differs from the one before. */
        DELTA_BYTE_ARRAY(Encodings.DELTA_BYTE_ARRAY),
        /** First bytes of all numbers, then second ones, and so on. */
        BYTE_STREAM_SPLIT(Encodings.BYTE_STREAM_SPLIT);

        private final int code;

        Encoding(int code) {
            this.code = code;
        }

        static Encoding of(int code) {
            for (Encoding encoding : values()) {
                if (encoding.code == code) {
                    return encoding;
                }
            }
            throw new IllegalStateException("no such encoding is written: " + code);
        }
    }

    /**
     * Snappy, row groups of 1,048,576 rows, the encoding that is the smallest for each column, statistics, page index and
     * checksums; on the disk when the call returns.
     */
    public static ParquetOptions defaults() {
        return DEFAULTS;
    }

    private ParquetOptions with(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new ParquetOptions(durability, changed);
    }

    /** Says whether a file is on the disk when it is complete; without meaning for channels. */
    public ParquetOptions withDurability(Durability value) {
        return new ParquetOptions(value, settings);
    }

    /** Compresses with this codec. */
    public ParquetOptions withCompression(Compression value) {
        return with(s -> s.codec = value.code);
    }

    /** Compresses with Zstandard at this level, 1 (fast, and that of others) to 22 (small). */
    public ParquetOptions withZstd(int level) {
        if (level < 1 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("Zstandard's level is 1 to " + MAX_LEVEL + ", not " + level);
        }
        return with(s -> {
            s.codec = PageCodec.ZSTD;
            s.level = level;
        });
    }

    /**
     * Ends row groups at so many rows; positive. Readers skip row groups by their statistics, and work on several at a
     * time; a writer holds one in memory, and ends it early where it takes more than 128 MiB, or a list column of it has
     * more than 16 Mi elements.
     */
    public ParquetOptions withRowGroupRows(long value) {
        if (value < 1) {
            throw new IllegalArgumentException("a row group has rows, not " + value);
        }
        return with(s -> s.groupRows = value);
    }

    /** Ends row groups at about so many bytes in the file too; positive. */
    public ParquetOptions withRowGroupBytes(long value) {
        if (value < 1) {
            throw new IllegalArgumentException("a row group has bytes, not " + value);
        }
        return with(s -> s.groupBytes = value);
    }

    /**
     * Says whether columns get dictionaries where these make them smaller. Without, dictionary-encoded columns are written
     * as their values.
     */
    public ParquetOptions withDictionary(boolean value) {
        return with(s -> s.dictionary = value);
    }

    /** Says whether row groups, and pages, tell the least and greatest value and the nulls of their columns. */
    public ParquetOptions withStatistics(boolean value) {
        return with(s -> s.statistics = value);
    }

    /** Says whether files tell where pages lie, so that readers can skip some. */
    public ParquetOptions withPageIndex(boolean value) {
        return with(s -> s.pageIndex = value);
    }

    /** Says whether pages have checksums (CRC-32). */
    public ParquetOptions withChecksums(boolean value) {
        return with(s -> s.checksums = value);
    }

    /** Writes a column in this encoding; others get the one that is the smallest for a part of their first page. */
    public ParquetOptions withEncoding(String column, Encoding value) {
        Map<String, Integer> encodings = new LinkedHashMap<>(settings.encodings);
        encodings.put(column, value.code);
        return with(s -> s.encodings = encodings);
    }

    /**
     * Gives columns Bloom filters, by which readers that look for a value skip row groups. Until a row group is complete,
     * each of its different values takes 8 bytes.
     */
    public ParquetOptions withBloomFilters(String... columns) {
        Set<String> all = new LinkedHashSet<>(settings.bloomFilters);
        all.addAll(List.of(columns));
        return with(s -> s.bloomFilters = all);
    }

    /**
     * Declares that rows are in the order of a column, after the order of those that were declared before. The order is
     * not checked, and readers rely on it.
     */
    public ParquetOptions withSortedBy(String column, boolean descending, boolean nullsFirst) {
        List<Settings.Order> order = new ArrayList<>(settings.order);
        order.add(new Settings.Order(column, descending, nullsFirst));
        return with(s -> s.order = order);
    }

    /**
     * Adds key-value metadata to those of the schema.
     *
     * @throws IllegalArgumentException for keys of this library, and for what asks for encryption, which is not written:
     *     {@code parquet.encryption.*}
     */
    public ParquetOptions withMetadata(String key, String value) {
        if (key.startsWith(ENCRYPTION)) {
            throw new IllegalArgumentException(key + " asks for encryption, which this writer does not do:"
                    + " encrypt the file, or write it with another library");
        }
        if (key.equals(StoredSchema.KEY) || key.equals(ArrowSchema.KEY)) {
            throw new IllegalArgumentException(key + " is written for each file: choose another key");
        }
        Map<String, String> metadata = new LinkedHashMap<>(settings.metadata);
        metadata.put(key, value);
        return with(s -> s.metadata = metadata);
    }

    Durability durability() {
        return durability;
    }

    Settings settings() {
        return settings;
    }
}
