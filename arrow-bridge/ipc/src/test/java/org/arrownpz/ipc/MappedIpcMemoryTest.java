package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is viewed, what is copied and why, and what is left when the reader is closed. */
@ExtendWith(LeakCheck.class)
class MappedIpcMemoryTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"a.arrow", "a.arrows"})
    void viewsTheFileAndAsksTheAllocatorForOneBitmapOnly(String name, BufferAllocator allocator) throws IOException {
        Path path = NumberedRows.write(directory.resolve(name), 1000, 1000, IpcOptions.Compression.NONE, allocator);
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
    @ValueSource(strings = {"LZ4", "ZSTD"})
    void decompressesWhatIsWantedAndSaysSo(IpcOptions.Compression compression, BufferAllocator allocator)
            throws IOException {
        Path path = NumberedRows.write(directory.resolve("z.arrow"), 5000, 5000, compression, allocator);
        try (MappedIpcReader reader =
                Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns("number"))) {
            assertThat(reader.loadNextBatch()).isTrue();
            CopyReport.Column column = reader.copyReport().columns().get(0);
            assertThat(column.copiedBytes()).isEqualTo(40_000);
            assertThat(column.reason()).isEqualTo("compressed");
        }
    }

    @Test
    void realignsBodiesThatLieAtOddPlacesAndSaysSo(BufferAllocator allocator) throws IOException {
        Path whole = NumberedRows.write(directory.resolve("s.arrows"), 10, 10, IpcOptions.Compression.NONE, allocator);
        byte[] stream = Files.readAllBytes(whole);
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
    void keepsTheMappingForVectorsThatWereTakenOut(BufferAllocator allocator) throws IOException {
        Path path = NumberedRows.write(directory.resolve("a.arrow"), 100, 100, IpcOptions.Compression.NONE, allocator);
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
    void copiesIntoMemoryThatMayBeWrittenTo(BufferAllocator allocator) throws IOException {
        Path path = NumberedRows.write(directory.resolve("a.arrow"), 100, 100, IpcOptions.Compression.NONE, allocator);
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
    void leavesDescriptorsMappingsAndMemoryAsTheyWere(BufferAllocator allocator) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (IpcOptions.Compression compression : IpcOptions.Compression.values()) {
            paths.add(NumberedRows.write(directory.resolve(compression + ".arrow"), 50, 20, compression, allocator));
        }
        paths.add(NumberedRows.write(directory.resolve("s.arrows"), 50, 20, IpcOptions.Compression.NONE, allocator));
        use(paths, 10, allocator);
        int descriptors = descriptors();
        int mappings = mappings();
        long memory = allocator.getAllocatedMemory();
        use(paths, 1000, allocator);
        assertThat(allocator.getAllocatedMemory()).isEqualTo(memory);
        assertThat(mappings()).isEqualTo(mappings);
        // The JVM itself may have opened a few meanwhile.
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 10);
    }

    private static void use(List<Path> paths, int times, BufferAllocator allocator) throws IOException {
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
