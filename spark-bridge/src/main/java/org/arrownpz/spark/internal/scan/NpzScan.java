package org.arrownpz.spark.internal.scan;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeFiltering;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.partition.PartitionFilter;
import org.arrownpz.spark.internal.scan.NpzPartitionReader.NpzReaderFactory;
import org.jspecify.annotations.Nullable;

/** A scan of files by columns, always in columnar batches. */
final class NpzScan implements Batch, SupportsReportStatistics, SupportsRuntimeFiltering {
    private final Directory directory;
    private final Supplier<Catalog> catalog;
    private final StructType schema;
    private final String pruned;
    private List<Filter> runtime = List.of();

    /**
     * A scan; a stream reads no headers of the files that are there before it asks for them.
     *
     * @param pruned for EXPLAIN: which files are left by conditions over directories, or nothing
     */
    NpzScan(Directory directory, Supplier<Catalog> catalog, StructType schema, String pruned) {
        this.pruned = pruned;
        this.directory = directory;
        this.catalog = catalog;
        this.schema = schema;
    }

    @Override
    public StructType readSchema() {
        return schema;
    }

    @Override
    public String description() {
        return "npz " + String.join(", ", directory.roots()) + ": columns " + String.join(", ", schema.fieldNames())
                + pruned;
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public MicroBatchStream toMicroBatchStream(String checkpoint) {
        return new NpzStream(directory, schema, checkpoint);
    }

    /** Spark does once what a query asks for twice, if it can tell. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof NpzScan scan
                && schema.equals(scan.schema)
                && directory.options().equals(scan.directory.options())
                && directory.roots().equals(scan.directory.roots())
                && runtime.equals(scan.runtime)
                && catalog.get().equals(scan.catalog.get());
    }

    @Override
    public int hashCode() {
        return 31 * schema.hashCode() + directory.roots().hashCode();
    }

    /** Known without a look at the partitions. */
    @Override
    public ColumnarSupportMode columnarSupportMode() {
        return ColumnarSupportMode.SUPPORTED;
    }

    /** The columns of directories: a join may tell when it runs which of them it needs. */
    @Override
    public NamedReference[] filterAttributes() {
        StructType partition = catalog.get().partition();
        return Arrays.stream(schema.fields())
                .map(StructField::name)
                .filter(name -> Catalog.contains(partition, name))
                .map(name -> Expressions.column('`' + name.replace("`", "``") + '`'))
                .toArray(NamedReference[]::new);
    }

    /** Leaves out files; what cannot be told of directories is left to the join. */
    @Override
    public void filter(Filter[] filters) {
        StructType partition = catalog.get().partition();
        runtime = Arrays.stream(filters)
                .filter(filter -> PartitionFilter.isSupported(filter, partition))
                .toList();
    }

    /** Files are cut between rows; where lists are unpacked, between lists. */
    @Override
    public InputPartition[] planInputPartitions() {
        return Splits.of(catalog.get().where(runtime), new Selection(schema));
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        Catalog known = catalog.get();
        return new NpzReaderFactory(schema, directory.options(), directory.remote(known.files()));
    }

    @Override
    public Statistics estimateStatistics() {
        Catalog known = catalog.get().where(runtime);
        Selection selection = new Selection(schema);
        long bytes = known.files().stream().mapToLong(selection::bytes).sum();
        long rows = known.files().stream().mapToLong(Catalog.File::rows).sum();
        return new Statistics() {
            @Override
            public OptionalLong sizeInBytes() {
                return OptionalLong.of(bytes);
            }

            @Override
            public OptionalLong numRows() {
                return directory.options().unpack() ? OptionalLong.empty() : OptionalLong.of(rows);
            }
        };
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
        return new CustomMetric[] {new SkippedFiles()};
    }

    @Override
    public CustomTaskMetric[] reportDriverMetrics() {
        return new CustomTaskMetric[] {SkippedFiles.of(catalog.get().skipped())};
    }

    /** The number of files that {@code badFiles=skip} left out, in Spark's user interface. Public for Spark alone. */
    public static final class SkippedFiles extends CustomSumMetric {
        private static final String NAME = "skippedFiles";

        /** Made by Spark. */
        public SkippedFiles() {}

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String description() {
            return "files that could not be read";
        }

        static CustomTaskMetric of(long count) {
            return new CustomTaskMetric() {
                @Override
                public String name() {
                    return NAME;
                }

                @Override
                public long value() {
                    return count;
                }
            };
        }
    }
}
