package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.benchmarks.Scratch;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;

/** Data of a benchmark: an allocator, a directory that goes with it, and float64 frames as NPZ and Feather. */
final class Fixture implements AutoCloseable {
    /** As the peers write: no fsync. */
    static final WriteOptions RENAME_ONLY = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private static final ScalarDType FLOAT64 = ScalarDType.of(DTypeKind.FLOAT, 8);

    final BufferAllocator allocator = new RootAllocator();
    final Path directory;

    private final Scratch scratch;

    Fixture() throws IOException {
        scratch = Scratch.make();
        directory = scratch.directory();
    }

    /** Random float64 columns, the same for each call, as many as a form such as {@code 100x125000} says, and rows. */
    VectorSchemaRoot columns(String form) {
        String[] numbers = form.split("[x ]", -1);
        int columns = Integer.parseInt(numbers[0]);
        int rows = Integer.parseInt(numbers[1]);
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

    /** An NPZ as StaticFrame writes it, with each column as a block of its own. */
    Path npz(VectorSchemaRoot root) throws IOException {
        List<ArrayContent> blocks = new ArrayList<>();
        for (FieldVector column : root.getFieldVectors()) {
            blocks.add(ArrayContent.of(
                    column.getDataBuffer(), FLOAT64, Shape.of(root.getRowCount()), StorageOrder.FORTRAN));
        }
        return npz(blocks, blocks.size(), blocks.size());
    }

    /** The same with all columns as one block, row by row. */
    Path rowMajor(VectorSchemaRoot root) throws IOException {
        int columns = root.getFieldVectors().size();
        int rows = root.getRowCount();
        try (ArrowBuf block = allocator.buffer(8L * rows * columns)) {
            for (int column = 0; column < columns; column++) {
                ArrowBuf values = root.getVector(column).getDataBuffer();
                for (int row = 0; row < rows; row++) {
                    block.setLong(8L * ((long) row * columns + column), values.getLong(8L * row));
                }
            }
            ArrayContent content = ArrayContent.of(block, FLOAT64, Shape.of(rows, columns), StorageOrder.C);
            return npz(List.of(content), 1, columns);
        }
    }

    private Path npz(List<ArrayContent> blocks, int depth, int columns) throws IOException {
        Path file = directory.resolve("frame.npz");
        try (NpzWriter writer = NpzWriter.create(file, RENAME_ONLY)) {
            String[] labels =
                    IntStream.range(0, columns).mapToObj(i -> "column_" + i).toArray(String[]::new);
            array(writer, "__values_columns_0__.npy", ArrayContent.of(labels));
            for (int i = 0; i < blocks.size(); i++) {
                array(writer, "__blocks_" + i + "__.npy", blocks.get(i));
            }
            String meta = "{\"__names__\": [null, null, null], \"__types__\": [\"Index\", \"Index\"], \"__depths__\": ["
                    + depth + ", 1, 1]}";
            writer.bytes("__meta__.json", meta.getBytes(StandardCharsets.US_ASCII));
            writer.finish();
        }
        return file;
    }

    private static void array(NpzWriter writer, String member, ArrayContent content) throws IOException {
        byte[] header = NpyHeaderWriter.staticFrame((ScalarDType) content.dtype(), content.shape(), content.order());
        writer.array(member, header, content);
    }

    /** The same data as Feather (an uncompressed Arrow IPC file) by the stock writer. */
    Path feather(VectorSchemaRoot root) throws IOException {
        Path file = directory.resolve("frame.feather");
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.writeBatch();
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        try {
            scratch.close();
        } finally {
            allocator.close();
        }
    }
}
