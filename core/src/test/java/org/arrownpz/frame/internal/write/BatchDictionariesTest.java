package org.arrownpz.frame.internal.write;

import static org.arrownpz.testing.RandomVectors.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Roots;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches whose dictionaries change become one frame with one dictionary, wherever in a column its indices lie. */
@ExtendWith(LeakCheck.class)
class BatchDictionariesTest {
    private static final DictionaryEncoding INNER = new DictionaryEncoding(1, false, new ArrowType.Int(8, true));
    private static final DictionaryEncoding OUTER = new DictionaryEncoding(2, false, new ArrowType.Int(16, true));
    private static final ArrowType.Int NUMBER = new ArrowType.Int(32, true);
    private static final int ROWS = 9;

    /** Replaced, replaced, extended, and again what it was at first. */
    private static final String[][] WORDS = {{"a", "b", "c"}, {"c", "d"}, {"x"}, {"x", "y", "a"}, {"a", "b", "c"}};

    @TempDir
    Path directory;

    private static Field indices(String name, DictionaryEncoding encoding) {
        return new Field(name, new FieldType(true, encoding.getIndexType(), encoding), List.of());
    }

    private static Field column(String nesting) {
        Field words = indices("words", INNER);
        return switch (nesting) {
            case "TOP" -> words;
            case "STRUCT" -> field("s", new ArrowType.Struct(), field("n", NUMBER), words);
            case "LIST" -> field("l", new ArrowType.List(), words);
            case "LARGE_LIST" -> field("l", new ArrowType.LargeList(), words);
            case "FIXED_LIST" -> field("f", new ArrowType.FixedSizeList(2), words);
            case "MAP" -> {
                Field key = new Field("key", FieldType.notNullable(NUMBER), List.of());
                FieldType entries = FieldType.notNullable(new ArrowType.Struct());
                yield field("m", new ArrowType.Map(false), new Field("entries", entries, List.of(key, words)));
            }
            case "DICTIONARY" -> indices("d", OUTER);
            default -> throw new IllegalArgumentException(nesting);
        };
    }

    /** Gives the indices within a vector a dictionary of so many entries. */
    private static void number(FieldVector vector, DictionaryEncoding encoding, int entries) {
        if (encoding.equals(vector.getField().getDictionary())) {
            for (int i = 0; i < vector.getValueCount(); i++) {
                if (encoding == INNER) {
                    vector.getDataBuffer().setByte(i, i % entries);
                } else {
                    vector.getDataBuffer().setShort(2L * i, i % entries);
                }
            }
        }
        vector.getChildrenFromFields().forEach(child -> number(child, encoding, entries));
    }

    /** Rows with the words that indices stand for. */
    private static List<@Nullable Object> words(FieldVector vector, DictionaryProvider dictionaries) {
        List<List<@Nullable Object>> children = new ArrayList<>();
        vector.getChildrenFromFields().forEach(child -> children.add(words(child, dictionaries)));
        DictionaryEncoding encoding = vector.getField().getDictionary();
        List<@Nullable Object> entries = encoding == null
                ? List.of()
                : words(dictionaries.lookup(encoding.getId()).getVector(), dictionaries);
        List<@Nullable Object> rows = new ArrayList<>();
        for (int row = 0; row < vector.getValueCount(); row++) {
            int at = row;
            if (vector.isNull(row)) {
                rows.add(null);
            } else if (encoding != null) {
                rows.add(entries.get(((Number) vector.getObject(row)).intValue()));
            } else if (children.isEmpty()) {
                rows.add(String.valueOf(vector.getObject(row)));
            } else if (vector.getField().getType() instanceof ArrowType.Struct) {
                List<@Nullable Object> values = new ArrayList<>();
                children.forEach(child -> values.add(child.get(at)));
                rows.add(values);
            } else {
                boolean large = vector.getField().getType() instanceof ArrowType.LargeList;
                rows.add(new ArrayList<>(
                        children.get(0).subList(offset(vector, row, large), offset(vector, row + 1, large))));
            }
        }
        return rows;
    }

    private static int offset(FieldVector vector, int row, boolean large) {
        return vector instanceof FixedSizeListVector lists
                ? row * lists.getListSize()
                : large
                        ? (int) vector.getOffsetBuffer().getLong(8L * row)
                        : vector.getOffsetBuffer().getInt(4L * row);
    }

    private static Steps steps(Field column, String[][] words, int rows, BufferAllocator allocator) {
        Steps steps = new Steps(allocator, column);
        for (int i = 0; i < words.length; i++) {
            RandomVectors random = new RandomVectors(allocator, 7 + i, true);
            FieldVector inner = Roots.texts(allocator, "w", words[i]);
            FieldVector structs = random.vector(field("e", new ArrowType.Struct(), indices("words", INNER)), 5);
            FieldVector batch = random.vector(column, rows);
            number(structs, INNER, words[i].length);
            number(batch, INNER, words[i].length);
            number(batch, OUTER, 5);
            steps.add(
                    batch,
                    new DictionaryProvider.MapDictionaryProvider(
                            new Dictionary(inner, INNER), new Dictionary(structs, OUTER)));
        }
        return steps;
    }

    private void check(String nesting, String[][] words, int rows, long heldLimit, BufferAllocator allocator)
            throws Exception {
        Path file = directory.resolve("frame.npz");
        List<@Nullable Object> expected = new ArrayList<>();
        try (Steps steps = steps(column(nesting), words, rows, allocator)) {
            for (int i = 0; i < words.length; i++) {
                expected.addAll(words(steps.batches.get(i), steps.providers.get(i)));
            }
            BatchWriter.write(steps, file, WriteOptions.defaults(), heldLimit);
        }
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector read = frame.root().getVector(0);
            assertThat(read.getField()).isEqualTo(column(nesting));
            assertThat(words(read, frame.dictionaries())).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TOP, 9223372036854775807",
        "TOP, 100",
        "TOP, 0",
        "STRUCT, 9223372036854775807",
        "STRUCT, 300",
        "STRUCT, 0",
        "LIST, 9223372036854775807",
        "LIST, 300",
        "LIST, 0",
        "LARGE_LIST, 9223372036854775807",
        "LARGE_LIST, 0",
        "FIXED_LIST, 9223372036854775807",
        "FIXED_LIST, 0",
        "MAP, 9223372036854775807",
        "MAP, 300",
        "MAP, 0",
        "DICTIONARY, 9223372036854775807",
        "DICTIONARY, 100",
        "DICTIONARY, 0"
    })
    void indicesKeepTheirMeaningWhereverTheyLie(String nesting, long heldLimit, BufferAllocator allocator)
            throws Exception {
        check(nesting, WORDS, ROWS, heldLimit, allocator);
    }

    @ParameterizedTest
    @CsvSource({"TOP, 9223372036854775807", "LIST, 0", "DICTIONARY, 0"})
    void takesBatchesWithoutRowsThatHaveDictionaries(String nesting, long heldLimit, BufferAllocator allocator)
            throws Exception {
        check(nesting, WORDS, 0, heldLimit, allocator);
    }

    @ParameterizedTest
    @CsvSource({"TOP", "STRUCT", "LIST"})
    void takesDictionariesThatGrow(String nesting, BufferAllocator allocator) throws Exception {
        check(nesting, new String[][] {{"a"}, {"a", "b"}, {"a", "b", "c"}}, ROWS, Long.MAX_VALUE, allocator);
    }

    @Test
    void decodesToTheValuesOfEachBatch(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("frame.npz");
        List<@Nullable Object> expected = new ArrayList<>();
        try (Steps steps = steps(column("TOP"), WORDS, ROWS, allocator)) {
            for (int i = 0; i < WORDS.length; i++) {
                expected.addAll(words(steps.batches.get(i), steps.providers.get(i)));
            }
            BatchWriter.write(
                    steps,
                    file,
                    WriteOptions.defaults().withDictionaries(org.arrownpz.WriteOptions.DictionaryEncoding.DECODE),
                    0);
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(Roots.values(frame.root().getVector(0))).isEqualTo(expected);
        }
    }

    @Test
    void refusesMoreEntriesThanTheIndicesCount(BufferAllocator allocator) throws Exception {
        String[][] words = new String[2][100];
        for (int i = 0; i < 100; i++) {
            words[0][i] = "first " + i;
            words[1][i] = "second " + i;
        }
        Path file = directory.resolve("frame.npz");
        try (Steps steps = steps(column("STRUCT"), words, ROWS, allocator)) {
            assertThatThrownBy(() -> BatchWriter.write(steps, file, WriteOptions.defaults(), 0))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                    .hasMessageContaining("cannot be joined: its dictionaries together have 200 entries");
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 0})
    void refusedMemoryLeavesNothing(long heldLimit) throws Exception {
        Path file = directory.resolve("frame.npz");
        AllocationFaults.refuseEach(allocator -> {
            Files.deleteIfExists(file);
            try (BufferAllocator other = new RootAllocator();
                    Steps made = steps(column("LIST"), WORDS, ROWS, other);
                    Steps steps = made.in(allocator)) {
                BatchWriter.write(steps, file, WriteOptions.defaults(), heldLimit);
            } catch (NpzException e) {
                assertThat(directory).isEmptyDirectory();
                throw e;
            }
        });
    }

    /** A reader of one column, each batch with dictionaries of its own. */
    private static final class Steps extends ArrowReader {
        private final List<FieldVector> batches = new ArrayList<>();
        private final List<DictionaryProvider> providers = new ArrayList<>();
        private final VectorSchemaRoot root;
        private int next;

        Steps(BufferAllocator allocator, Field column) {
            super(allocator);
            this.root = VectorSchemaRoot.create(new Schema(List.of(column)), allocator);
        }

        void add(FieldVector batch, DictionaryProvider provider) {
            batches.add(batch);
            providers.add(provider);
        }

        /** The same in other memory. */
        Steps in(BufferAllocator target) throws NpzException {
            Steps copy = new Steps(target, root.getSchema().getFields().get(0));
            boolean done = false;
            try {
                for (int i = 0; i < batches.size(); i++) {
                    DictionaryProvider.MapDictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider();
                    copy.add(copied(batches.get(i), target), provider);
                    for (long id : providers.get(i).getDictionaryIds()) {
                        Dictionary own = providers.get(i).lookup(id);
                        provider.put(new Dictionary(copied(own.getVector(), target), own.getEncoding()));
                    }
                }
                done = true;
                return copy;
            } finally {
                if (!done) {
                    copy.close();
                }
            }
        }

        private static FieldVector copied(FieldVector vector, BufferAllocator target) throws NpzException {
            return VectorSlices.copy(List.of(vector), target, 0, vector.getValueCount(), Location.ofFile(null))
                    .get(0);
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() {
            return root;
        }

        @Override
        public boolean loadNextBatch() {
            if (next == batches.size()) {
                return false;
            }
            FieldVector batch = batches.get(next++);
            root.clear();
            VectorSlices.load(batch, root.getVector(0));
            root.setRowCount(batch.getValueCount());
            return true;
        }

        @Override
        public Map<Long, Dictionary> getDictionaryVectors() {
            Map<Long, Dictionary> dictionaries = new LinkedHashMap<>();
            DictionaryProvider provider = providers.get(Math.max(0, next - 1));
            // A dictionary may come before those within it.
            for (long id : List.of(OUTER.getId(), INNER.getId())) {
                dictionaries.put(id, provider.lookup(id));
            }
            return Collections.unmodifiableMap(dictionaries);
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
            batches.forEach(FieldVector::close);
            for (DictionaryProvider provider : providers) {
                provider.getDictionaryIds()
                        .forEach(id -> provider.lookup(id).getVector().close());
            }
        }

        @Override
        protected void closeReadSource() {
            // Nothing is open but memory.
        }
    }
}
