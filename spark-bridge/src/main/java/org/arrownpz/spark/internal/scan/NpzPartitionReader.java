package org.arrownpz.spark.internal.scan;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.SerializableConfiguration;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.Memory;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.column.Columns;
import org.arrownpz.spark.internal.column.VectorColumn;
import org.arrownpz.spark.internal.partition.FileMetadata;
import org.arrownpz.spark.internal.partition.Partitions;
import org.arrownpz.spark.internal.read.NpzSource;
import org.arrownpz.spark.internal.read.NpzSource.FileColumns;
import org.arrownpz.spark.internal.scan.NpzScan.SkippedFiles;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;

/** Reads the slices of one task in batches. Spark closes it at the end of the task, however that comes. */
final class NpzPartitionReader implements PartitionReader<ColumnarBatch> {
    private final Iterator<NpzPartition.Slice> slices;
    private final StructType schema;
    private final NpzOptions options;
    private final @Nullable Configuration configuration;
    private final BufferAllocator allocator = Memory.child("npz task");
    private @Nullable OpenSlice open;
    private @Nullable ColumnarBatch batch;
    private long skipped;
    private boolean closed;

    NpzPartitionReader(
            NpzPartition part, StructType schema, NpzOptions options, @Nullable Configuration configuration) {
        this.slices = part.slices().iterator();
        this.schema = schema;
        this.options = options;
        this.configuration = configuration;
    }

    @Override
    public boolean next() throws NpzException {
        while (true) {
            OpenSlice slice = open;
            if (slice == null) {
                if (!slices.hasNext()) {
                    return false;
                }
                slice = new OpenSlice(slices.next());
                open = slice;
            }
            try {
                batch = slice.next();
                if (batch != null) {
                    return true;
                }
            } catch (NpzException e) {
                if (!NpzSource.maySkip(e, options)) {
                    throw e;
                }
                Log.LOG.warn("skipped from here on: {}", e.getMessage());
                skipped++;
            }
            open = null;
            slice.close();
        }
    }

    @Override
    public ColumnarBatch get() {
        ColumnarBatch current = batch;
        if (current == null) {
            throw new IllegalStateException("there is no batch");
        }
        return current;
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
        return new CustomTaskMetric[] {SkippedFiles.of(skipped)};
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        batch = null;
        InputFileBlockHolder.unset();
        if (open != null) {
            open.close();
            open = null;
        }
        allocator.close();
    }

    /** Rows of one file. It is opened when columns of it are wanted. */
    private final class OpenSlice {
        private final NpzPartition.Slice slice;
        private final Map<String, ColumnVector> constants;
        private final List<String> wanted = new ArrayList<>();
        private @Nullable NpzSource source;
        private @Nullable FileColumns columns;
        private long begin;
        private long next;
        private long end;
        private long bytes;

        OpenSlice(NpzPartition.Slice slice) {
            this.slice = slice;
            // What input_file_name() tells.
            InputFileBlockHolder.set(slice.path().address(), 0, slice.path().length());
            this.next = slice.from();
            this.end = slice.to();
            this.constants = Partitions.columns(slice.path(), schema);
            for (StructField field : schema.fields()) {
                if (FileMetadata.isMarked(field)) {
                    constants.put(field.name(), FileMetadata.column(slice.path(), field));
                }
            }
            Set<String> there = new HashSet<>(slice.columns());
            for (StructField field : schema.fields()) {
                if (!constants.containsKey(field.name()) && there.contains(field.name())) {
                    wanted.add(field.name());
                }
            }
        }

        @Nullable
        ColumnarBatch next() throws NpzException {
            if (columns == null && (!wanted.isEmpty() || options.unpack())) {
                NpzSource opened = NpzSource.open(allocator, slice.path(), configuration, options.reading());
                source = opened;
                if (opened.head().rows() < slice.to()) {
                    throw Location.ofFile(slice.path().text())
                            .error(ErrorCode.FILE_CHANGED, "the file has fewer rows than when the query was planned")
                            .expected(slice.to())
                            .found(opened.head().rows())
                            .build();
                }
                columns = opened.columns(wanted, options.unpack());
                // What other file systems read they count by themselves.
                bytes = slice.path().isLocal()
                        ? (long) ((double) columns.bytes()
                                * (slice.to() - slice.from())
                                / Math.max(1, opened.head().rows()))
                        : 0;
                next = columns.position(slice.from());
                begin = next;
                end = columns.position(slice.to());
            }
            int count = (int) Math.min(options.batchRows(), end - next);
            if (count <= 0) {
                return null;
            }
            ColumnVector[] read = columns == null ? new ColumnVector[0] : columns.read(next, count);
            ColumnVector[] all = new ColumnVector[schema.length()];
            int position = 0;
            for (int i = 0; i < all.length; i++) {
                StructField field = schema.fields()[i];
                ColumnVector constant = constants.get(field.name());
                if (constant != null) {
                    all[i] = constant;
                } else if (position < wanted.size() && wanted.get(position).equals(field.name())) {
                    all[i] = field.dataType() instanceof UserDefinedType
                            ? VectorColumn.of(
                                    read[position++],
                                    field.dataType(),
                                    slice.path().text() + ": column " + field.name())
                            : read[position++];
                } else {
                    all[i] = Columns.nothing(count, field.dataType());
                }
            }
            count(share(next + count) - share(next));
            next += count;
            return new ColumnarBatch(all, count);
        }

        // The bytes up to a row.
        private long share(long row) {
            return end == begin ? 0 : (long) ((double) bytes * (row - begin) / (end - begin));
        }

        void close() {
            if (columns != null) {
                columns.close();
            }
            if (source != null) {
                source.close();
            }
        }
    }

    /**
     * Counts bytes for the task of this thread. Spark asks Hadoop, whose file systems count for themselves; local files
     * are read without them.
     */
    @SuppressWarnings("deprecation") // What is newer has no counter that others may add to.
    static void count(long bytes) {
        FileSystem.getStatistics("file", RawLocalFileSystem.class).incrementBytesRead(bytes);
    }

    /** Makes the readers, in executors. */
    @DefaultSerializer(JavaSerializer.class) // Kryo itself cannot make records.
    record NpzReaderFactory(
            StructType schema, NpzOptions options, @Nullable Broadcast<SerializableConfiguration> remote)
            implements PartitionReaderFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public PartitionReader<InternalRow> createReader(InputPartition part) {
            throw new UnsupportedOperationException("this source reads in batches");
        }

        @Override
        public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition part) {
            Configuration configuration = remote == null ? null : remote.value().value();
            return new NpzPartitionReader((NpzPartition) part, schema, options, configuration);
        }

        @Override
        public boolean supportColumnarReads(InputPartition part) {
            return true;
        }
    }

    /**
     * The part that one task reads.
     *
     * @param slices files and parts of files, one after the other
     */
    @DefaultSerializer(JavaSerializer.class) // Kryo itself cannot make records.
    record NpzPartition(List<Slice> slices) implements InputPartition {
        /**
         * Rows of a file.
         *
         * @param path the file
         * @param columns those of the wanted columns that the file has
         * @param from the first row
         * @param to the row after the last
         */
        record Slice(NpzPath path, List<String> columns, long from, long to) implements Serializable {}
    }
}
