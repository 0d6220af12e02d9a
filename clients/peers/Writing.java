import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;

/**
 * Writes an Arrow file of one batch as Parquet, and prints the milliseconds of processor time of each turn: {@code arrow-npz} or
 * {@code parquet-java}, Arrow file, target, codec, turns, and a Parquet file of the same table whose schema parquet-java takes.
 */
public final class Writing {
    /** Of all threads, compiler and collector included: the machine may have other work. */
    private static final OperatingSystemMXBean CLOCK =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Writing() {}

    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(arguments[2]);
        String codec = arguments[3].toUpperCase(Locale.ROOT);
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader reader = Ipc.open(allocator, Path.of(arguments[1]))) {
            reader.loadNextBatch();
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            for (int turn = 0; turn < Integer.parseInt(arguments[4]); turn++) {
                Files.deleteIfExists(target);
                long start = CLOCK.getProcessCpuTime();
                if (arguments[0].equals("arrow-npz")) {
                    ParquetOptions options = ParquetOptions.defaults()
                            .withCompression(ParquetOptions.Compression.valueOf(codec))
                            .withDurability(Durability.RENAME_ONLY);
                    Parquet.write(root, reader, target, options);
                } else {
                    parquetJava(root, target, codec, Path.of(arguments[5]));
                }
                System.out.println((CLOCK.getProcessCpuTime() - start) / 1_000_000);
            }
        }
    }

    private static void parquetJava(VectorSchemaRoot root, Path target, String codec, Path like) throws Exception {
        MessageType schema;
        try (ParquetFileReader file = ParquetFileReader.open(new LocalInputFile(like))) {
            schema = file.getFileMetaData().getSchema();
        }
        try (ParquetWriter<Integer> writer = new Builder(new LocalOutputFile(target), new Rows(root, schema))
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.valueOf(codec))
                .build()) {
            for (int row = 0; row < root.getRowCount(); row++) {
                writer.write(row);
            }
        }
    }

    private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
        private final Rows rows;

        Builder(LocalOutputFile file, Rows rows) {
            super(file);
            this.rows = rows;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
            return rows;
        }

        @Override
        protected WriteSupport<Integer> getWriteSupport(ParquetConfiguration configuration) {
            return rows;
        }
    }

    /** Rows by number, taken from the vectors without an object for each value. */
    private static final class Rows extends WriteSupport<Integer> {
        private final MessageType schema;
        private final FieldVector[] columns;
        private RecordConsumer out;

        Rows(VectorSchemaRoot root, MessageType schema) {
            this.schema = schema;
            this.columns = root.getFieldVectors().toArray(FieldVector[]::new);
        }

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(schema, new java.util.HashMap<>());
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return init((Configuration) null);
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            out = consumer;
        }

        @Override
        public void write(Integer row) {
            out.startMessage();
            for (int i = 0; i < columns.length; i++) {
                if (!columns[i].isNull(row)) {
                    Type type = schema.getType(i);
                    out.startField(type.getName(), i);
                    value(columns[i], type, row);
                    out.endField(type.getName(), i);
                }
            }
            out.endMessage();
        }

        private void value(FieldVector vector, Type type, int row) {
            if (vector instanceof ListVector list) {
                list(list.getDataVector(), type, list.getElementStartIndex(row), list.getElementEndIndex(row));
                return;
            }
            if (vector instanceof FixedSizeListVector list) {
                list(list.getDataVector(), type, row * list.getListSize(), (row + 1) * list.getListSize());
                return;
            }
            PrimitiveType.PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
            if (vector instanceof BaseVariableWidthVector) {
                long start = vector.getOffsetBuffer().getInt(4L * row);
                byte[] bytes = new byte[(int) (vector.getOffsetBuffer().getInt(4L * row + 4) - start)];
                vector.getDataBuffer().getBytes(start, bytes);
                out.addBinary(Binary.fromConstantByteArray(bytes));
            } else if (vector instanceof DecimalVector decimal) {
                byte[] all = new byte[16];
                vector.getDataBuffer().getBytes(16L * row, all);
                int width = type.asPrimitiveType().getTypeLength();
                byte[] bytes = new byte[width];
                for (int i = 0; i < width; i++) {
                    bytes[i] = all[width - 1 - i];
                }
                out.addBinary(Binary.fromConstantByteArray(bytes));
            } else if (vector instanceof BitVector bits) {
                out.addBoolean(bits.get(row) != 0);
            } else {
                switch (name) {
                    case FLOAT -> out.addFloat(vector.getDataBuffer().getFloat(4L * row));
                    case DOUBLE -> out.addDouble(vector.getDataBuffer().getDouble(8L * row));
                    case INT64 -> out.addLong(vector.getDataBuffer().getLong(8L * row));
                    default -> {
                        int width = ((BaseFixedWidthVector) vector).getTypeWidth();
                        out.addInteger(width == 1 ? vector.getDataBuffer().getByte(row) : vector.getDataBuffer().getInt(4L * row));
                    }
                }
            }
        }

        private void list(FieldVector elements, Type type, int from, int to) {
            out.startGroup();
            if (to > from) {
                Type repeated = type.asGroupType().getType(0);
                Type element = repeated.asGroupType().getType(0);
                out.startField(repeated.getName(), 0);
                for (int i = from; i < to; i++) {
                    out.startGroup();
                    if (!elements.isNull(i)) {
                        out.startField(element.getName(), 0);
                        value(elements, element, i);
                        out.endField(element.getName(), 0);
                    }
                    out.endGroup();
                }
                out.endField(repeated.getName(), 0);
            }
            out.endGroup();
        }
    }
}
