package org.arrownpz.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsAtomicPartitionManagement;
import org.apache.spark.sql.connector.catalog.SupportsDelete;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.AnsiIntervalType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.FileMetadata;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.scan.Catalog;
import org.arrownpz.spark.internal.scan.Directory;
import org.arrownpz.spark.internal.scan.NpzScanBuilder;
import org.arrownpz.spark.internal.storage.Listing;
import org.arrownpz.spark.internal.write.Fit;
import org.arrownpz.spark.internal.write.NpzWriteBuilder;
import org.arrownpz.spark.internal.write.TablePartitions;
import org.jspecify.annotations.Nullable;

/** A directory of files. Its headers are read when its schema is inferred, or else when it is first scanned. */
final class NpzTable
        implements SupportsRead,
                SupportsWrite,
                SupportsDelete,
                SupportsMetadataColumns,
                SupportsAtomicPartitionManagement {
    private final Map<String, String> properties;
    private final Configuration configuration;
    private final List<String> roots;
    private final Transform[] partitioning;
    private @Nullable StructType schema;
    private @Nullable Catalog catalog;

    private NpzTable(
            Map<String, String> properties,
            Configuration configuration,
            @Nullable StructType schema,
            Transform[] partitioning) {
        this.properties = Map.copyOf(properties);
        this.configuration = configuration;
        NpzOptions.requireKnown(optionNames());
        NpzOptions.of(properties);
        this.roots = Listing.roots(new CaseInsensitiveStringMap(properties));
        this.schema = schema;
        this.partitioning = partitioning.clone();
    }

    /** A table whose schema the files tell. */
    static NpzTable reading(Map<String, String> properties, Configuration configuration) throws IOException {
        NpzTable table = new NpzTable(properties, configuration, null, new Transform[0]);
        Catalog found = table.catalog();
        if (found.files().isEmpty()) {
            throw new IOException("no NPZ file " + (found.skipped() > 0 ? "that can be read " : "") + "in "
                    + table.roots + "; give a schema to read nothing");
        }
        if (!SparkSession.active()
                .conf()
                .get("spark.sql.caseSensitive", "false")
                .equals("true")) {
            found.checkNames();
        }
        table.schema = found.schema();
        return table;
    }

    /** A table whose schema the user, the catalog or the rows to be written tell. */
    static NpzTable given(
            StructType schema, Transform[] partitioning, Map<String, String> properties, Configuration configuration) {
        return new NpzTable(properties, configuration, schema, partitioning);
    }

    boolean isOf(StructType other, Map<String, String> otherProperties) {
        return other.equals(schema) && properties.equals(otherProperties);
    }

    private Directory place() {
        // The location of a catalog's table may be made by its first write; what a program names is there.
        return Directory.of(roots(), configuration, new CaseInsensitiveStringMap(properties), isCatalogs());
    }

    private Catalog catalog() throws IOException {
        Catalog known = catalog;
        if (known == null) {
            Directory place = place();
            known = place.read(place.files(), schema);
            catalog = known;
        }
        return known;
    }

    private Catalog planned() {
        try {
            return catalog();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Spark's catalog states what its tables are of, and makes them before it knows where. */
    private boolean isCatalogs() {
        return properties.containsKey(TableCatalog.PROP_PROVIDER);
    }

    // A catalog's table has properties that are not options.
    private Set<String> optionNames() {
        return isCatalogs()
                ? properties.keySet().stream()
                        .filter(key -> key.startsWith(TableCatalog.OPTION_PREFIX))
                        .map(key -> key.substring(TableCatalog.OPTION_PREFIX.length()))
                        .collect(Collectors.toSet())
                : properties.keySet();
    }

    private List<String> roots() {
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("tell which files: load(path), or the option path");
        }
        return roots;
    }

    @Override
    public String name() {
        return "npz " + String.join(", ", roots);
    }

    @Override
    @SuppressWarnings("deprecation") // columns() is newer, and made from this where it is not overridden.
    public StructType schema() {
        StructType known = schema;
        return known == null ? new StructType() : known;
    }

    /** The columns that are written as directories; reading learns them from the directories. */
    @Override
    public Transform[] partitioning() {
        return partitioning.clone();
    }

    @Override
    public Map<String, String> properties() {
        return properties;
    }

    @Override
    public MetadataColumn[] metadataColumns() {
        return new MetadataColumn[] {new FileMetadata()};
    }

    /**
     * Not any schema: rows that SQL inserts have the names that the table tells. What a program saves to a path comes by
     * {@link Saving}, which knows all of Spark's modes, and from there with a note that it is to be written.
     */
    @Override
    public Set<TableCapability> capabilities() {
        EnumSet<TableCapability> capabilities = EnumSet.of(
                TableCapability.BATCH_READ,
                TableCapability.MICRO_BATCH_READ,
                TableCapability.TRUNCATE,
                TableCapability.OVERWRITE_BY_FILTER,
                TableCapability.OVERWRITE_DYNAMIC);
        if (isCatalogs()) {
            // What a program streams to a path comes by StreamSink, which is told of partitionBy.
            capabilities.add(TableCapability.STREAMING_WRITE);
        }
        // Spark saves no intervals to what it does not take for a table.
        boolean intervals = schema().existsRecursively(AnsiIntervalType.class::isInstance);
        if (isCatalogs() || catalog != null || intervals || properties.containsKey(Saving.NOTE)) {
            capabilities.add(TableCapability.BATCH_WRITE);
        }
        return capabilities;
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap scanOptions) {
        NpzOptions.requireKnown(scanOptions.asCaseSensitiveMap().keySet());
        Map<String, String> all = new HashMap<>(new CaseInsensitiveStringMap(properties));
        all.putAll(scanOptions);
        if (!all.equals(new CaseInsensitiveStringMap(properties))) {
            // Options of a query on a table of the catalog.
            return new NpzTable(all, configuration, schema, partitioning)
                    .newScanBuilder(CaseInsensitiveStringMap.empty());
        }
        return new NpzScanBuilder(place(), this::planned, schema());
    }

    private PartitionSpec partitions() {
        return PartitionSpec.of(schema(), partitioning, List.of());
    }

    /** Whole directories are deleted, no rows of a file. */
    @Override
    public boolean canDeleteWhere(Filter[] filters) {
        return TablePartitions.canDelete(filters, partitions());
    }

    @Override
    public void deleteWhere(Filter[] filters) {
        try {
            management().delete(filters);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private String directory() {
        if (roots().size() != 1) {
            throw new IllegalArgumentException("one directory is written to, not " + roots);
        }
        return roots.get(0);
    }

    private TablePartitions management() {
        return new TablePartitions(directory(), partitions(), configuration);
    }

    @Override
    public StructType partitionSchema() {
        return partitions().directories();
    }

    @Override
    public InternalRow[] listPartitionIdentifiers(String[] names, InternalRow values) {
        return management().list(names, values);
    }

    @Override
    public boolean dropPartitions(InternalRow[] keys) {
        return management().drop(keys);
    }

    @Override
    public boolean truncatePartition(InternalRow key) {
        return truncatePartitions(new InternalRow[] {key});
    }

    /** As dropping: a partition is there where it has files. */
    @Override
    public boolean truncatePartitions(InternalRow[] keys) {
        return management().drop(keys);
    }

    @Override
    public void createPartitions(InternalRow[] keys, Map<String, String>[] metadata) {
        throw new UnsupportedOperationException("partitions are made by the rows that are written to them");
    }

    @Override
    public void replacePartitionMetadata(InternalRow key, Map<String, String> metadata) {
        throw new UnsupportedOperationException("partitions have no properties");
    }

    @Override
    public Map<String, String> loadPartitionMetadata(InternalRow key) {
        return Map.of();
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        String directory = directory();
        // A catalog's table tells its columns by itself.
        NpzOptions.requireKnown(info.options().asCaseSensitiveMap().keySet());
        NpzOptions written = NpzOptions.of(info.options().asCaseSensitiveMap());
        Fit fit = new Fit(file -> Catalog.columns(file, configuration, written), isCatalogs() || written.mergeSchema());
        return new NpzWriteBuilder(directory, info, written, partitioning, configuration, fit);
    }
}
