package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsOverwrite;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.sources.Filter;
import org.arrownpz.NpzException;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.PartitionFilter;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.write.Replacement.Extent;

/** Takes from Spark what is written how, and what it replaces. */
public final class NpzWriteBuilder implements SupportsOverwrite, SupportsDynamicOverwrite {
    /** The note with which a stream names a batch that it saves. Two lines begin what is no option of a user. */
    public static final String BATCH = "__npz_batch";

    /** Why streams are refused. */
    public static final String APPENDS = "streams append to npz: outputMode(\"append\")";

    private static final String MODE = "spark.sql.sources.partitionOverwriteMode";

    private final String directory;
    private final LogicalWriteInfo info;
    private final Configuration configuration;
    private final NpzOptions options;
    private final PartitionSpec partitions;
    private final Fit fit;
    private Replacement replacement = Replacement.of(Extent.NOTHING);

    public NpzWriteBuilder(
            String directory,
            LogicalWriteInfo info,
            NpzOptions options,
            Transform[] partitioning,
            Configuration configuration,
            Fit fit) {
        this.directory = directory;
        this.info = info;
        this.options = options;
        this.configuration = configuration;
        this.fit = fit;
        this.partitions = PartitionSpec.of(info.schema(), partitioning, options.packBy());
    }

    /** Everything goes, unless {@code partitionOverwriteMode} is dynamic. */
    @Override
    public WriteBuilder truncate() {
        replacement = Replacement.of(isDynamic() ? Extent.WRITTEN : Extent.EVERYTHING);
        return this;
    }

    // Spark itself minds the session's mode where it writes to tables, but not where it saves to a path.
    private boolean isDynamic() {
        boolean saved = info.options().containsKey("path");
        String mode = saved ? SparkSession.active().conf().get(MODE, "static") : "static";
        boolean dynamic = NpzOptions.isDynamic(info.options(), mode);
        if (dynamic && partitions.isEmpty()) {
            if (info.options().containsKey(NpzOptions.OVERWRITE_MODE)) {
                throw new IllegalArgumentException("partitionOverwriteMode=dynamic needs partitionBy");
            }
            return false;
        }
        return dynamic;
    }

    @Override
    public WriteBuilder overwriteDynamicPartitions() {
        replacement = Replacement.of(Extent.WRITTEN);
        return this;
    }

    /** Directories go or stay as a whole. */
    @Override
    public WriteBuilder overwrite(Filter[] filters) {
        for (Filter filter : filters) {
            if (!PartitionFilter.isSupported(filter, partitions.directories())) {
                throw new IllegalArgumentException("cannot overwrite where " + filter
                        + ": conditions over the columns that are directories, " + partitions
                        + ", with =, <=>, <, <=, >, >=, IN, IS NULL, IS NOT NULL, AND and OR choose what is replaced");
            }
        }
        replacement = new Replacement(Extent.MATCHING, List.copyOf(Arrays.asList(filters)));
        return this;
    }

    @Override
    public Write build() {
        NpzBatchWrite batch = new NpzBatchWrite(
                directory,
                partitions,
                UUID.randomUUID().toString(),
                options,
                configuration,
                replacement,
                info.options().get(BATCH));
        NpzWrite write = new NpzWrite(batch, info.queryId(), replacement.isNothing());
        if (replacement.extent() != Extent.EVERYTHING) {
            try {
                fit.check(batch.staying(), partitions, write.columns());
            } catch (NpzException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return write;
    }
}
