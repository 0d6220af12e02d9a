package org.arrownpz.spark.internal.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownFilters;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.partition.FileMetadata;
import org.arrownpz.spark.internal.partition.PartitionFilter;

/** Takes from Spark which columns, files and counts a query needs. */
public final class NpzScanBuilder
        implements SupportsPushDownRequiredColumns, SupportsPushDownAggregates, SupportsPushDownFilters {
    private final Directory directory;
    private final Supplier<Catalog> catalog;
    private final List<Filter> pushed = new ArrayList<>();
    private final StructType whole;
    private StructType schema;
    private int counts;

    /**
     * A scan of a table.
     *
     * @param catalog tells the files when they are needed, which streams find by themselves
     */
    public NpzScanBuilder(Directory directory, Supplier<Catalog> catalog, StructType schema) {
        this.directory = directory;
        this.catalog = catalog;
        this.whole = schema;
        this.schema = schema;
    }

    /** Columns are read or not; of structs all fields stay, whatever Spark needs of them. */
    @Override
    public void pruneColumns(StructType requiredSchema) {
        List<String> columns = List.of(whole.fieldNames());
        schema = new StructType(Arrays.stream(requiredSchema.fields())
                .map(field -> columns.contains(field.name()) ? whole.apply(field.name()) : FileMetadata.marked(field))
                .toArray(StructField[]::new));
    }

    /** Conditions over nothing but partition columns choose files; all others are left to Spark. */
    @Override
    public Filter[] pushFilters(Filter[] filters) {
        List<Filter> rest = new ArrayList<>();
        for (Filter filter : filters) {
            if (PartitionFilter.isSupported(filter, catalog.get().partition())) {
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
        if (directory.options().unpack() || aggregation.groupByExpressions().length > 0) {
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
        if (counts > 0) {
            Catalog chosen = catalog.get().where(pushed);
            return new CountScan(
                    chosen.files().stream().mapToLong(Catalog.File::rows).sum(),
                    counts,
                    chosen.files().stream().mapToLong(Catalog.File::headers).sum());
        }
        if (pushed.isEmpty()) {
            return new NpzScan(directory, catalog, schema, "");
        }
        Catalog chosen = catalog.get().where(pushed);
        String pruned =
                "; " + chosen.files().size() + " of " + catalog.get().files().size() + " files, where " + pushed;
        return new NpzScan(directory, () -> chosen, schema, pruned);
    }
}
