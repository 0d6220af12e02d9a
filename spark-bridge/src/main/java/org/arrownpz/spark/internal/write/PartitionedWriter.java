package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.jspecify.annotations.Nullable;

/** Writes rows, which come sorted by the columns that are directories, with another writer for each directory. */
final class PartitionedWriter implements DataWriter<InternalRow> {
    private final PartitionSpec spec;
    private final Function<String, DataWriter<InternalRow>> writers;
    private final UnsafeProjection keys;
    private final UnsafeProjection values;
    private Written written = Written.of();
    private @Nullable UnsafeRow key;
    private @Nullable DataWriter<InternalRow> writer;

    /**
     * A writer.
     *
     * @param writers makes a writer for a directory
     */
    PartitionedWriter(PartitionSpec spec, Function<String, DataWriter<InternalRow>> writers) {
        this.spec = spec;
        this.writers = writers;
        this.keys = spec.keys();
        this.values = spec.values();
    }

    @Override
    public void write(InternalRow row) throws IOException {
        UnsafeRow next = keys.apply(row);
        DataWriter<InternalRow> current = writer;
        if (current == null || !next.equals(key)) {
            finish();
            key = next.copy();
            current = writers.apply(spec.directory(next));
            writer = current;
        }
        current.write(values.apply(row));
    }

    private void finish() throws IOException {
        DataWriter<InternalRow> current = writer;
        if (current != null) {
            written = Written.of(written, current.commit());
            writer = null;
            current.close();
        }
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
        finish();
        return written;
    }

    @Override
    public void abort() {
        // The job removes the hidden directory with all that is in it.
    }

    @Override
    public void close() throws IOException {
        DataWriter<InternalRow> current = writer;
        if (current != null) {
            writer = null;
            current.close();
        }
    }
}
