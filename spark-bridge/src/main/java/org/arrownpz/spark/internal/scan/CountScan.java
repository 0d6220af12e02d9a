package org.arrownpz.spark.internal.scan;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The answer to {@code count(*)} from headers. A task brings it, so that Spark's metrics show what it took.
 *
 * @param total the rows of all files
 * @param columns how often the query asks for them
 * @param headers the bytes of the headers, about
 */
record CountScan(long total, int columns, long headers) implements Scan, Batch {
    @DefaultSerializer(JavaSerializer.class) // Kryo itself cannot make records.
    private record Answer(long total, int columns, long headers) implements InputPartition {}

    private static final class Reader implements PartitionReader<InternalRow> {
        private final Answer answer;
        private boolean done;

        Reader(Answer answer) {
            this.answer = answer;
        }

        @Override
        public boolean next() {
            if (done) {
                return false;
            }
            done = true;
            NpzPartitionReader.count(answer.headers());
            return true;
        }

        @Override
        public InternalRow get() {
            Object[] values = new Object[answer.columns()];
            Arrays.fill(values, answer.total());
            return new GenericInternalRow(values);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Override
    public StructType readSchema() {
        StructType schema = new StructType();
        for (int i = 0; i < columns; i++) {
            schema = schema.add("count(*)" + (i == 0 ? "" : i), DataTypes.LongType, false);
        }
        return schema;
    }

    @Override
    public String description() {
        return "npz count(*) from headers: " + total;
    }

    @Override
    public ColumnarSupportMode columnarSupportMode() {
        return ColumnarSupportMode.UNSUPPORTED;
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
        return new InputPartition[] {new Answer(total, columns, headers)};
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return new Readers();
    }

    private static final class Readers implements PartitionReaderFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public PartitionReader<InternalRow> createReader(InputPartition part) {
            return new Reader((Answer) part);
        }
    }
}
