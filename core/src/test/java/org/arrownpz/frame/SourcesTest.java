package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where frames are opened from, and which bytes are read for which columns. */
@ExtendWith(LeakCheck.class)
class SourcesTest {
    private static final int ROWS = 50_000;
    private static final int COLUMNS = 6;

    @TempDir
    Path directory;

    private Path file;

    /** Columns of alternating types, so that each is a block of its own. */
    @BeforeEach
    void writeFrame(BufferAllocator allocator) throws Exception {
        file = directory.resolve("frame.npz");
        FieldVector[] vectors = new FieldVector[COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            long[] longs = new long[ROWS];
            double[] doubles = new double[ROWS];
            for (int row = 0; row < ROWS; row++) {
                longs[row] = value(column, row);
                doubles[row] = value(column, row);
            }
            vectors[column] = column % 2 == 0
                    ? Roots.longs(allocator, "c" + column, longs)
                    : Roots.doubles(allocator, "c" + column, doubles);
        }
        try (VectorSchemaRoot root = Roots.root(vectors)) {
            Frames.write(root, file, WriteOptions.defaults());
        }
    }

    private static long value(int column, int row) {
        return column * 1_000_000L + row;
    }

    private static void assertColumn(Frame frame, int column) throws NpzException {
        FieldVector vector = frame.root().getVector("c" + column);
        for (int row = 0; row < ROWS; row += 997) {
            assertThat(((Number) vector.getObject(row)).longValue()).isEqualTo(value(column, row));
        }
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void opensAPath(Mapping mapping, BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withMapping(mapping))) {
            for (int column = 0; column < COLUMNS; column++) {
                assertColumn(frame, column);
            }
            assertThat(frame.copyReport().copiedBytes() == 0).isEqualTo(mapping != Mapping.COPY);
        }
    }

    @Test
    void opensAUriOfAFile(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file.toUri(), ReadOptions.defaults())) {
            assertColumn(frame, 1);
        }
        try (NumpyArrays arrays = Npz.open(allocator, file.toUri(), ReadOptions.defaults())) {
            assertThat(arrays.contains("__blocks_0__")).isTrue();
        }
        Path array = directory.resolve("array.npy");
        Npy.save(array, new long[] {1, 2});
        try (NumpyArray loaded = Npy.load(allocator, array.toUri(), ReadOptions.defaults())) {
            assertThat(loaded.longs()).containsExactly(1, 2);
        }
    }

    @Test
    void namesTheArtifactOfAScheme(BufferAllocator allocator) {
        URI uri = URI.create("https://user:secret@localhost/prices.npz");
        assertThatThrownBy(() -> Frames.open(allocator, uri, ReadOptions.defaults()))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("org.arrownpz:arrow-npz-remote")
                .hasMessageNotContaining("secret");
    }

    @Test
    void opensAnArrowBufWithoutACopy(BufferAllocator allocator) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        Frame frame;
        try (ArrowBuf buffer = allocator.buffer(bytes.length)) {
            buffer.writeBytes(bytes);
            frame = Frames.open(allocator, buffer, ReadOptions.defaults());
            assertThat(frame.root().getVector("c3").getDataBuffer().memoryAddress())
                    .isBetween(buffer.memoryAddress(), buffer.memoryAddress() + bytes.length);
        }
        try (frame) {
            assertColumn(frame, 3);
        }
    }

    @Test
    void opensDirectAndHeapBuffers(BufferAllocator allocator) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        for (ByteBuffer buffer : List.of(ByteBuffer.allocateDirect(bytes.length), ByteBuffer.allocate(bytes.length))) {
            buffer.put(bytes).flip();
            try (Frame frame = Frames.open(allocator, buffer, ReadOptions.defaults())) {
                assertColumn(frame, 5);
                assertThat(buffer.position()).isZero();
            }
        }
    }

    @Test
    void channelIsReadOnlyWhereTheChosenColumnsAre(BufferAllocator allocator) throws Exception {
        try (CountingChannel channel = new CountingChannel(Files.newByteChannel(file))) {
            ReadOptions options = ReadOptions.defaults().withColumns("c4", "c1");
            try (Frame frame = Frames.open(allocator, channel, options)) {
                assertThat(frame.columnNames()).containsExactly("c4", "c1");
                assertColumn(frame, 4);
                assertColumn(frame, 1);
            }
            try (NpzFile npz = NpzFile.open(allocator, file)) {
                for (int column = 0; column < COLUMNS; column++) {
                    String member = "__blocks_" + column + "__.npy";
                    long header = npz.array(member).header().dataOffset();
                    long start = npz.payloadOffset(member) + header;
                    // What a fetch of headers takes along is no more than 64 KiB of each end of the array.
                    long from = start + 65_536;
                    long end = start + 8L * ROWS - 65_536;
                    assertThat(channel.touches(from, end)).as(member).isEqualTo(column == 4 || column == 1);
                }
            }
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    void channelIsAskedForFewRanges(BufferAllocator allocator) throws Exception {
        try (CountingChannel channel = new CountingChannel(Files.newByteChannel(file))) {
            try (Frame frame =
                    Frames.open(allocator, channel, ReadOptions.defaults().withColumns("c5"))) {
                assertColumn(frame, 5);
            }
            assertThat(channel.ranges.size()).isLessThan(20);
        }
    }

    @Test
    void headersOfArraysComeWithTheLocalHeadersBeforeThem(BufferAllocator allocator) throws Exception {
        try (CountingChannel channel = new CountingChannel(Files.newByteChannel(file));
                Frame frame = Frames.open(allocator, channel, ReadOptions.defaults())) {
            assertThat(frame.rowCount()).isEqualTo(ROWS);
            // The directory, and a stretch at the beginning of each array.
            assertThat(channel.ranges).hasSizeLessThanOrEqualTo(1 + COLUMNS);
        }
    }

    @Test
    void columnsAreChosenByPositionFromEitherEnd(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withPositions(List.of(-1, 0)))) {
            assertThat(frame.columnNames()).containsExactly("c5", "c0");
            assertThat(frame.columns().label(0)).isEqualTo(Label.of("c5"));
            assertColumn(frame, 5);
            assertColumn(frame, 0);
        }
    }

    @Test
    void unknownAndDoubledColumnsAreMisuse(BufferAllocator allocator) {
        for (ReadOptions options : List.of(
                ReadOptions.defaults().withColumns("c1", "nowhere"),
                ReadOptions.defaults().withColumns("c1", "c1"),
                ReadOptions.defaults().withColumns(List.of()),
                ReadOptions.defaults().withPositions(List.of(COLUMNS)),
                ReadOptions.defaults().withPositions(List.of(-COLUMNS - 1)),
                ReadOptions.defaults().withPositions(List.of(1, -COLUMNS + 1)))) {
            assertThatThrownBy(() -> Frames.open(allocator, file, options))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Remembers the ranges that were read. */
    private static final class CountingChannel implements SeekableByteChannel {
        private final SeekableByteChannel channel;
        private final List<long[]> ranges = new ArrayList<>();

        CountingChannel(SeekableByteChannel channel) {
            this.channel = channel;
        }

        boolean touches(long from, long to) {
            return ranges.stream().anyMatch(range -> range[0] < to && range[1] > from);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            long start = channel.position();
            int count = channel.read(target);
            ranges.add(new long[] {start, start + count});
            return count;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
