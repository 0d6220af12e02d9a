package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.sources.AlwaysTrue;
import org.apache.spark.sql.sources.Filter;
import org.arrownpz.spark.internal.partition.PartitionFilter;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.storage.Listing;
import org.arrownpz.spark.internal.storage.Storage;
import org.arrownpz.spark.internal.write.Replacement.Extent;

/** Deletes files of a table as a whole, going by what their directories state. */
public final class Deletion {
    private Deletion() {}

    /** Whether the conditions choose directories. */
    public static boolean isSupported(Filter[] filters, PartitionSpec partitions) {
        return Arrays.stream(filters)
                .allMatch(filter ->
                        filter instanceof AlwaysTrue || PartitionFilter.isSupported(filter, partitions.directories()));
    }

    /**
     * Deletes what meets all conditions.
     *
     * @throws IOException META_SCHEMA, before anything is deleted, where a directory is none of the table
     */
    public static void delete(String directory, PartitionSpec partitions, Filter[] filters, Configuration configuration)
            throws IOException {
        List<Filter> conditions = Arrays.stream(filters)
                .filter(filter -> !(filter instanceof AlwaysTrue))
                .toList();
        Replacement what =
                conditions.isEmpty() ? Replacement.of(Extent.EVERYTHING) : new Replacement(Extent.MATCHING, conditions);
        Storage storage = Storage.of(directory, configuration);
        for (URI file : what.of(Listing.archives(directory, configuration), partitions, new WriterCommitMessage[0])) {
            storage.delete(file);
        }
    }
}
