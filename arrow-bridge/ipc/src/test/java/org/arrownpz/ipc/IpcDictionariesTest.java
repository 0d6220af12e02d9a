package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dictionaries that grow or change between batches. */
@ExtendWith(LeakCheck.class)
class IpcDictionariesTest {
    @TempDir
    Path directory;

    @Test
    void followsDictionariesThatGrowAndChangeInStreams(BufferAllocator allocator) throws IOException {
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
    void extendsDictionariesInFilesButRefusesToChangeThem(BufferAllocator allocator) throws IOException {
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
    void refusesAFileThatReplacesADictionary(BufferAllocator allocator) throws IOException {
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
}
