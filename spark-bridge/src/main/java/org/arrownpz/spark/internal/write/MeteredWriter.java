package org.arrownpz.spark.internal.write;

import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.OutputMetrics;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.arrownpz.spark.internal.write.NpzBatchWrite.Written;

/** Tells Spark's metrics how many rows and bytes a task wrote. */
final class MeteredWriter implements DataWriter<InternalRow> {
    private final DataWriter<InternalRow> writer;
    private long rows;

    MeteredWriter(DataWriter<InternalRow> writer) {
        this.writer = writer;
    }

    @Override
    public void write(InternalRow row) throws IOException {
        writer.write(row);
        rows++;
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
        WriterCommitMessage message = writer.commit();
        TaskContext task = TaskContext.get();
        if (task != null && message instanceof Written written) {
            OutputMetrics metrics = task.taskMetrics().outputMetrics();
            metrics.setRecordsWritten(rows);
            metrics.setBytesWritten(written.bytes());
        }
        return message;
    }

    @Override
    public void abort() throws IOException {
        writer.abort();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
