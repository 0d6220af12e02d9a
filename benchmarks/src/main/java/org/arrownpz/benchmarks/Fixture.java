package org.arrownpz.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;

/** Data of a benchmark: an allocator, a directory that goes with it, and float64 frames as NPZ and Feather. */
final class Fixture implements AutoCloseable {
    /** As the peers write: no fsync. */
    static final WriteOptions RENAME_ONLY = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    final BufferAllocator allocator = new RootAllocator();
    final Path directory;

    Fixture() {
        try {
            directory = Files.createTempDirectory("arrow-npz-benchmarks");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Random float64 columns, the same for each call. The caller closes the root. */
    VectorSchemaRoot columns(int columns, int rows) {
        SplittableRandom random = new SplittableRandom(42);
        List<FieldVector> vectors = new ArrayList<>(columns);
        for (int column = 0; column < columns; column++) {
            Float8Vector vector = new Float8Vector("column_" + column, allocator);
            vector.allocateNew(rows);
            vector.getValidityBuffer().setOne(0, vector.getValidityBuffer().capacity());
            ArrowBuf values = vector.getDataBuffer();
            for (int row = 0; row < rows; row++) {
                values.setDouble(row * 8L, random.nextDouble());
            }
            vector.setValueCount(rows);
            vectors.add(vector);
        }
        return new VectorSchemaRoot(vectors);
    }

    /** A StaticFrame NPZ with each column as a block of its own (1-D), or all as one two-dimensional block. */
    Path npz(VectorSchemaRoot root, StorageOrder order, boolean oneBlock) throws IOException {
        Path file = directory.resolve("frame-" + root.getFieldVectors().size() + "-" + order + oneBlock + ".npz");
        int columns = root.getFieldVectors().size();
        try (NpzWriter writer = NpzWriter.create(file, RENAME_ONLY)) {
            array(writer, "__values_columns_0__.npy", labels(columns));
            if (oneBlock) {
                array(writer, "__blocks_0__.npy", new Values(root.getFieldVectors(), root.getRowCount(), order, true));
            } else {
                for (int column = 0; column < columns; column++) {
                    List<FieldVector> one = root.getFieldVectors().subList(column, column + 1);
                    Values values = new Values(one, root.getRowCount(), StorageOrder.FORTRAN, false);
                    array(writer, "__blocks_" + column + "__.npy", values);
                }
            }
            String meta = "{\"__names__\": [null, null, null], \"__types__\": [\"Index\", \"Index\"], \"__depths__\": ["
                    + (oneBlock ? 1 : columns) + ", 1, 1]}";
            writer.bytes("__meta__.json", meta.getBytes(StandardCharsets.US_ASCII));
            writer.finish();
        }
        return file;
    }

    /** The same data as Feather (an uncompressed Arrow IPC file) by the stock writer. */
    Path feather(VectorSchemaRoot root) throws IOException {
        Path file = directory.resolve("frame-" + root.getFieldVectors().size() + ".feather");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.writeBatch();
        }
        return file;
    }

    private static void array(NpzWriter writer, String member, ArrayContent content) throws IOException {
        byte[] header = NpyHeaderWriter.staticFrame((ScalarDType) content.dtype(), content.shape(), content.order());
        writer.array(member, header, content);
    }

    /** {@code column_0}, {@code column_1}, … */
    private static ArrayContent labels(int columns) {
        int width = ("column_" + (columns - 1)).length();
        ByteBuffer data = ByteBuffer.allocate(columns * width * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < columns; column++) {
            data.position(column * width * 4);
            ("column_" + column).chars().forEach(data::putInt);
        }
        return new ArrayContent() {
            @Override
            public DType dtype() {
                return ScalarDType.unicode(width);
            }

            @Override
            public Shape shape() {
                return Shape.of(columns);
            }

            @Override
            public StorageOrder order() {
                return StorageOrder.FORTRAN;
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                sink.write(ByteBuffer.wrap(data.array()));
            }
        };
    }

    private record Values(List<FieldVector> columns, int rows, StorageOrder order, boolean block)
            implements ArrayContent {
        @Override
        public DType dtype() {
            return ScalarDType.of(DTypeKind.FLOAT, 8);
        }

        @Override
        public Shape shape() {
            return block ? Shape.of(rows, columns.size()) : Shape.of(rows);
        }

        @Override
        public void writeTo(ByteSink sink) throws NpzException {
            if (order == StorageOrder.FORTRAN) {
                for (FieldVector column : columns) {
                    sink.write(column.getDataBuffer(), 0, rows * 8L);
                }
                return;
            }
            ByteBuffer row = ByteBuffer.allocate(columns.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < rows; i++) {
                row.clear();
                for (FieldVector column : columns) {
                    row.putLong(column.getDataBuffer().getLong(i * 8L));
                }
                sink.write(row.flip());
            }
        }
    }

    @Override
    public void close() {
        try {
            Scratch.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            allocator.close();
        }
    }
}
