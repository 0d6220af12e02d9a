package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns without a buffer, which have no allocator either, in files that are compressed. */
@ExtendWith(LeakCheck.class)
class NullColumnsTest {
    @TempDir
    Path directory;

    static Stream<Arguments> forms() {
        List<Arguments> forms = new ArrayList<>();
        for (IpcOptions.Compression compression : IpcOptions.Compression.values()) {
            for (String columns : List.of("in", "ni", "nin", "n", "nn", "is", "sn", "nisn")) {
                for (String file : List.of("a.arrow", "a.arrows")) {
                    forms.add(Arguments.of(compression, columns, file, 100));
                }
            }
            forms.add(Arguments.of(compression, "in", "a.arrow", 0));
            forms.add(Arguments.of(compression, "n", "a.arrow", 0));
        }
        return forms.stream();
    }

    private static FieldVector column(char kind, String name, int rows, BufferAllocator allocator) {
        if (kind == 'n') {
            return new NullVector(name, rows);
        }
        if (kind == 's') {
            StructVector struct = StructVector.empty(name, allocator);
            struct.addOrGet("nothing", FieldType.nullable(ArrowType.Null.INSTANCE), NullVector.class);
            struct.allocateNew();
            for (int row = 0; row < rows; row++) {
                struct.setIndexDefined(row);
            }
            struct.setValueCount(rows);
            return struct;
        }
        IntVector numbers = new IntVector(name, allocator);
        numbers.allocateNew(rows);
        for (int row = 0; row < rows; row++) {
            numbers.set(row, row / 10);
        }
        numbers.setValueCount(rows);
        return numbers;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void areReadByArrowsReadersInEveryPlace(
            IpcOptions.Compression compression, String columns, String file, int rows, BufferAllocator allocator)
            throws IOException {
        Path path = directory.resolve(file);
        List<FieldVector> vectors = new ArrayList<>();
        for (int i = 0; i < columns.length(); i++) {
            vectors.add(column(columns.charAt(i), "c" + i, rows, allocator));
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
            Ipc.write(root, path, IpcOptions.defaults().withCompression(compression));
            try (ArrowReader reader = stock(path, allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(Rows.of(reader.getVectorSchemaRoot())).isEqualTo(Rows.of(root));
            }
            try (MappedIpcReader reader = Ipc.open(allocator, path)) {
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(Rows.of(reader.getVectorSchemaRoot())).isEqualTo(Rows.of(root));
            }
        }
    }

    @Test
    void areReadAsDictionaries(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("dictionary.arrow");
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        MapDictionaryProvider provider = new MapDictionaryProvider();
        provider.put(new Dictionary(new NullVector("values", 3), encoding));
        IntVector indices = new IntVector("i", new FieldType(true, encoding.getIndexType(), encoding), allocator);
        indices.setSafe(0, 2);
        indices.setValueCount(2);
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(indices))) {
            Ipc.write(root, provider, path, IpcOptions.defaults().withCompression(IpcOptions.Compression.ZSTD));
        }
        try (ArrowReader reader = stock(path, allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.lookup(1).getVector().getValueCount()).isEqualTo(3);
            assertThat(((IntVector) reader.getVectorSchemaRoot().getVector(0)).get(0))
                    .isEqualTo(2);
        }
    }

    private static ArrowReader stock(Path path, BufferAllocator allocator) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        return path.toString().endsWith("s")
                ? new ArrowStreamReader(channel, allocator, CommonsCompressionFactory.INSTANCE)
                : new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE);
    }
}
