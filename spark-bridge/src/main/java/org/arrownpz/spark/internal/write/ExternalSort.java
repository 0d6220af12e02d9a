package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NullsLast$;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.LazilyGeneratedOrdering;
import org.apache.spark.sql.execution.UnsafeExternalRowSorter;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.collection.unsafe.sort.PrefixComparators;
import org.arrownpz.spark.internal.NpzOptions;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** Spark's own sorter, which spills to disk, for the rows of one task by key and order. */
final class ExternalSort implements AutoCloseable {
    private final UnsafeProjection projection;
    private final UnsafeExternalRowSorter sorter;

    ExternalSort(StructType schema, NpzOptions options) throws IOException {
        List<String> names = new ArrayList<>(options.packBy());
        names.addAll(options.orderBy());
        List<SortOrder> orders = new ArrayList<>(names.size());
        for (String name : names) {
            StructField field = schema.apply(name);
            Expression reference = new BoundReference(schema.fieldIndex(name), field.dataType(), true);
            orders.add(new SortOrder(
                    reference,
                    Ascending$.MODULE$,
                    NullsLast$.MODULE$,
                    CollectionConverters.asScala(List.<Expression>of()).toSeq()));
        }
        int first = schema.fieldIndex(names.get(0));
        boolean isLong = schema.fields()[first].dataType() instanceof LongType;
        this.projection = UnsafeProjection.create(schema);
        this.sorter = UnsafeExternalRowSorter.create(
                schema,
                new LazilyGeneratedOrdering(CollectionConverters.asScala(orders).toSeq()),
                PrefixComparators.LONG_NULLS_LAST,
                new KeyPrefix(isLong ? first : -1),
                SparkEnv.get().memoryManager().pageSizeBytes(),
                false);
    }

    /** The first key where it is a long, else nothing: rows are then compared as a whole. */
    private static final class KeyPrefix extends UnsafeExternalRowSorter.PrefixComputer {
        private final int key;
        private final Prefix prefix = new Prefix();

        KeyPrefix(int key) {
            this.key = key;
        }

        @Override
        public Prefix computePrefix(InternalRow row) {
            prefix.isNull = key >= 0 && row.isNullAt(key);
            prefix.value = key >= 0 && !prefix.isNull ? row.getLong(key) : 0;
            return prefix;
        }
    }

    void insert(InternalRow row) throws IOException {
        sorter.insertRow(row instanceof UnsafeRow unsafe ? unsafe : projection.apply(row));
    }

    /** Takes rows. */
    interface Consumer {
        void accept(InternalRow row) throws IOException;
    }

    /** Gives all rows in order; each is good until the next. */
    void forEach(Consumer consumer) throws IOException {
        Iterator<InternalRow> rows = sorter.sort();
        while (rows.hasNext()) {
            consumer.accept(rows.next());
        }
    }

    /** Also ends a sort that was not read to its end. */
    @Override
    public void close() {
        sorter.cleanupResources();
    }
}
