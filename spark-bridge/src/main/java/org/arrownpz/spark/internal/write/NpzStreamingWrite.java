package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;

/**
 * Appends the batches of a stream, each once: what a driver writes again that was killed between its commit and Spark's
 * note of it is told by the names of the files.
 *
 * @param batch writes one batch
 * @param queryId the stream
 */
record NpzStreamingWrite(NpzBatchWrite batch, String queryId) implements StreamingWrite {
    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        return batch.createBatchWriterFactory(info);
    }

    @Override
    public void commit(long epoch, WriterCommitMessage[] messages) {
        try {
            batch.commitOnce(queryId + "-" + epoch, messages);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void abort(long epoch, WriterCommitMessage[] messages) {
        batch.abort(messages);
    }
}
