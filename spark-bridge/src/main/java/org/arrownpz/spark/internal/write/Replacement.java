package org.arrownpz.spark.internal.write;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.sources.Filter;
import org.arrownpz.NpzException;
import org.arrownpz.spark.internal.partition.PartitionFilter;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;

/**
 * The files of a table that go once those of a write are in place.
 *
 * @param extent how far the replacement goes
 * @param filters the conditions over directories, where these choose
 */
record Replacement(Extent extent, List<Filter> filters) {
    /** The extent of a replacement. */
    enum Extent {
        NOTHING,
        EVERYTHING,
        /** The directories that conditions choose. */
        MATCHING,
        /** The directories that rows are written to. */
        WRITTEN
    }

    static Replacement of(Extent extent) {
        return new Replacement(extent, List.of());
    }

    boolean isNothing() {
        return extent == Extent.NOTHING;
    }

    /**
     * Those of the files that go.
     *
     * @throws NpzException META_SCHEMA where directories decide, and some are not those of the table
     */
    List<URI> of(List<NpzPath> files, PartitionSpec partitions, Written written) throws NpzException {
        Set<List<@Nullable Object>> keys = new HashSet<>();
        for (String directory : extent == Extent.WRITTEN ? written.directories() : Set.<String>of()) {
            keys.add(partitions.key(directory));
        }
        List<URI> old = new ArrayList<>();
        for (NpzPath file : files) {
            boolean goes = switch (extent) {
                case NOTHING -> false;
                case EVERYTHING -> true;
                case WRITTEN -> keys.contains(partitions.key(file));
                case MATCHING -> {
                    partitions.key(file);
                    yield PartitionFilter.accepts(filters, file, partitions.directories());
                }
            };
            if (goes) {
                old.add(file.uri());
            }
        }
        return old;
    }
}
