package org.arrownpz.parquet.internal.write;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of a written file, with those that hold where nobody says more. A copy is made before each change. */
public final class Settings implements Cloneable {
    /** The number of Parquet's codec, see {@link PageCodec}. */
    public int codec = PageCodec.SNAPPY;
    /** Of Zstandard. */
    public int level = 1;
    /** The most rows of a row group. */
    public long groupRows = 1 << 20;
    /** Bytes at which row groups end, between two pieces of rows; 0 for none but those of memory. */
    public long groupBytes;
    /** Whether columns get dictionaries. */
    public boolean dictionary = true;
    /** Whether chunks have statistics, and pages too where there is a page index. */
    public boolean statistics = true;

    public boolean pageIndex = true;
    public boolean checksums = true;
    /** Numbers of encodings, see {@link Encodings}, by columns. */
    public Map<String, Integer> encodings = Map.of();
    /** Columns that have such filters. */
    public Set<String> bloomFilters = Set.of();
    /** Columns that rows are in the order of. */
    public List<Order> order = List.of();
    /** Key-value metadata of the file, beside those of the schema. */
    public Map<String, String> metadata = Map.of();

    /** A column that rows are in the order of. */
    public record Order(String column, boolean descending, boolean nullsFirst) {}

    public Settings copy() {
        try {
            return (Settings) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
