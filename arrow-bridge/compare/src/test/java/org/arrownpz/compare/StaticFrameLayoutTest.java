package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.compare.fixture.FrameFixture;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we lay out as StaticFrame is what StaticFrame lays out. */
class StaticFrameLayoutTest {
    private static final String METADATA = "__meta__.json";
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "article_example",
                "block_c_order",
                "block_consolidated",
                "block_many",
                "block_one_by_one",
                "block_one_row",
                "dtype_bool",
                "dtype_bytes",
                "dtype_complex",
                "dtype_floats",
                "dtype_ints",
                "dtype_unicode",
                "columns_date_labels",
                "index_IndexDate",
                "index_hierarchy_depth2_bool_float",
                "name_tuple",
                "wide_2000_uniform",
                "zero_rows",
                "zero_zero"
            })
    void givesTheBytesThatStaticFrameWrote(String name) throws IOException {
        Path original = directory.resolve("original.npz");
        try (InputStream golden =
                StaticFrameLayoutTest.class.getResourceAsStream("/golden/static-frame/" + name + ".npz")) {
            Files.copy(Objects.requireNonNull(golden, name), original);
        }
        Path aligned = directory.resolve("aligned.npz");
        Path target = directory.resolve("static-frame.npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            try (Frame frame = Frames.open(allocator, original)) {
                Frames.write(frame, aligned, WriteOptions.defaults());
            }
            StaticFrameLayout.write(allocator, aligned, target);
        }
        assertThat(withoutDate(target)).isEqualTo(withoutDate(original));
    }

    @Test
    void writesBlocksOfManyPiecesRowByRow() throws IOException {
        Path aligned = directory.resolve("aligned.npz");
        Path target = directory.resolve("static-frame.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = FrameFixture.parse("s(40000,7)|v(float)").frame(allocator)) {
            Frames.write(frame, aligned, WriteOptions.defaults());
            StaticFrameLayout.write(allocator, aligned, target);
            try (Frame read = Frames.open(allocator, target)) {
                assertThat(FrameLosses.ofValues(frame, read)).isEmpty();
                assertThat(read.blockCount()).isEqualTo(1);
                assertThat(read.copyReport().viewedBytes()).isZero();
            }
        }
    }

    /** The archive with zero for the time of the metadata, which is when StaticFrame wrote it. */
    private static byte[] withoutDate(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = bytes.length - 22;
        int members = buffer.getShort(end + 10) & 0xFFFF;
        int record = buffer.getInt(end + 16);
        for (int i = 0; i < members; i++) {
            assertThat(buffer.getInt(record)).isEqualTo(CENTRAL);
            int nameLength = buffer.getShort(record + 28);
            if (new String(bytes, record + 46, nameLength).equals(METADATA)) {
                int local = buffer.getInt(record + 42);
                assertThat(buffer.getInt(local)).isEqualTo(LOCAL);
                buffer.putInt(record + 12, 0);
                buffer.putInt(local + 10, 0);
            }
            record += 46 + nameLength + buffer.getShort(record + 30) + buffer.getShort(record + 32);
        }
        return bytes;
    }
}
