package org.arrownpz.frame.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Roots;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of batches become one frame, held in memory or spooled. */
@ExtendWith(LeakCheck.class)
class BatchWriterTest {
    @TempDir
    Path directory;

    private void assertNothingBut(Path file) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 400, 0})
    void batchesFollowOneAnotherWhetherHeldOrSpooled(long heldLimit, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("frame.npz");
        try (Batches reader = new Batches(allocator, Map.of("user", "kept"))) {
            for (int i = 0; i < 20; i++) {
                reader.add(
                        Roots.longs(allocator, "n", i, -i),
                        Roots.texts(allocator, "t", "x".repeat(i), i % 3 == 0 ? null : "y"));
            }
            BatchWriter.write(reader, file, WriteOptions.defaults(), heldLimit);
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.rowCount()).isEqualTo(40);
            assertThat(frame.schema().getCustomMetadata()).containsEntry("user", "kept");
            List<Object> numbers = Roots.values(frame.root().getVector("n"));
            List<Object> texts = Roots.values(frame.root().getVector("t"));
            for (int i = 0; i < 20; i++) {
                assertThat(numbers.get(2 * i)).isEqualTo((long) i);
                assertThat(numbers.get(2 * i + 1)).isEqualTo((long) -i);
                assertThat(texts.get(2 * i)).isEqualTo("x".repeat(i));
                assertThat(texts.get(2 * i + 1)).isEqualTo(i % 3 == 0 ? null : "y");
            }
        }
        assertNothingBut(file);
    }

    @Test
    void labelsOfTheStreamAreThoseOfTheFrame(BufferAllocator allocator) throws Exception {
        Path source = directory.resolve("source.npz");
        try (VectorSchemaRoot root =
                        Roots.root(Roots.longs(allocator, "k", 1, 2, 3), Roots.doubles(allocator, "v", 4, 5, 6));
                Frame frame = Frame.of(root).withIndex("k").withName("named")) {
            Frames.write(frame, source, WriteOptions.defaults());
        }
        Path target = directory.resolve("target.npz");
        try (Frame frame = Frames.open(allocator, source);
                ArrowReader reader = frame.reader(2)) {
            Frames.write(reader, target, WriteOptions.defaults());
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void streamWithoutBatchesIsAFrameWithoutRows(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("empty.npz");
        try (Batches reader = new Batches(allocator, Map.of())) {
            reader.schemaOf(Roots.longs(allocator, "n"), Roots.texts(allocator, "t"));
            WriteReport report = Frames.write(reader, file, WriteOptions.defaults());
            assertThat(report.columns()).hasSize(2);
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.rowCount()).isZero();
            assertThat(frame.columnNames()).containsExactly("n", "t");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 0})
    void indicesKeepTheirMeaningWhenADictionaryIsReplaced(long heldLimit, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("dictionary.npz");
        try (Batches reader = new Batches(allocator, Map.of())) {
            reader.add(Roots.texts(allocator, "w", "red", "blue"), Roots.indices(allocator, "c", 1, 0, 1));
            reader.add(Roots.texts(allocator, "w", "green", "red"), Roots.indices(allocator, "c", 1, 0, -1, 1));
            BatchWriter.write(reader, file, WriteOptions.defaults(), heldLimit);
        }
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector indices = frame.root().getVector("c");
            assertThat(Roots.values(frame.dictionaries().lookup(1).getVector()))
                    .containsExactly("red", "blue", "green");
            assertThat(Roots.values(indices)).containsExactly(0, 1, 2, null, 0);
        }
        assertNothingBut(file);
    }

    @Test
    void dictionaryOfAStreamWithoutBatchesIsKept(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("none.npz");
        try (Batches reader = new Batches(allocator, Map.of())) {
            reader.schemaOf(Roots.texts(allocator, "w", "red"), Roots.indices(allocator, "c", 1));
            Frames.write(reader, file, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector indices = frame.root().getVector("c");
            assertThat(indices.getField().getDictionary().getId()).isEqualTo(1);
            assertThat(frame.dictionaries().lookup(1).getVector().getValueCount())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 0})
    void dictionaryThatGrowsStaysOne(long heldLimit, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("dictionary.npz");
        try (Batches reader = new Batches(allocator, Map.of())) {
            reader.add(Roots.texts(allocator, "w", "red"), Roots.indices(allocator, "c", 1, 0));
            reader.add(Roots.texts(allocator, "w", "red", "blue"), Roots.indices(allocator, "c", 1, 1, 0));
            BatchWriter.write(reader, file, WriteOptions.defaults(), heldLimit);
        }
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector indices = frame.root().getVector("c");
            assertThat(indices.getField().getDictionary()).isNotNull();
            try (FieldVector values = (FieldVector)
                    DictionaryEncoder.decode(indices, frame.dictionaries().lookup(1))) {
                assertThat(Roots.values(values)).containsExactly("red", "blue", "red");
            }
        }
    }

    @Test
    void dictionariesOfAMappedFrameStayOne(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("dictionary.npz");
        Path again = directory.resolve("again.npz");
        try (Batches reader = new Batches(allocator, Map.of())) {
            reader.add(Roots.texts(allocator, "w", "red", "blue"), Roots.indices(allocator, "c", 1, 1, 0, -1, 1));
            BatchWriter.write(reader, file, WriteOptions.defaults(), Long.MAX_VALUE);
        }
        try (Frame frame = Frames.open(allocator, file);
                ArrowReader reader = frame.reader(3)) {
            assertThat(VectorSlices.isMapped(frame.dictionaries().lookup(1).getVector()))
                    .isTrue();
            Frames.write(reader, again, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, again)) {
            FieldVector indices = frame.root().getVector("c");
            try (FieldVector values = (FieldVector)
                    DictionaryEncoder.decode(indices, frame.dictionaries().lookup(1))) {
                assertThat(Roots.values(values)).containsExactly("blue", "red", null, "blue");
            }
        }
    }

    @Test
    void failureOfTheReaderLeavesNothingBehind(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("frame.npz");
        try (Batches reader = new Batches(allocator, Map.of())) {
            reader.add(Roots.longs(allocator, "n", 1));
            reader.add(Roots.longs(allocator, "n", 2));
            reader.failAt = 2;
            assertThatThrownBy(() -> BatchWriter.write(reader, file, WriteOptions.defaults(), 0))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                    .hasMessageContaining("no more");
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
        assertThat(ReadOptions.defaults().columns()).isNull();
    }

    /** A reader of given batches; a leading text vector before indices is their dictionary. */
    private static final class Batches extends ArrowReader {
        private final BufferAllocator allocator;
        private final Map<String, String> metadata;
        private final List<FieldVector[]> batches = new ArrayList<>();
        private final List<FieldVector> spent = new ArrayList<>();
        private final Map<Long, Dictionary> current = new HashMap<>();
        private VectorSchemaRoot root;
        private int next;
        private int failAt = -1;

        Batches(BufferAllocator allocator, Map<String, String> metadata) {
            super(allocator);
            this.allocator = allocator;
            this.metadata = metadata;
        }

        void schemaOf(FieldVector... vectors) {
            List<FieldVector> columns = new ArrayList<>();
            List<Field> fields = new ArrayList<>();
            for (FieldVector vector : vectors) {
                if (isDictionary(vectors, vector)) {
                    current.put(1L, new Dictionary(vector, encoding(vectors[1])));
                } else {
                    fields.add(vector.getField());
                    columns.add(vector.getField().createVector(allocator));
                }
                spent.add(vector);
            }
            root = new VectorSchemaRoot(new Schema(fields, metadata), columns, 0);
        }

        private static boolean isDictionary(FieldVector[] vectors, FieldVector vector) {
            return vector instanceof VarCharVector && vectors.length == 2 && encoding(vectors[1]) != null;
        }

        private static DictionaryEncoding encoding(FieldVector vector) {
            return vector.getField().getDictionary();
        }

        void add(FieldVector... vectors) {
            if (root == null) {
                schemaOf(vectors);
                spent.clear();
            }
            batches.add(vectors);
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() {
            return root;
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            if (next == failAt) {
                throw new IOException("no more");
            }
            if (next == batches.size()) {
                return false;
            }
            int column = 0;
            FieldVector[] vectors = batches.get(next++);
            for (FieldVector vector : vectors) {
                if (isDictionary(vectors, vector)) {
                    current.put(1L, new Dictionary(vector, encoding(vectors[1])));
                    spent.add(vector);
                } else {
                    root.setRowCount(vector.getValueCount());
                    vector.makeTransferPair(root.getVector(column++)).transfer();
                    vector.close();
                }
            }
            root.setRowCount(root.getVector(0).getValueCount());
            return true;
        }

        @Override
        public Map<Long, Dictionary> getDictionaryVectors() {
            return current;
        }

        @Override
        public Dictionary lookup(long id) {
            return current.get(id);
        }

        @Override
        protected Schema readSchema() {
            return root.getSchema();
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        public void close() {
            root.close();
            spent.forEach(FieldVector::close);
            for (FieldVector[] vectors : batches.subList(next, batches.size())) {
                for (FieldVector vector : vectors) {
                    vector.close();
                }
            }
        }

        @Override
        protected void closeReadSource() {
            // Nothing is open but memory.
        }
    }
}
