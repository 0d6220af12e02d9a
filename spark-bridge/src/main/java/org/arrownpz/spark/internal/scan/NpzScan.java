package org.arrownpz.spark.internal.scan;

import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.arrownpz.spark.internal.NpzOptions;
import org.jspecify.annotations.Nullable;

/** A scan of files by columns, always in columnar batches. */
record NpzScan(Catalog catalog, StructType schema, NpzOptions options, Configuration configuration, String name)
        implements Batch, SupportsReportStatistics {
    @Override
    public StructType readSchema() {
        return schema;
    }

    @Override
    public String description() {
        return name + ": " + catalog.files().size() + " files"
                + (catalog.skipped() > 0 ? ", " + catalog.skipped() + " skipped" : "")
                + ", columns " + String.join(", ", schema.fieldNames());
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    /** Spark does once what a query asks for twice, if it can tell. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NpzScan scan
                && schema.equals(scan.schema)
                && options.equals(scan.options)
                && catalog.equals(scan.catalog);
    }

    @Override
    public int hashCode() {
        return 31 * schema.hashCode() + catalog.files().size();
    }

    /** Known without a look at the partitions. */
    @Override
    public ColumnarSupportMode columnarSupportMode() {
        return ColumnarSupportMode.SUPPORTED;
    }

    /** Files are cut between rows; where lists are unpacked, between lists. */
    @Override
    public InputPartition[] planInputPartitions() {
        return Splits.of(catalog, new Selection(schema));
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return new NpzReaderFactory(schema, catalog.partition(), options, remoteConfiguration());
    }

    // Local files need none, and it is large.
    private @Nullable Broadcast<SerializableConfiguration> remoteConfiguration() {
        if (catalog.files().stream().allMatch(file -> file.path().isLocal())) {
            return null;
        }
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext());
        return context.broadcast(new SerializableConfiguration(configuration));
    }

    @Override
    public Statistics estimateStatistics() {
        Selection selection = new Selection(schema);
        long bytes = catalog.files().stream().mapToLong(selection::bytes).sum();
        long rows = catalog.files().stream().mapToLong(Catalog.File::rows).sum();
        return new Statistics() {
            @Override
            public OptionalLong sizeInBytes() {
                return OptionalLong.of(bytes);
            }

            @Override
            public OptionalLong numRows() {
                return options.unpack() ? OptionalLong.empty() : OptionalLong.of(rows);
            }
        };
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
        return new CustomMetric[] {new SkippedFiles()};
    }

    @Override
    public CustomTaskMetric[] reportDriverMetrics() {
        return new CustomTaskMetric[] {SkippedFiles.of(catalog.skipped())};
    }
}
