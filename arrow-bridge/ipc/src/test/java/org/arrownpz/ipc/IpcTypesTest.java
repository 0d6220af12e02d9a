package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of every type, written by us and read by Arrow's readers, and the other way round. */
@ExtendWith(LeakCheck.class)
class IpcTypesTest {
    @TempDir
    Path directory;

    private static VectorSchemaRoot everyType(int rows, BufferAllocator allocator) {
        List<FieldVector> vectors = EveryType.columns(rows, allocator);
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, rows);
    }

    @ParameterizedTest
    @CsvSource({
        "a.arrow, NONE, 100",
        "a.arrow, LZ4, 100",
        "a.arrow, ZSTD, 100",
        "a.arrow, NONE, 1",
        "a.arrow, NONE, 0",
        "a.arrows, NONE, 100",
        "a.arrows, ZSTD, 100",
        "a.arrows, LZ4, 0"
    })
    void writesWhatArrowsReadersRead(
            String name, IpcOptions.Compression compression, int rows, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve(name);
        try (VectorSchemaRoot root = everyType(rows, allocator)) {
            Ipc.write(root, path, IpcOptions.defaults().withCompression(compression));
            try (ArrowReader reader = stock(path, allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
                VectorSchemaRoot read = reader.getVectorSchemaRoot();
                assertThat(read.getSchema()).isEqualTo(root.getSchema());
                assertThat(Rows.of(read)).isEqualTo(Rows.of(root));
                assertThat(reader.loadNextBatch()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100})
    void readsItsOwnFilesInPlace(int rows, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("own.arrow");
        try (VectorSchemaRoot root = everyType(rows, allocator)) {
            Ipc.write(root, path, IpcOptions.defaults());
            for (Mapping mapping : Mapping.values()) {
                IpcReadOptions options =
                        IpcReadOptions.defaults().withMapping(mapping).withVerify(Verify.CONTENT);
                try (MappedIpcReader reader = Ipc.open(allocator, path, options)) {
                    assertThat(reader.loadNextBatch()).isTrue();
                    assertThat(Rows.of(reader.getVectorSchemaRoot())).isEqualTo(Rows.of(root));
                    assertThat(reader.copyReport().viewedBytes() == 0).isEqualTo(mapping == Mapping.COPY || rows == 0);
                    assertThat(reader.copyReport().copiedBytes() == 0).isEqualTo(mapping != Mapping.COPY || rows == 0);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, file", "1, file", "100, file", "0, stream", "1, stream", "100, stream"})
    void readsWhatArrowsWritersWrite(int rows, String form, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("stock");
        try (VectorSchemaRoot root = everyType(rows, allocator)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    ArrowWriter writer = form.equals("file")
                            ? new ArrowFileWriter(root, new MapDictionaryProvider(), channel)
                            : new ArrowStreamWriter(root, new MapDictionaryProvider(), channel)) {
                writer.writeBatch();
            }
            try (MappedIpcReader reader = Ipc.open(allocator, path)) {
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(reader.getVectorSchemaRoot().getSchema()).isEqualTo(root.getSchema());
                assertThat(Rows.of(reader.getVectorSchemaRoot())).isEqualTo(Rows.of(root));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 7", "8, 16", "5, 23", "39, 1"})
    void writesSlices(int start, int length, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("slice.arrow");
        // What Arrow Java cannot slice, or not rightly, is left out.
        List<FieldVector> vectors = TypeZoo.fields().stream()
                .filter(field -> !(field.getType() instanceof ArrowType.RunEndEncoded)
                        && !(field.getType() instanceof ArrowType.Null))
                .map(field -> TypeZoo.vector(field, 40, allocator))
                .toList();
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                VectorSchemaRoot slice = root.slice(start, length)) {
            Ipc.write(slice, path, IpcOptions.defaults());
            for (FieldVector vector : root.getFieldVectors()) {
                try (MappedIpcReader reader =
                        Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns(vector.getName()))) {
                    assertThat(reader.loadNextBatch()).isTrue();
                    assertThat(Rows.of(reader.getVectorSchemaRoot().getVector(0)))
                            .as(vector.getName())
                            .isEqualTo(Rows.of(slice.getVector(vector.getName())));
                }
            }
        }
    }

    @Test
    void leavesOutBitmapsWhereNothingIsNullAndAlignsEveryBuffer(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("plain.arrow");
        try (BigIntVector numbers = new BigIntVector("n", allocator)) {
            numbers.allocateNew(1000);
            for (int i = 0; i < 1000; i++) {
                numbers.set(i, i);
            }
            numbers.setValueCount(1000);
            Ipc.write(VectorSchemaRoot.of(numbers), path, IpcOptions.defaults());
        }
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThat(reader.loadNextBatch()).isTrue();
            FieldVector vector = reader.getVectorSchemaRoot().getVector(0);
            assertThat(vector.getDataBuffer().memoryAddress() % 64).isZero();
            assertThat(vector.getDataBuffer().capacity()).isEqualTo(8000);
        }
        assertThat(Files.size(path)).isBetween(8000L, 8800L);
    }

    private static ArrowReader stock(Path path, BufferAllocator allocator) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        return path.toString().endsWith("s")
                ? new ArrowStreamReader(channel, allocator, CommonsCompressionFactory.INSTANCE)
                : new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE);
    }
}
