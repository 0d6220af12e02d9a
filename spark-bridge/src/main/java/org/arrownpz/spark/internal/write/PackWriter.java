package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.util.Iterator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.Memory;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.column.Columns;
import org.jspecify.annotations.Nullable;

/**
 * Packs the rows of a task. They are collected in columns, sorted and packed when the task ends; when they exceed the
 * memory allowed, they all go through Spark's external sorter and are packed in its order.
 */
final class PackWriter implements DataWriter<InternalRow> {
    private final BufferAllocator allocator = Memory.child("npz packer");
    private final RowBuffer buffer;
    private final Output output;
    private final StructType schema;
    private final NpzOptions options;
    private final SortedGroups groups;
    private @Nullable ExternalSort sort;

    PackWriter(Output output, StructType schema, NpzOptions options) {
        this.output = output;
        this.schema = schema;
        this.options = options;
        this.buffer = new RowBuffer(allocator, schema);
        this.groups = new SortedGroups(buffer, output, schema, options);
    }

    @Override
    public void write(InternalRow row) throws IOException {
        if (options.sorted()) {
            groups.append(row);
            return;
        }
        if (sort != null) {
            sort.insert(row);
            return;
        }
        buffer.append(row);
        if (buffer.exceeds(options.maxBytesInMemory())) {
            spill();
        }
    }

    private void spill() throws IOException {
        Log.LOG.info("{} rows exceed maxBytesInMemory and are sorted externally", buffer.rows());
        ExternalSort started = new ExternalSort(schema, options);
        sort = started;
        Columns columns = new Columns(new DictionaryProvider.MapDictionaryProvider(), "rows to be packed");
        ColumnVector[] views = buffer.root().getFieldVectors().stream()
                .map(vector -> columns.of(vector, 0))
                .toArray(ColumnVector[]::new);
        ColumnarBatch batch = new ColumnarBatch(views, buffer.rows());
        for (Iterator<InternalRow> rows = batch.rowIterator(); rows.hasNext(); ) {
            started.insert(rows.next());
        }
        buffer.clear();
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
        ExternalSort sorted = sort;
        if (sorted != null) {
            sorted.forEach(groups::append);
        }
        if (sorted != null || options.sorted()) {
            groups.flush();
        } else if (buffer.rows() > 0) {
            pack();
        }
        return output.written();
    }

    private void pack() throws IOException {
        if (options.orderBy().isEmpty()) {
            try (Packed packed = Events.pack(buffer.root(), Packing.spec(options, schema))) {
                output.write(packed);
            }
            return;
        }
        try (Unpacked sorted = Packing.sorted(buffer.root(), options)) {
            // The unsorted rows are not needed any more.
            buffer.clear();
            try (Packed packed = Events.pack(sorted.root(), Packing.spec(options, schema))) {
                output.write(packed);
            }
        }
    }

    @Override
    public void abort() {
        // The job removes the hidden directory with all that is in it.
    }

    @Override
    public void close() {
        if (sort != null) {
            sort.close();
        }
        buffer.close();
        allocator.close();
    }
}
