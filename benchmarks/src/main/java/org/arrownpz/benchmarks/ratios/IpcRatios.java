package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.MappedIpcReader;

/**
 * Opening an uncompressed Arrow IPC file of one batch of float64 columns, in a warm page cache, until the
 * {@code VectorSchemaRoot} is loaded; closing is part of it for everybody. {@code Touch} sums every value by one kernel.
 */
final class IpcRatios implements Ratios.Subject {
    /** More rows than any batch has: smaller ones make the native library copy. */
    private static final long SCAN_ROWS = 1 << 22;

    private static final FieldType FLOAT64 =
            FieldType.nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));

    private final String form;
    private final Fixture fixture = new Fixture();
    private final Path file;
    private final List<String> names;
    private long[] places = {};
    private long bytes;
    private ByteBuffer ones = ByteBuffer.allocate(0);

    /** @param form columns, rows, and who wrote the file: the stock writer (with bitmaps) or this library (without) */
    IpcRatios(String form) throws Exception {
        this.form = form;
        long expected;
        try (VectorSchemaRoot root = fixture.columns(form)) {
            expected = Raw.sum(root);
            names = root.getSchema().getFields().stream().map(Field::getName).toList();
            if (form.endsWith("stock")) {
                file = fixture.feather(root);
            } else {
                file = fixture.directory.resolve("ours.feather");
                Ipc.write(root, file, IpcOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
        }
        findValues();
        if (expected != mapped(Raw::sum)
                || expected != floorTouch()
                || expected != arrowObjects(Raw::sum)
                || expected != arrowFileReader(Raw::sum)
                || expected != dataset("", Raw::sum)
                || expected != dataset("?use_mmap", Raw::sum)) {
            throw new IllegalStateException("the readers see different values");
        }
    }

    @Override
    public void compare() throws Exception {
        compare(" ready", "map, unmap", this::floorReady, "Arrow objects alone", VectorSchemaRoot::getRowCount);
        compare(" touch", "map and touch", this::floorTouch, "Arrow objects and touch", Raw::sum);
    }

    private void compare(
            String what, String floor, Callable<?> floorCall, String objects, ToLongFunction<VectorSchemaRoot> use)
            throws Exception {
        Ratios.turns("ipc " + form + what)
                .floor(floor, floorCall)
                .add(objects, () -> arrowObjects(use))
                .add("Ipc.open", () -> mapped(use))
                .add("ArrowFileReader", () -> arrowFileReader(use))
                .add("dataset", () -> dataset("", use))
                .add("dataset ?use_mmap", () -> dataset("?use_mmap", use))
                .run();
    }

    /** Finds each column's values for the floor, which need not read metadata to know. */
    private void findValues() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer tail = read(channel, channel.size() - 10, 4);
            int length = tail.getInt(0);
            Footer footer = Footer.getRootAsFooter(read(channel, channel.size() - 10 - length, length));
            Block block = footer.recordBatches(0);
            ByteBuffer metadata = read(channel, block.offset() + 8, block.metaDataLength() - 8);
            RecordBatch batch = (RecordBatch) Message.getRootAsMessage(metadata).header(new RecordBatch());
            places = new long[batch.nodesLength()];
            bytes = batch.length() * 8;
            ones = ByteBuffer.allocateDirect((int) (batch.length() / Byte.SIZE + Long.BYTES));
            for (int i = 0; i < places.length; i++) {
                places[i] = block.offset()
                        + block.metaDataLength()
                        + batch.buffers(i * 2 + 1).offset();
            }
        }
    }

    private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            channel.read(buffer, offset + buffer.position());
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        fixture.close();
    }

    /** The floor for opening: the file mapped and unmapped, nothing known of what is in it. */
    private long floorReady() throws IOException {
        MappedByteBuffer mapping = map();
        long address = Raw.address(mapping);
        Raw.unmap(mapping);
        return address;
    }

    /** The floor: mapped, and every value summed where it is known to lie. */
    private long floorTouch() throws IOException {
        MappedByteBuffer mapping = map();
        long address = Raw.address(mapping);
        long sum = 0;
        for (long place : places) {
            sum += Raw.sum(address + place, bytes);
        }
        Raw.unmap(mapping);
        return sum;
    }

    /**
     * The floor of whatever gives a {@code VectorSchemaRoot}: a field and a vector for each column, loaded with a bitmap
     * that all share and with its values, and the root. Names, types and places are known; nothing is read or checked.
     */
    private long arrowObjects(ToLongFunction<VectorSchemaRoot> use) throws IOException {
        MappedByteBuffer mapping = map();
        long address = Raw.address(mapping);
        int rows = (int) (bytes / Double.BYTES);
        ArrowFieldNode node = new ArrowFieldNode(rows, 0);
        ArrowBuf bits = new ArrowBuf(ReferenceManager.NO_OP, null, ones.capacity(), Raw.address(ones));
        List<Field> fields = new ArrayList<>(places.length);
        List<FieldVector> vectors = new ArrayList<>(places.length);
        for (int i = 0; i < places.length; i++) {
            Field field = new Field(names.get(i), FLOAT64, null);
            Float8Vector vector = new Float8Vector(field, fixture.allocator);
            ArrowBuf values = new ArrowBuf(ReferenceManager.NO_OP, null, bytes, address + places[i]);
            vector.loadFieldBuffers(node, List.of(bits, values));
            fields.add(field);
            vectors.add(vector);
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(fields, vectors, rows)) {
            return use.applyAsLong(root);
        } finally {
            Raw.unmap(mapping);
        }
    }

    private MappedByteBuffer map() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    private long mapped(ToLongFunction<VectorSchemaRoot> use) throws IOException {
        try (MappedIpcReader reader = Ipc.open(fixture.allocator, file)) {
            reader.loadNextBatch();
            return use.applyAsLong(reader.getVectorSchemaRoot());
        }
    }

    /** The peer in Java. It has always read all values when it is ready. */
    private long arrowFileReader(ToLongFunction<VectorSchemaRoot> use) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, fixture.allocator)) {
            reader.loadNextBatch();
            return use.applyAsLong(reader.getVectorSchemaRoot());
        }
    }

    /** The native peer as it is usually called, or with the option that makes it map. */
    private long dataset(String option, ToLongFunction<VectorSchemaRoot> use) throws Exception {
        try (FileSystemDatasetFactory factory = new FileSystemDatasetFactory(
                        fixture.allocator, NativeMemoryPool.getDefault(), FileFormat.ARROW_IPC, file.toUri() + option);
                Dataset dataset = factory.finish();
                Scanner scanner = dataset.newScan(new ScanOptions(SCAN_ROWS));
                ArrowReader reader = scanner.scanBatches()) {
            long result = 0;
            while (reader.loadNextBatch()) {
                result += use.applyAsLong(reader.getVectorSchemaRoot());
            }
            return result;
        }
    }
}
