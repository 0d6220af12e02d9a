package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches in any order, wanted columns, metadata. */
@ExtendWith(LeakCheck.class)
class MappedIpcReaderTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"a.arrow", "a.arrows"})
    void loadsBatchesInAnyOrder(String name, BufferAllocator allocator) throws IOException {
        Path path = NumberedRows.write(directory.resolve(name), 25, 10, IpcOptions.Compression.NONE, allocator);
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
    void readsWantedColumnsInWantedOrderAndNeverLooksAtOthers(BufferAllocator allocator) throws IOException {
        for (IpcOptions.Compression compression : IpcOptions.Compression.values()) {
            Path path = directory.resolve("c" + compression + ".arrow");
            NumberedRows.write(path, 100, 100, compression, allocator);
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
    void selectsColumnsOnceItIsOpen(BufferAllocator allocator) throws IOException {
        Path path = NumberedRows.write(directory.resolve("s.arrow"), 20, 10, IpcOptions.Compression.NONE, allocator);
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            assertThat(reader.getVectorSchemaRoot().getFieldVectors()).hasSizeGreaterThan(2);
            assertThatIllegalArgumentException().isThrownBy(() -> reader.select(List.of("no")));
            reader.select(List.of("sparse", "number"));
            assertThat(reader.loadNextBatch()).isTrue();
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            assertThat(root.getSchema().getFields().stream().map(Field::getName))
                    .containsExactly("sparse", "number");
            assertThat(((BigIntVector) root.getVector("number")).get(9)).isEqualTo(90);
            assertThatIllegalStateException().isThrownBy(() -> reader.select(List.of("number")));
        }
    }

    @Test
    void refusesColumnsThatAreNotThere(BufferAllocator allocator) throws IOException {
        Path path = NumberedRows.write(directory.resolve("a.arrow"), 1, 1, IpcOptions.Compression.NONE, allocator);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns("no")))
                .withMessageContaining("no column no");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Ipc.open(allocator, path, IpcReadOptions.defaults().withColumns("text", "text")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.arrow", "m.arrows"})
    void keepsMetadataOfFileAndSchema(String name, BufferAllocator allocator) throws IOException {
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

    @Test
    void refusesToGoOnAfterItWasClosed(BufferAllocator allocator) throws IOException {
        Path path = NumberedRows.write(directory.resolve("a.arrow"), 1, 1, IpcOptions.Compression.NONE, allocator);
        MappedIpcReader reader = Ipc.open(allocator, path);
        reader.close();
        reader.close();
        assertThatThrownBy(reader::loadNextBatch).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> reader.loadBatch(0)).isInstanceOf(IllegalStateException.class);
    }
}
