package org.arrownpz.flight;

import static org.arrownpz.testing.RandomVectors.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.array.Npy;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.testing.SparseArrays;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a stream of rows of a mapped file consists of. */
@ExtendWith(LeakCheck.class)
class FrameBatchesTest {
    private static final WriteOptions ARROW = WriteOptions.defaults().withLayout(ColumnLayout.ARROW);
    private static final ArrowType TEXT = new ArrowType.Utf8();
    private static final int ROWS = 100;

    @TempDir
    Path directory;

    private Path write(List<Field> fields, BufferAllocator allocator) throws NpzException {
        RandomVectors random = new RandomVectors(allocator, 3, true);
        List<FieldVector> columns = new ArrayList<>();
        fields.forEach(field -> columns.add(random.vector(field, ROWS)));
        Path file = directory.resolve("served.npz");
        try (VectorSchemaRoot root = new VectorSchemaRoot(columns)) {
            Frames.write(root, file, ARROW);
        }
        return file;
    }

    private static List<Field> unions() {
        Field dense = field(
                "dense",
                new ArrowType.Union(UnionMode.Dense, new int[] {5, 2, 90}),
                field("i", new ArrowType.Int(32, true)),
                field("t", TEXT),
                field("l", new ArrowType.List(), field("item", TEXT)));
        return List.of(
                dense,
                field("unions in a struct", new ArrowType.Struct(), dense, field("t", TEXT)),
                field(
                        "unions in fixed lists",
                        new ArrowType.FixedSizeList(2),
                        field("s", new ArrowType.Struct(), dense)),
                field("unions in lists", new ArrowType.List(), dense));
    }

    private static void collect(VectorSchemaRoot root, List<List<Object>> values) {
        for (int i = 0; i < values.size(); i++) {
            values.get(i).addAll(RandomVectors.values(root.getVector(i)));
        }
    }

    private static List<List<Object>> columns(int count) {
        List<List<Object>> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(new ArrayList<>());
        }
        return columns;
    }

    /** Without them a matrix of one column is written back as an array of one dimension. */
    @Test
    void tellTheBlocksOfTheFile(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("matrix.npy");
        Npy.save(file, new double[][] {{1}, {2}, {3}});
        try (Frame frame = Frames.open(allocator, file)) {
            Map<String, String> told = frame.interchangeSchema().getCustomMetadata();
            for (NpzTicket ticket :
                    List.of(NpzTicket.of("matrix"), NpzTicket.of("matrix").withRows(1, 1))) {
                try (FrameBatches batches = new FrameBatches(frame, ticket, 1 << 20, allocator, true)) {
                    assertThat(batches.root().getSchema().getCustomMetadata()).isEqualTo(told);
                }
            }
        }
    }

    @Test
    void bringDenseUnionsOfAnyTypeCodesWhereverTheyStand(BufferAllocator allocator) throws Exception {
        Path file = write(unions(), allocator);
        List<List<Object>> expected = columns(unions().size());
        List<List<Object>> received = columns(unions().size());
        try (Frame frame = Frames.open(allocator, file)) {
            collect(frame.root(), expected);
        }
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withBatchBytes(2000));
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", server.port()))
                        .build();
                FlightStream stream = client.getStream(NpzTicket.of("served").toTicket())) {
            int batches = 0;
            while (stream.next()) {
                collect(stream.getRoot(), received);
                batches++;
            }
            assertThat(batches).isGreaterThan(3);
        }
        assertThat(received).isEqualTo(expected);
    }

    @Test
    void holdTheRowsOfEveryTypeInMemoryOfTheAllocator(BufferAllocator allocator) throws Exception {
        List<Field> fields = new ArrayList<>(AllTypes.all());
        fields.addAll(unions());
        Path file = write(fields, allocator);
        List<List<Object>> expected = columns(fields.size());
        List<List<Object>> sent = columns(fields.size());
        try (Frame frame = Frames.open(allocator, file);
                Batches batches = new FrameBatches(frame, NpzTicket.of("served"), 5000, allocator, false)) {
            collect(frame.root(), expected);
            while (batches.next()) {
                for (FieldVector vector : batches.root().getFieldVectors()) {
                    assertNotMapped(vector);
                }
                collect(batches.root(), sent);
            }
        }
        assertThat(sent).isEqualTo(expected);
    }

    private static void assertNotMapped(FieldVector vector) {
        for (ArrowBuf buffer : vector.getFieldBuffers()) {
            assertThat(Buffers.isMapped(buffer)).as("%s", vector.getField()).isFalse();
        }
        vector.getChildrenFromFields().forEach(FrameBatchesTest::assertNotMapped);
    }

    @Test
    void bringTheDictionariesOfTheirColumnsInMemoryOfTheAllocator(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("served.npz");
        DictionaryEncoding encoding = new DictionaryEncoding(5, false, new ArrowType.Int(32, true));
        try (VarCharVector words = new VarCharVector("words", allocator);
                IntVector codes =
                        new IntVector("codes", new FieldType(true, encoding.getIndexType(), encoding), allocator);
                IntVector plain = new IntVector("plain", allocator)) {
            for (int i = 0; i < ROWS; i++) {
                words.setSafe(i, ("word " + i).getBytes(StandardCharsets.US_ASCII));
                codes.setSafe(i, ROWS - 1 - i);
                plain.setSafe(i, i);
            }
            List.of(words, codes, plain).forEach(vector -> vector.setValueCount(ROWS));
            DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
            dictionaries.put(new Dictionary(words, encoding));
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of(codes, plain)), dictionaries)) {
                Frames.write(frame, file, ARROW);
            }
        }
        try (Frame frame = Frames.open(allocator, file);
                Batches all = new FrameBatches(frame, NpzTicket.of("served"), 5000, allocator, false);
                Batches part =
                        new FrameBatches(frame, NpzTicket.of("served").withColumns("plain"), 5000, allocator, false)) {
            assertThat(all.dictionaries().getDictionaryIds()).hasSize(1);
            long id = all.dictionaries().getDictionaryIds().iterator().next();
            FieldVector values = all.dictionaries().lookup(id).getVector();
            assertNotMapped(values);
            assertThat(values.getObject(7)).hasToString("word 7");
            assertThat(part.dictionaries().getDictionaryIds()).isEmpty();
        }
    }

    @Test
    void areRefusedWhenTheFileHasChangedMeanwhile(BufferAllocator allocator) throws Exception {
        Path file = write(unions(), allocator);
        try (Frame frame = Frames.open(allocator, file);
                Batches batches = new FrameBatches(frame, NpzTicket.of("served"), 2000, allocator, false)) {
            assertThat(batches.next()).isTrue();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.position(Files.size(file)).write(java.nio.ByteBuffer.allocate(1));
            }
            assertThatThrownBy(batches::next)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }

    @Test
    void ofAColumnMakeNoOther(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("served.npz");
        List<Field> fields = List.of(field("a", new ArrowType.Int(64, true)), field("b", new ArrowType.Bool()));
        List<FieldVector> columns = new ArrayList<>();
        fields.forEach(field -> columns.add(new RandomVectors(allocator, 3, false).vector(field, ROWS)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(columns)) {
            Frames.write(root, file, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, file);
                Batches batches =
                        new FrameBatches(frame, NpzTicket.of("served").withColumns("b"), 2000, allocator, false)) {
            assertThat(batches.next()).isTrue();
            assertThat(batches.root().getSchema().getFields()).hasSize(1);
            assertThat(frame.copyReport().columns())
                    .extracting(CopyReport.Column::isRead)
                    .containsOnly(false);
        }
    }

    @Test
    void ofAColumnThatIsUnknownAreRefused(BufferAllocator allocator) throws IOException {
        Path file = write(unions(), allocator);
        try (Frame frame = Frames.open(allocator, file)) {
            NpzTicket ticket = NpzTicket.of("served").withColumns("none");
            assertThatThrownBy(() -> new FrameBatches(frame, ticket, 2000, allocator, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A file of NPY, which its first bytes tell, under the extension that is served. */
    private Path file() {
        return directory.resolve("served.npz");
    }

    /** Of 20 GB, in a few MiB of the server, the client and all between them. */
    @Test
    void ofARowMajorFileTakeTheRowsThatAreAskedFor(BufferAllocator allocator) throws Exception {
        long rows = 20_000_000;
        long last = 256 * (rows - 2) + 255;
        SparseArrays.write(file(), Float.BYTES, Shape.of(rows, 256), StorageOrder.C, last);
        NpzTicket ticket = NpzTicket.of("served").withRows(rows - 3, 2);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", server.port()))
                        .build();
                FlightStream stream = client.getStream(ticket.toTicket())) {
            assertThat(stream.next()).isTrue();
            assertThat(stream.getRoot().getRowCount()).isEqualTo(2);
            assertThat(((Float4Vector) stream.getRoot().getVector("255")).get(1))
                    .isEqualTo(last);
            assertThat(stream.next()).isFalse();
        }
        assertThat(allocator.getPeakMemoryAllocation()).isLessThan(8 << 20);
    }

    @Test
    void ofARowMajorFileTakeTheMemoryOfABatch(BufferAllocator allocator) throws Exception {
        Path file = SparseArrays.write(file(), Double.BYTES, Shape.of(100_000, 100), StorageOrder.C, 99_999 * 100);
        try (Frame frame = Frames.open(allocator, file);
                Batches batches = new FrameBatches(frame, NpzTicket.of("served"), 1 << 20, allocator, false)) {
            int count = 0;
            double sum = 0;
            while (batches.next()) {
                int rows = batches.root().getRowCount();
                assertThat(rows).isBetween(count + 1_400 > 100_000 ? 1 : 1_000, 1_400);
                count += rows;
                sum += ((Float8Vector) batches.root().getVector(0)).get(rows - 1);
            }
            assertThat(count).isEqualTo(100_000);
            assertThat(sum).isEqualTo(99_999 * 100);
            assertThat(frame.copyReport().columns()).noneMatch(CopyReport.Column::isRead);
        }
        assertThat(allocator.getPeakMemoryAllocation()).isLessThan(4 << 20);
    }

    @Test
    void beginBehindTheRowsThatARootHolds(BufferAllocator allocator) throws Exception {
        long rows = Integer.MAX_VALUE + 10L;
        Path file = SparseArrays.write(file(), Float.BYTES, Shape.of(rows, 2), StorageOrder.C, 2 * (rows - 1) + 1);
        NpzTicket ticket = NpzTicket.of("served").withColumns("1").withRows(rows - 2, 2);
        try (Frame frame = Frames.open(allocator, file);
                Batches batches = new FrameBatches(frame, ticket, 1 << 20, allocator, false)) {
            assertThat(batches.next()).isTrue();
            assertThat(((Float4Vector) batches.root().getVector("1")).get(1)).isEqualTo(2f * (rows - 1) + 1);
            assertThat(batches.next()).isFalse();
        }
    }
}
