package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.io.ByteSink;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arrays whose data come after the members behind them. */
@ExtendWith(LeakCheck.class)
class ReservedMembersTest {
    private static final WriteOptions QUICK = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 8", "3, 800", "5, 65536", "2, 700001", "1, 2000003", "100, 1"})
    void archiveIsThatOfDataInOrder(int parts, int length, BufferAllocator allocator) throws Exception {
        Random random = new Random(length);
        List<RawArray> arrays = List.of(
                RawArray.random(random, parts * length),
                RawArray.random(random, parts * length),
                RawArray.random(random, 300_000));
        Path ordered = folder.resolve("ordered.npz");
        try (NpzWriter writer = NpzWriter.create(ordered, QUICK)) {
            for (int i = 0; i < 3; i++) {
                writer.array(i + ".npy", arrays.get(i).header(), arrays.get(i));
            }
            writer.finish();
        }
        Path positional = folder.resolve("positional.npz");
        try (NpzWriter writer = NpzWriter.create(positional, QUICK)) {
            List<ByteSink> sinks = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                sinks.addAll(writer.reserve(i + ".npy", arrays.get(i).header(), parts, length));
            }
            writer.array("2.npy", arrays.get(2).header(), arrays.get(2));
            int piece = Math.max(1, length / 3);
            for (int from = 0; from < length; from += piece) {
                int to = Math.min(length, from + piece);
                for (int s = 0; s < sinks.size(); s++) {
                    int start = s % parts * length;
                    byte[] bytes = Arrays.copyOfRange(arrays.get(s / parts).bytes(), start + from, start + to);
                    write(allocator, sinks.get(s), bytes, s % 2 == 0);
                }
            }
            writer.finish();
        }
        assertThat(Files.mismatch(ordered, positional)).isEqualTo(-1);
        NpzFile.open(allocator, positional, ReadOptions.defaults().withVerify(Verify.CRC))
                .close();
    }

    private static void write(BufferAllocator allocator, ByteSink sink, byte[] bytes, boolean heap) throws Exception {
        if (heap) {
            sink.write(ByteBuffer.wrap(bytes));
            return;
        }
        try (ArrowBuf buffer = allocator.buffer(bytes.length + 3L)) {
            buffer.setBytes(3, bytes);
            sink.write(buffer, 3, bytes.length);
        }
    }

    @Test
    void refusesToFinishWhileDataAreMissing() throws Exception {
        Path path = Files.writeString(folder.resolve("a.npz"), "old");
        try (NpzWriter writer = NpzWriter.create(path, QUICK)) {
            List<ByteSink> sinks = writer.reserve("a.npy", new byte[64], 2, 10);
            sinks.get(0).write(ByteBuffer.allocate(10));
            sinks.get(1).write(ByteBuffer.allocate(9));
            assertThatIllegalStateException().isThrownBy(writer::finish).withMessageContaining("1 bytes");
        }
        assertThat(path).hasContent("old");
    }

    @Test
    void refusesMoreDataThanReserved(BufferAllocator allocator) throws Exception {
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), QUICK);
                ArrowBuf buffer = allocator.buffer(64)) {
            ByteSink sink = writer.reserve("a.npy", new byte[64], 2, 10).get(0);
            sink.write(ByteBuffer.allocate(4));
            assertThatIllegalArgumentException().isThrownBy(() -> sink.write(ByteBuffer.allocate(7)));
            assertThatIllegalArgumentException().isThrownBy(() -> sink.write(buffer, 0, 7));
        }
    }

    @Test
    void takesNothingOnceClosed(BufferAllocator allocator) throws Exception {
        try (ArrowBuf buffer = allocator.buffer(64)) {
            ByteSink sink;
            try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), QUICK)) {
                sink = writer.reserve("a.npy", new byte[64], 1, 10).get(0);
            }
            assertThatIllegalStateException().isThrownBy(() -> sink.write(buffer, 0, 10));
            assertThatIllegalStateException().isThrownBy(() -> sink.write(ByteBuffer.allocate(10)));
        }
    }

    @Test
    void refusesDeflatedMembersAndTakenNames() throws Exception {
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), QUICK.deflate(6))) {
            assertThatIllegalStateException().isThrownBy(() -> writer.reserve("a.npy", new byte[64], 1, 8));
        }
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), QUICK)) {
            writer.reserve("a.npy", new byte[64], 1, 8);
            assertThatIllegalArgumentException().isThrownBy(() -> writer.reserve("a.npy", new byte[64], 1, 8));
        }
    }
}
