package org.arrownpz.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The two implementations of {@code docs/format.md} read each other's files: every type of {@code docs/types.md} and 500
 * random tables, Java to Python to Java and Python to Java to Python. IPC files by Arrow's own writers say what is right,
 * and pyarrow compares.
 */
@ExtendWith(LeakCheck.class)
class PythonRoundTripTest {
    private static final int TABLES = 500;
    private static final long SEED = 9_000_000;
    private static final Path TESTS = Path.of("..", "python", "tests");

    @Test
    void bothLanguagesReadWhatTheOtherWrites(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(
                python != null,
                "skipped: neither the interpreter in the environment variable ARROW_NPZ_CLIENTS nor python3 has pyarrow");
        for (String part : List.of("java", "back", "python", "again")) {
            Files.createDirectory(directory.resolve(part));
        }
        writeMatrix(allocator, directory.resolve("java"));
        writeRandomTables(allocator, directory.resolve("java"));
        Python.check(TESTS, python, "-B", "round_trip.py", "take", directory.toString(), Integer.toString(TABLES));

        List<Path> files = npz(directory.resolve("java"));
        assertThat(files).hasSizeGreaterThan(TABLES);
        for (Path file : files) {
            try (Frame before = Frames.open(allocator, file);
                    Frame after =
                            Frames.open(allocator, directory.resolve("back").resolve(file.getFileName()))) {
                assertSame(file, after.root(), after.dictionaries(), before.root(), before.dictionaries());
            }
        }
        for (Path file : npz(directory.resolve("python"))) {
            Path truth = Path.of(file.toString().replace(".npz", ".arrow"));
            try (Frame frame = Frames.open(allocator, file);
                    FileChannel channel = FileChannel.open(truth);
                    ArrowFileReader reader =
                            new ArrowFileReader(channel, allocator, NoCompressionCodec.Factory.INSTANCE)) {
                reader.loadNextBatch();
                MapDictionaryProvider dictionaries = new MapDictionaryProvider();
                reader.getDictionaryVectors().values().forEach(dictionaries::put);
                assertSame(file, frame.root(), frame.dictionaries(), reader.getVectorSchemaRoot(), dictionaries);
                Frames.write(
                        frame,
                        directory.resolve("again").resolve(file.getFileName()),
                        WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
        }
        assertThat(npz(directory.resolve("again"))).hasSize(TABLES);
        Python.check(TESTS, python, "-B", "round_trip.py", "compare", directory.toString());
    }

    /** A11 */
    @Test
    void framesOfPandasPassThroughJava(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(python != null, "skipped: no interpreter has pyarrow");
        Path again = Files.createDirectory(directory.resolve("again"));
        Python.check(TESTS, python, "-B", "round_trip.py", "pandas", directory.toString());
        List<Path> files = npz(directory);
        assumeTrue(!files.isEmpty(), "skipped: " + python + " has no pandas");
        for (Path file : files) {
            try (Frame frame = Frames.open(allocator, file)) {
                Frames.write(
                        frame,
                        again.resolve(file.getFileName()),
                        WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
        }
        Python.check(TESTS, python, "-B", "round_trip.py", "pandas-again", directory.toString());
    }

    private static void writeMatrix(BufferAllocator allocator, Path directory) throws Exception {
        int number = 0;
        for (Field field : RandomFields.all()) {
            for (boolean nulls : new boolean[] {false, true}) {
                for (ColumnLayout layout : List.of(ColumnLayout.AUTO, ColumnLayout.ARROW)) {
                    WriteOptions options = WriteOptions.defaults().withLayout(layout);
                    RandomVectors content = new RandomVectors(allocator, SEED + number, nulls);
                    Field named = new Field("column", field.getFieldType(), field.getChildren());
                    try (VectorSchemaRoot root = VectorSchemaRoot.of(content.vector(named, 37))) {
                        write(root, new MapDictionaryProvider(), directory.resolve("matrix" + number++), options);
                    }
                }
            }
        }
    }

    private static void writeRandomTables(BufferAllocator allocator, Path directory) throws Exception {
        for (int i = 0; i < TABLES; i++) {
            Random random = new Random(SEED + i);
            try (RandomRoot given = new RandomRoot(allocator, random)) {
                WriteOptions options = random.nextInt(6) == 0
                        ? WriteOptions.defaults().deflate(1 + random.nextInt(9))
                        : WriteOptions.defaults();
                write(given.root(), given.dictionaries(), directory.resolve("random" + i), options);
            }
        }
    }

    /** Random entries and keys of maps are null at times, which Arrow does not allow and pyarrow answers by abort. */
    private static void fillMaps(List<FieldVector> vectors) {
        for (FieldVector vector : vectors) {
            if (vector instanceof MapVector map) {
                FieldVector entries = map.getChildrenFromFields().get(0);
                for (FieldVector filled :
                        List.of(entries, entries.getChildrenFromFields().get(0))) {
                    filled.getValidityBuffer()
                            .setOne(0, (int) filled.getValidityBuffer().capacity());
                }
            }
            fillMaps(vector.getChildrenFromFields());
        }
    }

    private static void write(VectorSchemaRoot root, DictionaryProvider dictionaries, Path stem, WriteOptions options)
            throws Exception {
        fillMaps(root.getFieldVectors());
        try (Frame frame = Frame.of(root, dictionaries)) {
            Frames.write(frame, Path.of(stem + ".npz"), options.withDurability(Durability.RENAME_ONLY));
        }
        try (FileChannel channel = FileChannel.open(
                        Path.of(stem + ".arrow"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, dictionaries, channel)) {
            writer.writeBatch();
        }
    }

    private static List<Path> npz(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".npz"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertSame(
            Path file,
            VectorSchemaRoot actual,
            DictionaryProvider actualWords,
            VectorSchemaRoot expected,
            DictionaryProvider expectedWords) {
        assertThat(actual.getRowCount()).as("%s", file).isEqualTo(expected.getRowCount());
        assertThat(actual.getFieldVectors()).as("%s", file).hasSameSizeAs(expected.getFieldVectors());
        for (int column = 0; column < expected.getFieldVectors().size(); column++) {
            FieldVector left = actual.getVector(column);
            FieldVector right = expected.getVector(column);
            assertThat(left.getField().getName()).isEqualTo(right.getField().getName());
            assertThat(left.getField().getType())
                    .as("%s %s", file, right.getField())
                    .isEqualTo(right.getField().getType());
            assertThat(values(left, actualWords))
                    .as("%s %s", file, right.getField())
                    .isEqualTo(values(right, expectedWords));
        }
    }

    /** Values, with the words of a dictionary in place of its indices. */
    private static List<@Nullable Object> values(FieldVector vector, DictionaryProvider dictionaries) {
        List<@Nullable Object> values = RandomVectors.values(vector);
        if (vector.getField().getDictionary() == null) {
            return values;
        }
        long id = vector.getField().getDictionary().getId();
        List<@Nullable Object> words =
                RandomVectors.values(dictionaries.lookup(id).getVector());
        List<@Nullable Object> decoded = new ArrayList<>();
        for (Object index : values) {
            decoded.add(index == null ? null : words.get(((Number) index).intValue()));
        }
        return decoded;
    }
}
