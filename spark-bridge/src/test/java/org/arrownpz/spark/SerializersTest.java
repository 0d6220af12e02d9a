package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

/** What goes from the driver to tasks and back, by each of Spark's serializers. */
@ExtendWith(SparkCheck.class)
class SerializersTest {
    private static final StructType SCHEMA = new StructType().add("x", "long").add("p", "int");

    @TempDir
    Path directory;

    private static Object sent(Serializer serializer, Object value) {
        SerializerInstance instance = serializer.newInstance();
        return instance.deserialize(instance.serialize(value, ClassTag$.MODULE$.Any()), ClassTag$.MODULE$.Any());
    }

    private record Info(CaseInsensitiveStringMap options) implements LogicalWriteInfo {
        @Override
        public String queryId() {
            return "query";
        }

        @Override
        public StructType schema() {
            return SCHEMA;
        }
    }

    @Test
    void tasksWriteAndReadWhateverSerializerBroughtThem(SparkSession spark) throws Exception {
        SparkConf conf = new SparkConf(false);
        for (Serializer serializer : List.of(new JavaSerializer(conf), new KryoSerializer(conf))) {
            String place =
                    directory.resolve(serializer.getClass().getSimpleName()).toString();
            CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(Map.of("path", place, "batchRows", "7"));
            NpzTable table = (NpzTable) new NpzDataSource()
                    .getTable(SCHEMA, new Transform[] {Expressions.identity("p")}, options.asCaseSensitiveMap());
            BatchWrite write = table.newWriteBuilder(new Info(options)).build().toBatch();
            DataWriterFactory writers = (DataWriterFactory) sent(serializer, write.createBatchWriterFactory(() -> 1));
            WriterCommitMessage message;
            try (DataWriter<InternalRow> writer = writers.createWriter(0, 0)) {
                for (int i = 0; i < 10; i++) {
                    writer.write(new GenericInternalRow(new Object[] {(long) i, i / 5}));
                }
                message = writer.commit();
            }
            write.commit(new WriterCommitMessage[] {(WriterCommitMessage) sent(serializer, message)});

            ScanBuilder builder = ((NpzTable)
                            new NpzDataSource().getTable(SCHEMA, new Transform[0], options.asCaseSensitiveMap()))
                    .newScanBuilder(options);
            Batch scan = builder.build().toBatch();
            PartitionReaderFactory readers = (PartitionReaderFactory) sent(serializer, scan.createReaderFactory());
            long sum = 0;
            for (InputPartition part : scan.planInputPartitions()) {
                InputPartition there = (InputPartition) sent(serializer, part);
                try (PartitionReader<ColumnarBatch> reader = readers.createColumnarReader(there)) {
                    while (reader.next()) {
                        for (int row = 0; row < reader.get().numRows(); row++) {
                            sum += reader.get().column(0).getLong(row)
                                    + 100L * reader.get().column(1).getInt(row);
                        }
                    }
                }
            }
            assertThat(sum).as(place).isEqualTo(545);
        }
    }
}
