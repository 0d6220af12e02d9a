package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.sources.AlwaysTrue;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;
import org.arrownpz.spark.internal.partition.PartitionFilter;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.storage.Listing;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.arrownpz.spark.internal.storage.Storage;
import org.arrownpz.spark.internal.write.Replacement.Extent;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a table, as Spark shows and drops them: those that have files.
 *
 * @param directory where the table is
 * @param partitions its columns that are directories
 * @param configuration what file systems need to know
 */
public record TablePartitions(String directory, PartitionSpec partitions, Configuration configuration) {
    /** Those that have some values in some columns. */
    public InternalRow[] list(String[] names, InternalRow values) {
        StructField[] columns = partitions.directories().fields();
        List<String> all = Arrays.asList(partitions.directories().fieldNames());
        Set<List<@Nullable Object>> found = new LinkedHashSet<>();
        try {
            for (NpzPath file : Listing.archives(directory, configuration)) {
                List<@Nullable Object> key = partitions.key(file);
                boolean chosen = true;
                for (int i = 0; i < names.length; i++) {
                    int column = all.indexOf(names[i]);
                    Object wanted = values.isNullAt(i) ? null : values.get(i, columns[column].dataType());
                    chosen &= Objects.equals(wanted, internal(key.get(column)));
                }
                if (chosen) {
                    found.add(key);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return found.stream()
                .map(key -> new GenericInternalRow(
                        key.stream().map(TablePartitions::internal).toArray()))
                .toArray(InternalRow[]::new);
    }

    private static @Nullable Object internal(@Nullable Object value) {
        return value instanceof String text ? UTF8String.fromString(text) : value;
    }

    /** Deletes the files of partitions; whether there were any of each. */
    public boolean drop(InternalRow[] keys) {
        StructField[] columns = partitions.directories().fields();
        Set<List<@Nullable Object>> wanted = new HashSet<>();
        for (InternalRow key : keys) {
            Object[] values = new Object[columns.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = key.isNullAt(i) ? null : key.get(i, columns[i].dataType());
            }
            wanted.add(Arrays.asList(values));
        }
        try {
            Storage storage = Storage.of(directory, configuration);
            Set<List<@Nullable Object>> gone = new HashSet<>();
            for (NpzPath file : Listing.archives(directory, configuration)) {
                List<@Nullable Object> key = partitions.key(file).stream()
                        .map(TablePartitions::internal)
                        .collect(Collectors.toList());
                if (wanted.contains(key)) {
                    storage.delete(file.uri());
                    gone.add(key);
                }
            }
            return gone.equals(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Whether conditions choose whole partitions. */
    public static boolean canDelete(Filter[] filters, PartitionSpec partitions) {
        return Arrays.stream(filters)
                .allMatch(filter ->
                        filter instanceof AlwaysTrue || PartitionFilter.isSupported(filter, partitions.directories()));
    }

    /**
     * Deletes the files that meet all conditions, going by what their directories state.
     *
     * @throws IOException META_SCHEMA, before anything is deleted, where a directory is none of the table
     */
    public void delete(Filter[] filters) throws IOException {
        List<Filter> conditions = Arrays.stream(filters)
                .filter(filter -> !(filter instanceof AlwaysTrue))
                .toList();
        Extent extent = conditions.isEmpty() ? Extent.EVERYTHING : Extent.MATCHING;
        Storage storage = Storage.of(directory, configuration);
        for (URI file : new Replacement(extent, conditions)
                .of(Listing.archives(directory, configuration), partitions, Written.of())) {
            storage.delete(file);
        }
    }
}
