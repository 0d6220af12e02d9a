package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.NullOrdering;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.NpzException;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.spark.internal.Memory;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.column.SparkTypes;
import org.arrownpz.spark.internal.partition.PartitionSpec;

/**
 * A write. Rows become one NPZ for each task (more where they exceed {@code maxBytesInMemory}), as StaticFrame and NumPy
 * read it; files appear in the directory when all tasks are done.
 *
 * <p>With {@code packBy}, rows of one key become one row with lists. Spark brings the rows of a key together and no
 * more; sorting and packing happen on columns when a task ends. A task with more rows than {@code maxBytesInMemory}
 * holds lets Spark's external sorter take over and packs the sorted rows, several files if need be.
 * {@code packForm=sorted} asks Spark for sorted rows from the start.
 *
 * <p>With {@code partitionBy}, each task writes a file for each directory that it has rows for; Spark sorts the rows by
 * the directories' columns, so that one file is open at a time.
 */
public final class NpzWrite implements RequiresDistributionAndOrdering {
    private final NpzBatchWrite batch;
    private final PartitionSpec partitions;
    private final NpzOptions options;
    private final StructType columns;

    private final String queryId;
    private final boolean appends;

    /**
     * A write.
     *
     * @param queryId of a query, or of a stream, which keeps it however often it is started
     * @param appends whether it replaces nothing
     */
    NpzWrite(NpzBatchWrite batch, String queryId, boolean appends) {
        this.batch = batch;
        this.queryId = queryId;
        this.appends = appends;
        this.partitions = batch.partitions();
        this.options = batch.options();
        this.columns = check();
    }

    /** The columns of the files, as they will be read. */
    StructType columns() {
        return columns;
    }

    // Types and names are refused before any task starts.
    private StructType check() {
        StructType schema = partitions.data();
        try (BufferAllocator allocator = Memory.child("npz write");
                RowBuffer buffer = new RowBuffer(allocator, schema)) {
            if (options.packBy().isEmpty()) {
                return schema;
            }
            if (!options.orderBy().isEmpty()) {
                Packing.sorted(buffer.root(), options).close();
            }
            try (Packed packed = Events.pack(buffer.root(), Packing.spec(options, schema))) {
                return new StructType(packed.root().getSchema().getFields().stream()
                        .map(field -> DataTypes.createStructField(field.getName(), SparkTypes.of(field), true))
                        .toArray(StructField[]::new));
            }
        } catch (NpzException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public String description() {
        return "npz " + batch.directory();
    }

    @Override
    public Distribution requiredDistribution() {
        if (options.packBy().isEmpty()) {
            return Distributions.unspecified();
        }
        return Distributions.clustered(Stream.concat(partitions.names().stream(), options.packBy().stream())
                .map(NpzWrite::column)
                .toArray(Expression[]::new));
    }

    @Override
    public boolean distributionStrictlyRequired() {
        return !options.packBy().isEmpty();
    }

    /** Smaller than what a task may hold, so that most tasks never need the external sorter. */
    @Override
    public long advisoryPartitionSizeInBytes() {
        return options.packBy().isEmpty() ? 0 : Math.max(1, options.maxBytesInMemory() / 4);
    }

    /** Nulls come last, as core and the external sorter have them. */
    @Override
    public SortOrder[] requiredOrdering() {
        List<String> columns = new ArrayList<>(partitions.names());
        if (options.sorted()) {
            columns.addAll(options.packBy());
            columns.addAll(options.orderBy());
        }
        return columns.stream()
                .map(name -> Expressions.sort(column(name), SortDirection.ASCENDING, NullOrdering.NULLS_LAST))
                .toArray(SortOrder[]::new);
    }

    // A name as it is: dots in it are no path.
    private static NamedReference column(String name) {
        return Expressions.column('`' + name.replace("`", "``") + '`');
    }

    @Override
    public BatchWrite toBatch() {
        return batch;
    }

    @Override
    public StreamingWrite toStreaming() {
        if (!appends) {
            throw new IllegalArgumentException(NpzWriteBuilder.APPENDS);
        }
        return new Streaming(batch, queryId);
    }

    /**
     * Appends the batches of a stream, each once: what a driver writes again that was killed between its commit and Spark's
     * note of it is told by the names of the files.
     *
     * @param batch writes one batch
     * @param queryId the stream
     */
    private record Streaming(NpzBatchWrite batch, String queryId) implements StreamingWrite {
        @Override
        public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
            return batch.factory(false);
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
}
