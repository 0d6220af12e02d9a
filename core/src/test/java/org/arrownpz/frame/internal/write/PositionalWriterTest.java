package org.arrownpz.frame.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.Verification;
import org.arrownpz.frame.Roots;
import org.arrownpz.frame.SlicedReader;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.WriteReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of a stated number of rows are written batch by batch, with the result of writing them at once. */
@ExtendWith(LeakCheck.class)
class PositionalWriterTest {
    private static final List<String> STEADY = List.of(
            "bool",
            "i1",
            "i2",
            "i4",
            "i8",
            "u1",
            "u2",
            "u4",
            "u8",
            "f2",
            "f4",
            "f8",
            "date32",
            "date64",
            "timestamp",
            "timestamp tz",
            "duration",
            "fixed binary");
    private static final WriteOptions QUICK = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final int[] SIZES = {1, 0, 7, 64, 128, 300, 3, 0};
    private static final int ROWS = 503;

    @TempDir
    Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static VectorSchemaRoot random(BufferAllocator allocator, List<Field> fields) {
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : fields) {
            vectors.add(
                    new RandomVectors(allocator, field.getName().hashCode(), field.isNullable()).vector(field, ROWS));
        }
        return new VectorSchemaRoot(vectors);
    }

    private static List<Field> steady() {
        return AllTypes.all().stream()
                .filter(field -> STEADY.contains(field.getName()))
                .toList();
    }

    private void assertSameAsAtOnce(
            BufferAllocator allocator, VectorSchemaRoot root, WriteOptions options, boolean positional)
            throws Exception {
        WriteReport expected;
        // Buffers of unions and run ends are those of the batches, one after the other: the same only where these are.
        try (ArrowReader reader = new SlicedReader(allocator, root, positional ? new int[] {ROWS} : SIZES)) {
            expected = Frames.write(reader, file("once.npz"), options);
        }
        WriteReport report;
        try (ArrowReader reader = new SlicedReader(allocator, root, SIZES)) {
            report = Frames.write(reader, ROWS, file("batches.npz"), options);
        }
        assertThat(Files.mismatch(file("once.npz"), file("batches.npz"))).isEqualTo(-1);
        assertThat(report.columns()).isEqualTo(expected.columns());
        assertThat(report.notes().isEmpty()).isEqualTo(positional);
    }

    @Test
    void fileIsThatOfOneBatchForEveryColumnOfAKnownPlace(BufferAllocator allocator) throws Exception {
        assertThat(steady()).hasSameSizeAs(STEADY);
        try (VectorSchemaRoot root = random(allocator, steady())) {
            assertThat(root.getVector("i4").getNullCount()).isPositive();
            assertSameAsAtOnce(allocator, root, QUICK, true);
        }
        Verification verdict = Frames.verify(
                allocator, file("batches.npz"), ReadOptions.defaults().withVerify(Verify.CONTENT));
        assertThat(verdict.fault()).isNull();
    }

    @Test
    void adjacentColumnsOfOneDtypeShareABlock(BufferAllocator allocator) throws Exception {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            ArrowType type = new ArrowType.Int(i < 5 ? 32 : 64, true);
            Map<String, String> dtype = i == 8 ? Map.of(NumpyMetadata.DTYPE, ">i8") : Map.of();
            fields.add(new Field("c" + i, new FieldType(true, type, null, dtype), List.of()));
        }
        try (VectorSchemaRoot root = random(allocator, fields)) {
            assertSameAsAtOnce(allocator, root, QUICK, true);
        }
        try (Frame frame = Frames.open(allocator, file("batches.npz"))) {
            assertThat(frame.blockCount()).isEqualTo(3);
        }
    }

    @Test
    void everyOtherColumnIsWrittenAsWithoutTheNumber(BufferAllocator allocator) throws Exception {
        for (Field field : AllTypes.all()) {
            if (!STEADY.contains(field.getName())) {
                try (VectorSchemaRoot root = random(allocator, List.of(field))) {
                    assertSameAsAtOnce(allocator, root, QUICK, false);
                }
            }
        }
    }

    @Test
    void reportTellsWhichColumnStandsInTheWay(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = random(allocator, AllTypes.all().subList(1, 30));
                ArrowReader reader = new SlicedReader(allocator, root, SIZES)) {
            WriteReport report = Frames.write(reader, ROWS, file("a.npz"), QUICK);
            assertThat(report.notes()).hasSize(1).first().asString().contains("decimal128");
        }
    }

    @Test
    void optionsThatNeedAllBatchesGetThem(BufferAllocator allocator) throws Exception {
        List<Field> numbers = steady().stream()
                .filter(field -> field.getName().startsWith("u"))
                .map(field -> new Field(field.getName(), FieldType.notNullable(field.getType()), List.of()))
                .toList();
        try (VectorSchemaRoot root = random(allocator, numbers)) {
            assertSameAsAtOnce(allocator, root, QUICK.deflate(6), false);
            assertSameAsAtOnce(allocator, root, QUICK.withForm(ArchiveForm.ARRAYS), false);
        }
    }

    @Test
    void labelsAreThoseOfTheFrame(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(
                        Map.of("user", "kept"),
                        Roots.longs(allocator, "k", 1, 2, 3),
                        Roots.doubles(allocator, "v", 4, 5, 6),
                        Roots.doubles(allocator, "w", 7, 8, 9));
                Frame frame = Frame.of(root).withIndex("k").withName("named")) {
            Frames.write(frame, file("source.npz"), QUICK);
        }
        try (Frame frame = Frames.open(allocator, file("source.npz"));
                ArrowReader reader = frame.reader(2)) {
            WriteReport report = Frames.write(reader, 3, file("target.npz"), QUICK);
            assertThat(report.notes()).singleElement().asString().contains("the labels of its index are compared");
        }
        assertThat(Files.mismatch(file("source.npz"), file("target.npz"))).isEqualTo(-1);
    }

    @Test
    void fileThatTheReaderMapsMayBeTheTarget(BufferAllocator allocator) throws Exception {
        Path file = file("same.npz");
        try (VectorSchemaRoot root = random(allocator, steady())) {
            Frames.write(root, file, QUICK);
        }
        byte[] before = Files.readAllBytes(file);
        try (Frame frame = Frames.open(allocator, file);
                ArrowReader reader = frame.reader(100)) {
            Frames.write(reader, ROWS, file, QUICK);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void streamsWithoutRowsAreFramesWithoutRows(int batches, BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "n"), Roots.doubles(allocator, "d"));
                ArrowReader reader = new SlicedReader(allocator, root, new int[batches])) {
            Frames.write(root, file("once.npz"), QUICK);
            WriteReport report = Frames.write(reader, 0, file("batches.npz"), QUICK);
            assertThat(report.notes()).isEmpty();
        }
        assertThat(Files.mismatch(file("once.npz"), file("batches.npz"))).isEqualTo(-1);
    }

    private void assertOldFileAlone(Path file) throws IOException {
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static ErrorCode code(Throwable thrown) {
        assertThat(thrown).isInstanceOf(NpzException.class);
        return ((NpzException) thrown).code();
    }

    @ParameterizedTest
    @ValueSource(strings = {"f8", "utf8"})
    void refusesAReaderOfOtherRowsThanStated(String column, BufferAllocator allocator) throws Exception {
        Path file = Files.writeString(file("old.npz"), "old");
        try (VectorSchemaRoot root = random(allocator, List.of(AllTypes.named(column)))) {
            for (long stated : new long[] {0, 1, ROWS - 1, ROWS + 1, 1L << 40}) {
                try (ArrowReader reader = new SlicedReader(allocator, root, SIZES)) {
                    assertThatThrownBy(() -> Frames.write(reader, stated, file, QUICK))
                            .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.FRAME_SHAPE))
                            .hasMessageContaining(String.valueOf(stated));
                }
                assertOldFileAlone(file);
            }
            try (ArrowReader reader = new SlicedReader(allocator, root, SIZES)) {
                assertThatIllegalArgumentException().isThrownBy(() -> Frames.write(reader, -1, file, QUICK));
            }
        }
    }

    @Test
    void failureOfTheReaderLeavesTheOldFile(BufferAllocator allocator) throws Exception {
        Path file = Files.writeString(file("old.npz"), "old");
        try (VectorSchemaRoot root = random(allocator, steady())) {
            for (int failing = 0; failing <= SIZES.length; failing++) {
                try (SlicedReader reader = new SlicedReader(allocator, root, SIZES)) {
                    reader.failAt = failing;
                    assertThatThrownBy(() -> Frames.write(reader, ROWS, file, QUICK))
                            .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.IO))
                            .hasMessageContaining("no more");
                }
                assertOldFileAlone(file);
            }
        }
    }

    private static TimeStampMilliVector times(BufferAllocator allocator, Long... values) {
        TimeStampMilliVector vector = new TimeStampMilliVector("t", allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                vector.setNull(i);
            } else {
                vector.set(i, values[i]);
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    @Test
    void refusesATimeThatNumpyTakesForNull(BufferAllocator allocator) throws Exception {
        Path file = Files.writeString(file("old.npz"), "old");
        try (VectorSchemaRoot root = Roots.root(times(allocator, 1L, null, 3L, Long.MIN_VALUE));
                ArrowReader reader = new SlicedReader(allocator, root, 2, 2)) {
            assertThatThrownBy(() -> Frames.write(reader, 4, file, QUICK))
                    .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("without stating the number of rows");
        }
        assertOldFileAlone(file);
    }

    @Test
    void indexWithNullsIsHiddenFromStaticFrame(BufferAllocator allocator) throws Exception {
        FieldVector keys = Roots.longs(allocator, "k", 1, 2, 3, 4);
        keys.setNull(3);
        try (VectorSchemaRoot plain = Roots.root(keys, Roots.doubles(allocator, "v", 1, 2, 3, 4));
                Frame frame = Frame.of(plain).withIndex("k");
                ArrowReader reader = frame.reader(2)) {
            assertThat(Frames.write(reader, 4, file("nulls.npz"), QUICK).columnsHiddenFromNumpy())
                    .containsExactly("k");
        }
    }

    @Test
    void strictRefusesNullsOfALaterBatch(BufferAllocator allocator) throws Exception {
        Path file = Files.writeString(file("old.npz"), "old");
        FieldVector numbers = Roots.longs(allocator, "n", 1, 2, 3, 4);
        numbers.setNull(3);
        try (VectorSchemaRoot root = Roots.root(numbers);
                ArrowReader reader = new SlicedReader(allocator, root, 2, 2)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Frames.write(reader, 4, file, QUICK.withStrict()))
                    .withMessageContaining("'n'");
        }
        assertOldFileAlone(file);
    }

    @Test
    void memoryIsThatOfOneBatch(BufferAllocator allocator) throws Exception {
        Path file = file("large.npz");
        int rows = 10_000;
        int batches = 40;
        int[] sizes = new int[batches];
        Arrays.fill(sizes, rows);
        try (BufferAllocator narrow = allocator.newChildAllocator("narrow", 0, 800_000);
                VectorSchemaRoot root = Roots.root(
                        Roots.doubles(narrow, "a", new double[rows]), Roots.longs(narrow, "b", new long[rows]));
                SlicedReader reader = new SlicedReader(narrow, root, sizes)) {
            root.getVector("b").setNull(7);
            reader.repeats = true;
            Frames.write(reader, (long) rows * batches, file, QUICK);
        }
        assertThat(Files.size(file)).isGreaterThan(16L * rows * batches);
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.root().getVector("b").getNullCount()).isEqualTo(batches);
            assertThat(frame.root().getVector("b").isNull(rows * 39 + 7)).isTrue();
        }
    }
}
