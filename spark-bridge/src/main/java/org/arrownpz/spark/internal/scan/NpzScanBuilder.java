package org.arrownpz.spark.internal.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownFilters;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.PartitionFilter;

/** Takes from Spark which columns, files and counts a query needs. */
public final class NpzScanBuilder
        implements SupportsPushDownRequiredColumns, SupportsPushDownAggregates, SupportsPushDownFilters {
    private final Catalog catalog;
    private final NpzOptions options;
    private final Configuration configuration;
    private final String name;
    private final List<Filter> pushed = new ArrayList<>();
    private final StructType whole;
    private StructType schema;
    private int counts;

    public NpzScanBuilder(
            Catalog catalog, StructType schema, NpzOptions options, Configuration configuration, String name) {
        this.catalog = catalog;
        this.whole = schema;
        this.schema = schema;
        this.options = options;
        this.configuration = configuration;
        this.name = name;
    }

    /** Columns are read or not; of structs all fields stay, whatever Spark needs of them. */
    @Override
    public void pruneColumns(StructType requiredSchema) {
        schema = new StructType(
                Arrays.stream(requiredSchema.fieldNames()).map(whole::apply).toArray(StructField[]::new));
    }

    /** Conditions over nothing but partition columns choose files; all others are left to Spark. */
    @Override
    public Filter[] pushFilters(Filter[] filters) {
        List<Filter> rest = new ArrayList<>();
        for (Filter filter : filters) {
            if (PartitionFilter.isSupported(filter, catalog.partition())) {
                pushed.add(filter);
            } else {
                rest.add(filter);
            }
        }
        return rest.toArray(Filter[]::new);
    }

    @Override
    public Filter[] pushedFilters() {
        return pushed.toArray(Filter[]::new);
    }

    @Override
    public boolean supportCompletePushDown(Aggregation aggregation) {
        return isCounts(aggregation);
    }

    @Override
    public boolean pushAggregation(Aggregation aggregation) {
        if (!isCounts(aggregation)) {
            return false;
        }
        counts = aggregation.aggregateExpressions().length;
        return true;
    }

    // Headers do not tell how many elements lists have.
    private boolean isCounts(Aggregation aggregation) {
        if (options.unpack() || aggregation.groupByExpressions().length > 0) {
            return false;
        }
        for (AggregateFunc function : aggregation.aggregateExpressions()) {
            if (!(function instanceof CountStar)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Scan build() {
        List<Catalog.File> files = new ArrayList<>();
        for (Catalog.File file : catalog.files()) {
            if (PartitionFilter.accepts(pushed, file.path(), catalog.partition())) {
                files.add(file);
            }
        }
        if (counts > 0) {
            return new Count(files.stream().mapToLong(Catalog.File::rows).sum(), counts);
        }
        Catalog chosen = new Catalog(files, catalog.data(), catalog.partition(), catalog.skipped());
        return new NpzScan(chosen, schema, options, configuration, name);
    }

    /** The answer to {@code count(*)} from headers. */
    private record Count(long total, int columns) implements LocalScan {
        @Override
        public InternalRow[] rows() {
            Object[] values = new Object[columns];
            Arrays.fill(values, total);
            return new InternalRow[] {new GenericInternalRow(values)};
        }

        @Override
        public StructType readSchema() {
            StructType schema = new StructType();
            for (int i = 0; i < columns; i++) {
                schema = schema.add("count(*)" + (i == 0 ? "" : i), DataTypes.LongType, false);
            }
            return schema;
        }

        @Override
        public String description() {
            return "npz count(*) from headers: " + total;
        }
    }
}
