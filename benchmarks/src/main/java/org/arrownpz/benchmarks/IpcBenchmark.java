package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Opening an uncompressed Arrow IPC file of one batch of float64 columns, in a warm page cache, until the
 * {@code VectorSchemaRoot} is loaded; closing is part of it for everybody. {@code Touch} sums every value by one kernel.
 */
@State(Scope.Thread)
public class IpcBenchmark extends FileBenchmark {
    /** More rows than any batch has: smaller ones make the native library copy. */
    private static final long SCAN_ROWS = 1 << 22;

    /** Columns, rows, and who wrote the file: the stock writer (with bitmaps) or this library (without). */
    @Param({"100x1000000 stock", "100x1000000 ours", "10000x100 stock", "10000x100 ours"})
    public String form = "100x1000000 stock";

    private static final FieldType FLOAT64 =
            FieldType.nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));

    private Path file;
    private long[] places;
    private long bytes;
    private String[] names;
    private ByteBuffer ones;

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        fixture = new Fixture();
        String[] parts = form.split("[x ]", -1);
        long expected;
        try (VectorSchemaRoot root = fixture.columns(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]))) {
            expected = Raw.sum(root);
            names = root.getSchema().getFields().stream().map(Field::getName).toArray(String[]::new);
            if (parts[2].equals("stock")) {
                file = fixture.feather(root);
            } else {
                file = fixture.directory.resolve("ours.feather");
                Ipc.write(root, file, IpcOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
        }
        findValues();
        if (expected != mappedTouch()
                || expected != floorTouch()
                || expected != floorObjectsTouch()
                || expected != arrowFileReaderTouch()
                || expected != datasetTouch()
                || expected != datasetMmapTouch()) {
            throw new IllegalStateException("the readers see different values");
        }
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

    @TearDown(Level.Trial)
    public void tidyUp() {
        fixture.close();
    }

    /** The floor for opening: the file mapped and unmapped, nothing known of what is in it. */
    @Benchmark
    public long floorReady() throws IOException {
        MappedByteBuffer mapping = map();
        long address = Raw.address(mapping);
        Raw.unmap(mapping);
        return address;
    }

    /** The floor: mapped, and every value summed where it is known to lie. */
    @Benchmark
    public long floorTouch() throws IOException {
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
    @Benchmark
    public long floorObjectsReady() throws IOException {
        return arrowObjects(false);
    }

    /** {@link #floorObjectsReady} and every value summed. */
    @Benchmark
    public long floorObjectsTouch() throws IOException {
        return arrowObjects(true);
    }

    private long arrowObjects(boolean touch) throws IOException {
        MappedByteBuffer mapping = map();
        long address = Raw.address(mapping);
        int rows = (int) (bytes / Double.BYTES);
        ArrowFieldNode node = new ArrowFieldNode(rows, 0);
        ArrowBuf bits = new ArrowBuf(ReferenceManager.NO_OP, null, ones.capacity(), Raw.address(ones));
        List<Field> fields = new ArrayList<>(places.length);
        List<FieldVector> vectors = new ArrayList<>(places.length);
        for (int i = 0; i < places.length; i++) {
            Field field = new Field(names[i], FLOAT64, null);
            Float8Vector vector = new Float8Vector(field, fixture.allocator);
            ArrowBuf values = new ArrowBuf(ReferenceManager.NO_OP, null, bytes, address + places[i]);
            vector.loadFieldBuffers(node, List.of(bits, values));
            fields.add(field);
            vectors.add(vector);
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(fields, vectors, rows)) {
            return touch ? Raw.sum(root) : root.getRowCount();
        } finally {
            Raw.unmap(mapping);
        }
    }

    private MappedByteBuffer map() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    @Benchmark
    public long mappedReady() throws IOException {
        try (MappedIpcReader reader = Ipc.open(fixture.allocator, file)) {
            return loaded(reader).getRowCount();
        }
    }

    @Benchmark
    public long mappedTouch() throws IOException {
        try (MappedIpcReader reader = Ipc.open(fixture.allocator, file)) {
            return Raw.sum(loaded(reader));
        }
    }

    /** The peer in Java. It has always read all values when it is ready. */
    @Benchmark
    public long arrowFileReaderReady() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, fixture.allocator)) {
            return loaded(reader).getRowCount();
        }
    }

    @Benchmark
    public long arrowFileReaderTouch() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, fixture.allocator)) {
            return Raw.sum(loaded(reader));
        }
    }

    /** The native peer as it is usually called. */
    @Benchmark
    public long datasetReady() throws IOException {
        return dataset("", false);
    }

    @Benchmark
    public long datasetTouch() throws IOException {
        return dataset("", true);
    }

    /** The native peer with the option that makes it map. */
    @Benchmark
    public long datasetMmapReady() throws IOException {
        return dataset("?use_mmap", false);
    }

    @Benchmark
    public long datasetMmapTouch() throws IOException {
        return dataset("?use_mmap", true);
    }

    private long dataset(String option, boolean touch) throws IOException {
        try (FileSystemDatasetFactory factory = new FileSystemDatasetFactory(
                        fixture.allocator, NativeMemoryPool.getDefault(), FileFormat.ARROW_IPC, file.toUri() + option);
                Dataset dataset = factory.finish();
                Scanner scanner = dataset.newScan(new ScanOptions(SCAN_ROWS));
                ArrowReader reader = scanner.scanBatches()) {
            long result = 0;
            while (reader.loadNextBatch()) {
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                result += touch ? Raw.sum(root) : root.getRowCount();
            }
            return result;
        } catch (RuntimeException | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static VectorSchemaRoot loaded(ArrowReader reader) throws IOException {
        if (!reader.loadNextBatch()) {
            throw new IllegalStateException("no batch");
        }
        return reader.getVectorSchemaRoot();
    }
}
