package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Vectors;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Floats of machine learning pass through Feather and Arrow IPC with their name and their bits, both ways. */
@ExtendWith(LeakCheck.class)
class OpaqueFloatsTest {
    private static final int ROWS = 256;

    @TempDir
    Path directory;

    /** All values of each float8, and as many of bfloat16 as two columns of a matrix. */
    private Path archive() throws Exception {
        Path file = directory.resolve("w.npz");
        Map<String, Object> arrays = new java.util.LinkedHashMap<>();
        for (SmallFloat type : SmallFloat.values()) {
            byte[] bits = new byte[ROWS * (type.bytes() == 1 ? 1 : 2 * type.bytes())];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = (byte) (type.bytes() == 1 ? i : i * 31);
            }
            Shape shape = type.bytes() == 1 ? Shape.of(ROWS) : Shape.of(ROWS, 2);
            arrays.put(type.mlName(), ArrayContent.of(ByteBuffer.wrap(bits), ScalarDType.of(type), shape));
        }
        Npz.save(file, arrays);
        return file;
    }

    private static ReadOptions options() {
        ReadOptions options = ReadOptions.defaults();
        for (SmallFloat type : SmallFloat.values()) {
            options = options.withSmallFloat(type.mlName(), type);
        }
        return options;
    }

    private static byte[] bits(FieldVector vector) {
        FieldVector leaf = vector instanceof FixedSizeListVector list ? list.getDataVector() : vector;
        FixedSizeBinaryVector values = (FixedSizeBinaryVector) leaf;
        byte[] bytes = new byte[values.getValueCount() * values.getByteWidth()];
        values.getDataBuffer().getBytes(0, bytes);
        return bytes;
    }

    private static void assertSame(VectorSchemaRoot root, VectorSchemaRoot expected) {
        assertThat(root.getFieldVectors()).hasSameSizeAs(expected.getFieldVectors());
        for (FieldVector column : expected.getFieldVectors()) {
            FieldVector other = root.getVector(column.getName());
            assertThat(other.getField()).isEqualTo(column.getField());
            assertThat(bits(other)).isEqualTo(bits(column));
            assertThat(Vectors.smallFloat(other.getField()))
                    .isEqualTo(SmallFloat.ofName(column.getName()))
                    .isNotNull();
        }
    }

    @Test
    void keepsNameAndBitsBothWays(BufferAllocator allocator) throws Exception {
        for (IpcOptions.Compression compression :
                List.of(IpcOptions.Compression.NONE, IpcOptions.Compression.LZ4, IpcOptions.Compression.ZSTD)) {
            Path feather = directory.resolve(compression + ".feather");
            Path again = directory.resolve(compression + ".npz");
            try (Frame frame = Frames.open(allocator, archive(), options())) {
                Ipc.write(frame, feather, IpcOptions.defaults().withCompression(compression));
                try (Frame read = Tables.read(allocator, feather)) {
                    assertSame(read.root(), frame.root());
                    Frames.write(read, again, WriteOptions.defaults());
                    Frames.write(
                            read,
                            directory.resolve("frame.npz"),
                            WriteOptions.defaults().withForm(ArchiveForm.FRAME).withOverwrite());
                }
                // A plain archive says it by the options, a frame by itself.
                try (Frame back = Frames.open(allocator, again, options());
                        Frame table = Frames.open(allocator, directory.resolve("frame.npz"))) {
                    assertSame(back.root(), frame.root());
                    assertSame(table.root(), frame.root());
                }
                try (NumpyArrays arrays = Npz.load(allocator, again, options());
                        FieldVector floats = Vectors.floats(allocator, frame.column("bfloat16"))) {
                    assertThat(arrays.get("bfloat16").floats()[3]).isEqualTo(((List<?>) floats.getObject(1)).get(1));
                }
            }
        }
    }

    @Test
    void arrowsOwnReaderSeesTheExtension(BufferAllocator allocator) throws Exception {
        Path feather = directory.resolve("w.feather");
        try (Frame frame = Frames.open(allocator, archive(), options())) {
            Ipc.write(frame, feather, IpcOptions.defaults());
        }
        try (FileChannel channel = FileChannel.open(feather);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            for (FieldVector column : reader.getVectorSchemaRoot().getFieldVectors()) {
                assertThat(Vectors.smallFloat(column.getField())).isEqualTo(SmallFloat.ofName(column.getName()));
            }
        }
    }

    @Test
    void pyarrowReadsTheTypeAndWritesIt(BufferAllocator allocator) throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(python != null, "skipped: no Python with pyarrow");
        Path ours = directory.resolve("ours.feather");
        Path theirs = directory.resolve("theirs.feather");
        try (Frame frame = Frames.open(allocator, archive(), options())) {
            Ipc.write(frame, ours, IpcOptions.defaults());
            Path script = directory.resolve("opaque.py");
            Files.writeString(script, PYTHON);
            Python.check(directory, python, script, ours, theirs);
            try (Frame read = Tables.read(allocator, theirs)) {
                for (FieldVector column : frame.root().getFieldVectors()) {
                    FieldVector other = read.column(column.getName());
                    assertThat(Vectors.smallFloat(other.getField())).isEqualTo(SmallFloat.ofName(column.getName()));
                    assertThat(bits(other)).isEqualTo(bits(column));
                }
            }
        }
    }

    private static final String PYTHON = """
            import sys
            import pyarrow as pa
            from pyarrow import feather

            table = feather.read_table(sys.argv[1])
            columns = {}
            for field in table.schema:
                kind = field.type.value_type if pa.types.is_fixed_size_list(field.type) else field.type
                width = 2 if field.name == "bfloat16" else 1
                named = pa.opaque(pa.binary(width), field.name, "ml_dtypes")
                assert kind == named, (field.name, field.type)
                column = table[field.name].combine_chunks()
                if pa.types.is_fixed_size_list(field.type):
                    values = pa.ExtensionArray.from_storage(named, column.flatten().storage)
                    columns[field.name] = pa.FixedSizeListArray.from_arrays(values, field.type.list_size)
                else:
                    columns[field.name] = pa.ExtensionArray.from_storage(named, column.storage)
            feather.write_feather(pa.table(columns), sys.argv[2], compression="uncompressed")
            """;
}
