package org.arrownpz.spark.internal.write;

import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.OutputMetrics;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.jspecify.annotations.Nullable;

/** Tells Spark's metrics how many rows and bytes a task wrote, and Hadoop's committer how the attempt ended. */
final class MeteredWriter implements DataWriter<InternalRow> {
    private final DataWriter<InternalRow> writer;
    private final @Nullable HadoopCommit attempt;
    private long rows;

    MeteredWriter(DataWriter<InternalRow> writer, @Nullable HadoopCommit attempt) {
        this.writer = writer;
        this.attempt = attempt;
    }

    @Override
    public void write(InternalRow row) throws IOException {
        writer.write(row);
        rows++;
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
        WriterCommitMessage message = writer.commit();
        if (attempt != null) {
            attempt.commitTask();
        }
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
        if (attempt != null) {
            attempt.abortTask();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
