package org.arrownpz.spark.internal.write;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes the writers, in executors.
 *
 * @param place the hidden directory; the table's own where Hadoop's committer puts files there
 */
@DefaultSerializer(JavaSerializer.class) // Kryo itself cannot make records.
record NpzWriterFactory(
        URI place,
        boolean committed,
        String queryId,
        PartitionSpec partitions,
        NpzOptions options,
        @Nullable Broadcast<SerializableConfiguration> remote)
        implements DataWriterFactory, StreamingDataWriterFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
        Configuration configuration = remote == null ? null : remote.value().value();
        // Attempts of one partition differ in the task's number; only one of them is committed.
        String prefix = String.format("part-%05d-%s-%d", partitionId, queryId, taskId);
        try {
            HadoopCommit attempt = configuration == null || !committed
                    ? null
                    : HadoopCommit.of(place, queryId, partitionId, taskId, configuration);
            URI target = attempt == null ? place : attempt.setupTask();
            AtomicInteger count = new AtomicInteger();
            Function<String, DataWriter<InternalRow>> writers = directory ->
                    writer(new Output(target, committed, directory + prefix, count, configuration, options));
            return new MeteredWriter(
                    partitions.isEmpty() ? writers.apply("") : new PartitionedWriter(partitions, writers), attempt);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public DataWriter<InternalRow> createWriter(int partitionId, long taskId, long epoch) {
        return createWriter(partitionId, taskId);
    }

    private DataWriter<InternalRow> writer(Output output) {
        return options.packBy().isEmpty()
                ? new RowWriter(output, partitions.data(), options)
                : new PackWriter(output, partitions.data(), options);
    }
}
