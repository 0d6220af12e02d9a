package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Mapping;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedIpcReaderTest {
    private final BufferAllocator allocator = new RootAllocator();

    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMemory() {
        allocator.close();
    }

    private VectorSchemaRoot root(int rows) {
        BigIntVector number = new BigIntVector("number", allocator);
        VarCharVector text = new VarCharVector("text", allocator);
        IntVector sparse = new IntVector("sparse", allocator);
        for (int i = 0; i < rows; i++) {
            number.setSafe(i, i * 10L);
            text.setSafe(i, ("t" + i).getBytes(StandardCharsets.UTF_8));
            if (i % 2 == 0) {
                sparse.setSafe(i, i);
            } else {
                sparse.setNull(i);
            }
        }
        List<FieldVector> vectors = List.of(number, text, sparse);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors);
    }

    private Path written(String name, int rows, int batchRows, IpcCompression compression) throws IOException {
        Path path = directory.resolve(name);
        try (VectorSchemaRoot root = root(rows);
                Frame frame = Frame.of(root);
                ArrowReader batches = frame.reader(batchRows)) {
            Ipc.write(batches, path, IpcOptions.defaults().withCompression(compression));
        }
        return path;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.arrow", "a.arrows"})
    void viewsTheFileAndAsksTheAllocatorForOneBitmapOnly(String name) throws IOException {
        Path path = written(name, 1000, 1000, IpcCompression.NONE);
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(allocator.getAllocatedMemory()).isLessThanOrEqualTo(128);
            CopyReport report = reader.copyReport();
            assertThat(report.copiedBytes()).isZero();
            assertThat(report.columns().get(0).viewedBytes()).isEqualTo(8000);
            assertThat(report.columns().get(1).viewedBytes()).isEqualTo(1001 * 4 + 3890);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.arrow", "a.arrows"})
    void loadsBatchesInAnyOrder(String name) throws IOException {
        Path path = written(name, 25, 10, IpcCompression.NONE);
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThat(reader.batchCount()).isEqualTo(3);
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            for (int number : new int[] {2, 0, 1, 1, 2}) {
                reader.loadBatch(number);
                assertThat(root.getRowCount()).isEqualTo(number == 2 ? 5 : 10);
                assertThat(((BigIntVector) root.getVector("number")).get(0)).isEqualTo(number * 100L);
                assertThat(root.getVector("text").getObject(4)).hasToString("t" + (number * 10 + 4));
            }
            assertThat(reader.loadNextBatch()).isFalse();
            assertThat(root.getRowCount()).isZero();
            reader.loadBatch(0);
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(((BigIntVector) root.getVector("number")).get(0)).isEqualTo(100);
            assertThatThrownBy(() -> reader.loadBatch(3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> reader.loadBatch(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void readsWantedColumnsInWantedOrderAndNeverLooksAtOthers() throws IOException {
        for (IpcCompression compression : IpcCompression.values()) {
            Path path = written("c" + compression + ".arrow", 100, 100, compression);
            byte[] bytes = Files.readAllBytes(path);
            // The text's offsets and bytes become nonsense, in their compressed form too.
            int place = indexOf(bytes, "t10t11t12".getBytes(StandardCharsets.UTF_8));
            if (place > 0) {
                Arrays.fill(bytes, place - 400, place + 100, (byte) 0x81);
                Files.write(path, bytes);
                assertThatThrownBy(() -> {
                            try (MappedIpcReader reader = Ipc.open(allocator, path)) {
                                reader.loadNextBatch();
                            }
                        })
                        .isInstanceOf(NpzException.class);
            }
            for (Mapping mapping : Mapping.values()) {
                IpcReadOptions options = IpcReadOptions.defaults()
                        .withColumns("sparse", "number")
                        .withMapping(mapping);
                try (MappedIpcReader reader = Ipc.open(allocator, path, options)) {
                    assertThat(reader.loadNextBatch()).isTrue();
                    VectorSchemaRoot root = reader.getVectorSchemaRoot();
                    assertThat(root.getSchema().getFields().stream().map(Field::getName))
                            .containsExactly("sparse", "number");
                    assertThat(((BigIntVector) root.getVector("number")).get(99))
                            .isEqualTo(990);
                    assertThat(root.getVector("sparse").getNullCount()).isEqualTo(50);
                }
            }
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void refusesColumnsThatAreNotThere() throws IOException {
        Path path = written("a.arrow", 1, 1, IpcCompression.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns("no")))
                .withMessageContaining("no column no");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns("text", "text")));
    }

    @Test
    void followsDictionariesThatGrowAndChangeInStreams() throws IOException {
        List<List<String>> dictionaries = List.of(
                List.of("a", "bb"),
                List.of("a", "bb"),
                List.of("a", "bb", "ccc"),
                List.of("z"),
                List.of("z", "y", "x"));
        Path path = directory.resolve("d.arrows");
        try (ArrowReader source = new ChangingDictionary(allocator, dictionaries)) {
            Ipc.write(source, path, IpcOptions.defaults());
        }
        for (Mapping mapping : Mapping.values()) {
            try (MappedIpcReader reader =
                    Ipc.open(allocator, path, IpcReadOptions.defaults().withMapping(mapping))) {
                for (List<String> dictionary : dictionaries) {
                    assertThat(reader.loadNextBatch()).isTrue();
                    assertThat(ChangingDictionary.decode(reader)).isEqualTo(ChangingDictionary.texts(dictionary));
                }
                assertThat(reader.loadNextBatch()).isFalse();
                for (int number : new int[] {3, 0, 4, 2, 1, 2, 3}) {
                    reader.loadBatch(number);
                    assertThat(ChangingDictionary.decode(reader))
                            .as("batch %d", number)
                            .isEqualTo(ChangingDictionary.texts(dictionaries.get(number)));
                }
            }
        }
        try (ArrowStreamReader stock = new ArrowStreamReader(Files.newInputStream(path), allocator)) {
            for (List<String> dictionary : dictionaries) {
                assertThat(stock.loadNextBatch()).isTrue();
                assertThat(ChangingDictionary.decode(stock)).isEqualTo(ChangingDictionary.texts(dictionary));
            }
        }
    }

    @Test
    void extendsDictionariesInFilesButRefusesToChangeThem() throws IOException {
        List<List<String>> growing = List.of(List.of("a"), List.of("a", "b"), List.of("a", "b", "c", "d"));
        Path path = directory.resolve("d.arrow");
        try (ArrowReader source = new ChangingDictionary(allocator, growing)) {
            Ipc.write(source, path, IpcOptions.defaults());
        }
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            for (int number : new int[] {2, 0, 1}) {
                reader.loadBatch(number);
                assertThat(ChangingDictionary.decode(reader)).isEqualTo(ChangingDictionary.texts(growing.get(number)));
            }
        }
        byte[] former = Files.readAllBytes(path);
        try (ArrowReader source = new ChangingDictionary(allocator, List.of(List.of("a", "b"), List.of("c")))) {
            assertThatThrownBy(() -> Ipc.write(source, path, IpcOptions.defaults()))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining(".arrows");
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(former);
    }

    @Test
    void refusesAFileThatReplacesADictionary() throws IOException {
        Path path = directory.resolve("d.arrow");
        try (ArrowReader source = new ChangingDictionary(allocator, List.of(List.of("a"), List.of("a", "b")))) {
            Ipc.write(source, path, IpcOptions.defaults());
        }
        byte[] bytes = Files.readAllBytes(path);
        // The second dictionary message says that it is a delta: one byte that differs between the two.
        int delta = deltaFlag(bytes);
        bytes[delta] = 0;
        Files.write(path, bytes);
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThatThrownBy(reader::loadNextBatch).isInstanceOfSatisfying(NpzException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA);
                assertThat(e).hasMessageContaining("replaced");
                assertThat(e.offset()).isPositive();
            });
        }
        // A column that has nothing to do with it can still be read.
        try (MappedIpcReader reader =
                Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns("number"))) {
            assertThat(reader.loadNextBatch()).isTrue();
        }
    }

    /** The place of the flag of the one delta: the only byte of value 1 that makes it a whole dictionary as 0. */
    private static int deltaFlag(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 1) {
                byte[] changed = bytes.clone();
                changed[i] = 0;
                if (deltas(bytes) == 1 && deltas(changed) == 0) {
                    return i;
                }
            }
        }
        throw new AssertionError("no delta");
    }

    private static int deltas(byte[] bytes) {
        try {
            int deltas = 0;
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int length = buffer.getInt(bytes.length - 10);
            var footer = Footer.getRootAsFooter(
                    buffer.slice(bytes.length - 10 - length, length).order(ByteOrder.LITTLE_ENDIAN));
            for (int i = 0; i < footer.dictionariesLength(); i++) {
                var block = footer.dictionaries(i);
                ByteBuffer metadata = buffer.slice((int) block.offset() + 8, block.metaDataLength() - 8)
                        .order(ByteOrder.LITTLE_ENDIAN);
                var message = Message.getRootAsMessage(metadata);
                var batch = (DictionaryBatch) message.header(new DictionaryBatch());
                deltas += batch.isDelta() ? 1 : 0;
            }
            return deltas;
        } catch (RuntimeException e) {
            return -1;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.arrow", "m.arrows"})
    void keepsMetadataOfFileAndSchema(String name) throws IOException {
        Path path = directory.resolve(name);
        try (ArrowReader source = new ChangingDictionary(allocator, List.of(List.of("a")))) {
            Ipc.write(source, path, IpcOptions.defaults().withMetadata(Map.of("made by", "n\u00f6body")));
        }
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThat(reader.fileMetadata()).containsExactly(Map.entry("made by", "n\u00f6body"));
            assertThat(reader.getVectorSchemaRoot().getSchema().getCustomMetadata())
                    .containsEntry("k", "v");
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.batchMetadata()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LZ4", "ZSTD"})
    void decompressesWhatIsWantedAndSaysSo(IpcCompression compression) throws IOException {
        Path path = written("z.arrow", 5000, 5000, compression);
        try (MappedIpcReader reader =
                Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns("number"))) {
            assertThat(reader.loadNextBatch()).isTrue();
            CopyReport.Column column = reader.copyReport().columns().get(0);
            assertThat(column.copiedBytes()).isEqualTo(40_000);
            assertThat(column.reason()).isEqualTo("compressed");
        }
    }

    @Test
    void realignsBodiesThatLieAtOddPlacesAndSaysSo() throws IOException {
        byte[] stream = Files.readAllBytes(written("s.arrows", 10, 10, IpcCompression.NONE));
        // A stream whose schema message is four bytes longer: all that follows moves.
        ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getInt(4);
        ByteArrayOutputStream moved = new ByteArrayOutputStream();
        moved.write(stream, 0, 8 + length);
        moved.write(new byte[4]);
        moved.write(stream, 8 + length, stream.length - 8 - length);
        byte[] result = moved.toByteArray();
        ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).putInt(4, length + 4);
        Path path = Files.write(directory.resolve("odd.arrows"), result);
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThat(reader.loadNextBatch()).isTrue();
            for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                assertThat(vector.getDataBuffer().memoryAddress() % 8).isZero();
            }
            assertThat(reader.copyReport().columns().get(0).reason()).isEqualTo("misaligned in the file");
            assertThat(reader.getVectorSchemaRoot().getVector("number").getObject(9))
                    .isEqualTo(90L);
        }
    }

    @Test
    void keepsTheMappingForVectorsThatWereTakenOut() throws IOException {
        Path path = written("a.arrow", 100, 100, IpcCompression.NONE);
        BigIntVector taken = new BigIntVector("number", allocator);
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThat(reader.loadNextBatch()).isTrue();
            reader.getVectorSchemaRoot()
                    .getVector("number")
                    .makeTransferPair(taken)
                    .transfer();
        }
        try (taken) {
            assertThat(taken.get(99)).isEqualTo(990);
        }
    }

    @Test
    void copiesIntoMemoryThatMayBeWrittenTo() throws IOException {
        Path path = written("a.arrow", 100, 100, IpcCompression.NONE);
        try (MappedIpcReader reader =
                Ipc.open(allocator, path, IpcReadOptions.defaults().withMapping(Mapping.COPY))) {
            assertThat(reader.loadNextBatch()).isTrue();
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            ((BigIntVector) root.getVector("number")).setNull(3);
            ((BigIntVector) root.getVector("number")).set(4, -1);
            assertThat(root.getVector("text").isNull(3)).isFalse();
            assertThat(reader.copyReport().columns().get(0).reason()).isEqualTo("copying was asked for");
        }
    }

    @Test
    void tellsThatTheFileWasCutShortWhileItWasOpen() throws IOException {
        Path path = directory.resolve("long.arrow");
        try (VarCharVector text = new VarCharVector("text", allocator)) {
            for (int i = 0; i < 100_000; i++) {
                text.setSafe(i, new byte[] {(byte) ('a' + i % 26)});
            }
            text.setValueCount(100_000);
            Ipc.write(VectorSchemaRoot.of(text), path, IpcOptions.defaults());
        }
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            reader.getVectorSchemaRoot();
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(8192);
            }
            assertThatThrownBy(reader::loadNextBatch)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 100_000})
    void tellsWhileWritingThatTheSourceWasCutShort(int rows) throws IOException {
        // Short columns are copied together, long ones go to the system from where they lie.
        Path source = directory.resolve("source.arrow");
        try (BigIntVector number = new BigIntVector("number", allocator)) {
            for (int i = 0; i < rows; i++) {
                number.setSafe(i, i);
            }
            number.setValueCount(rows);
            Ipc.write(VectorSchemaRoot.of(number), source, IpcOptions.defaults());
        }
        Path target = Files.writeString(directory.resolve("target.arrow"), "former");
        for (IpcCompression compression : IpcCompression.values()) {
            Path copy = Files.copy(source, directory.resolve(compression + ".arrow"));
            try (MappedIpcReader reader = Ipc.open(allocator, copy)) {
                assertThat(reader.loadNextBatch()).isTrue();
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    channel.truncate(4096);
                }
                assertThatThrownBy(() -> Ipc.write(
                                reader.getVectorSchemaRoot(),
                                target,
                                IpcOptions.defaults().withCompression(compression)))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
            }
            assertThat(target).hasContent("former");
        }
    }

    @Test
    void tellsWhatIsWrongWithFilesThatAreNone() throws IOException {
        Path path = directory.resolve("none.arrow");
        for (byte[] content : List.of(
                new byte[0],
                new byte[3],
                "ARROW1".getBytes(StandardCharsets.US_ASCII),
                "ARROW1\0\0ARROW1".getBytes(StandardCharsets.US_ASCII),
                "PAR1 and so on".getBytes(StandardCharsets.US_ASCII))) {
            Files.write(path, content);
            assertThatThrownBy(() -> Ipc.open(allocator, path))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("none.arrow");
        }
    }

    @Test
    void refusesToGoOnAfterItWasClosed() throws IOException {
        MappedIpcReader reader = Ipc.open(allocator, written("a.arrow", 1, 1, IpcCompression.NONE));
        reader.close();
        reader.close();
        assertThatThrownBy(reader::loadNextBatch).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> reader.loadBatch(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesDescriptorsMappingsAndMemoryAsTheyWere() throws IOException {
        List<Path> paths = new ArrayList<>();
        for (IpcCompression compression : IpcCompression.values()) {
            paths.add(written(compression + ".arrow", 50, 20, compression));
        }
        paths.add(written("s.arrows", 50, 20, IpcCompression.NONE));
        use(paths, 10);
        int descriptors = descriptors();
        int mappings = mappings();
        long memory = allocator.getAllocatedMemory();
        use(paths, 1000);
        assertThat(allocator.getAllocatedMemory()).isEqualTo(memory);
        assertThat(mappings()).isEqualTo(mappings);
        // The JVM itself may have opened a few meanwhile.
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 10);
    }

    private void use(List<Path> paths, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (MappedIpcReader reader = Ipc.open(allocator, paths.get(i % paths.size()))) {
                long sum = 0;
                while (reader.loadNextBatch()) {
                    sum += ((BigIntVector) reader.getVectorSchemaRoot().getVector("number")).get(0);
                }
                assertThat(sum).isEqualTo(600);
            }
        }
    }

    private static int descriptors() {
        String[] names = Path.of("/proc/self/fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    /** Mappings of files in the test's directory. */
    private int mappings() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) {
            return 0;
        }
        try (var lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
            return (int)
                    lines.filter(line -> line.contains(directory.toString())).count();
        }
    }
}
