package org.arrownpz.spark.internal.write;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.PartitionSpec;

/** Takes from Spark what is written how. */
public final class NpzWriteBuilder implements SupportsTruncate {
    private final String directory;
    private final LogicalWriteInfo info;
    private final Transform[] partitioning;
    private final Configuration configuration;
    private boolean truncate;

    public NpzWriteBuilder(
            String directory, LogicalWriteInfo info, Transform[] partitioning, Configuration configuration) {
        this.directory = directory;
        this.info = info;
        this.partitioning = partitioning;
        this.configuration = configuration;
    }

    @Override
    public WriteBuilder truncate() {
        truncate = true;
        return this;
    }

    @Override
    public Write build() {
        NpzOptions options = NpzOptions.of(info.options().asCaseSensitiveMap());
        PartitionSpec partitions = PartitionSpec.of(info.schema(), partitioning, options.packBy());
        return new NpzWrite(new NpzBatchWrite(directory, partitions, info.queryId(), options, configuration, truncate));
    }
}
