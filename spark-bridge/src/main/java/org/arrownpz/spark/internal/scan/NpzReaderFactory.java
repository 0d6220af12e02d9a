package org.arrownpz.spark.internal.scan;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.SerializableConfiguration;
import org.arrownpz.spark.internal.NpzOptions;
import org.jspecify.annotations.Nullable;

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
