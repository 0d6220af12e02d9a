package org.arrownpz.spark.internal.write;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.Memory;
import org.arrownpz.spark.internal.NpzOptions;

/** Writes rows as they come: one file, or several where they exceed the memory allowed. */
final class RowWriter implements DataWriter<InternalRow> {
    private final BufferAllocator allocator = Memory.child("npz writer");
    private final RowBuffer buffer;
    private final Output output;
    private final long maxBytes;

    RowWriter(Output output, StructType schema, NpzOptions options) {
        this.output = output;
        this.maxBytes = options.maxBytesInMemory();
        this.buffer = new RowBuffer(allocator, schema);
    }

    @Override
    public void write(InternalRow row) throws IOException {
        buffer.append(row);
        if (buffer.exceeds(maxBytes)) {
            flush();
        }
    }

    private void flush() throws IOException {
        output.write(buffer.root());
        buffer.clear();
    }

    /** A task without rows writes no file. */
    @Override
    public WriterCommitMessage commit() throws IOException {
        if (buffer.rows() > 0) {
            flush();
        }
        return output.written();
    }

    @Override
    public void abort() {
        // The job removes the hidden directory with all that is in it.
    }

    @Override
    public void close() {
        buffer.close();
        allocator.close();
    }
}
