package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.Location;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files beyond 2 GiB, which JDKs before 22 cannot map at once: windows of them are. The files are mostly holes; columns of
 * 512 MiB hold their own numbers in a few places, so that a wrong window would show.
 */
@Tag("soak")
@ExtendWith(LeakCheck.class)
class LongIpcTest {
    private static final int ROWS = (1 << 26) - 64;
    private static final int PARTS = 5;
    private static final int[] PLACES = {0, 1, 12_345_678, ROWS / 2, ROWS - 1};

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(IpcOptions.Format.class)
    void mapsManyBatches(IpcOptions.Format format, BufferAllocator allocator) throws IOException {
        Path file = directory.resolve("batches");
        try (BigIntVector column = column(allocator);
                ArrowReader batches = new Batches(column, allocator)) {
            write(file, format, writer -> writer.write(batches));
        }
        assertThat(Files.size(file)).isGreaterThan(PARTS * ROWS * 8L);
        try (MappedIpcReader reader = Ipc.open(allocator, file)) {
            assertThat(reader.batchCount()).isEqualTo(PARTS);
            for (int batch : new int[] {0, 1, 2, 3, 4, 4, 1, 3}) {
                reader.loadBatch(batch);
                requireNumbers(reader.getVectorSchemaRoot().getVector(0), batch);
                assertThat(reader.copyReport().copiedBytes()).isZero();
            }
            assertThat(reader.loadNextBatch()).isTrue();
            requireNumbers(reader.getVectorSchemaRoot().getVector(0), 4);
            assertThat(reader.loadNextBatch()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(IpcOptions.Format.class)
    void mapsOneBatch(IpcOptions.Format format, BufferAllocator allocator) throws IOException {
        Path file = directory.resolve("batch");
        try (BigIntVector column = column(allocator)) {
            setNumbers(column, 0);
            List<FieldVector> columns = new ArrayList<>();
            for (int part = 0; part < PARTS; part++) {
                columns.add(shifted(column, part, allocator));
            }
            try (VectorSchemaRoot root = new VectorSchemaRoot(columns)) {
                write(file, format, writer -> writer.write(root, new DictionaryProvider.MapDictionaryProvider()));
            }
        }
        assertThat(Files.size(file)).isGreaterThan(PARTS * (ROWS - 64) * 8L);
        try (MappedIpcReader reader = Ipc.open(allocator, file)) {
            assertThat(reader.loadNextBatch()).isTrue();
            for (int part = 0; part < PARTS; part++) {
                BigIntVector column =
                        (BigIntVector) reader.getVectorSchemaRoot().getVector(part);
                for (int place : PLACES) {
                    if (place >= part && place - part < column.getValueCount()) {
                        assertThat(column.get(place - part)).isEqualTo(number(place, 0));
                    }
                }
            }
            assertThat(reader.copyReport().copiedBytes()).isZero();
        }
        try (MappedIpcReader reader =
                Ipc.open(allocator, file, IpcReadOptions.defaults().withColumns("4", "0"))) {
            assertThat(reader.loadNextBatch()).isTrue();
            BigIntVector last = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
            assertThat(last.get(PLACES[2] - 4)).isEqualTo(number(PLACES[2], 0));
            assertThat(((BigIntVector) reader.getVectorSchemaRoot().getVector(1)).get(1))
                    .isEqualTo(number(1, 0));
        }
    }

    private static BigIntVector column(BufferAllocator allocator) {
        BigIntVector column = new BigIntVector("n", allocator);
        try (ArrowBuf values = allocator.buffer((ROWS + 64) * 8L);
                ArrowBuf bits = allocator.buffer((ROWS + 64) / 8)) {
            values.setZero(0, values.capacity());
            bits.setOne(0, (int) bits.capacity());
            column.loadFieldBuffers(new ArrowFieldNode(ROWS, 0), List.of(bits, values.writerIndex(ROWS * 8L)));
        }
        return column;
    }

    /** A column over the same memory, some rows further on. */
    private static BigIntVector shifted(BigIntVector column, int rows, BufferAllocator allocator) {
        BigIntVector shifted = new BigIntVector(String.valueOf(rows), allocator);
        int count = ROWS - 64;
        ArrowBuf values = column.getDataBuffer().slice(rows * 8L, count * 8L);
        shifted.loadFieldBuffers(new ArrowFieldNode(count, 0), List.of(column.getValidityBuffer(), values));
        return shifted;
    }

    private static long number(int place, int batch) {
        return place * 1000L + batch + 1;
    }

    private static void setNumbers(BigIntVector column, int batch) {
        for (int place : PLACES) {
            column.set(place, number(place, batch));
        }
    }

    private static void requireNumbers(FieldVector column, int batch) {
        assertThat(column.getValueCount()).isEqualTo(ROWS);
        for (int place : PLACES) {
            assertThat(((BigIntVector) column).get(place)).isEqualTo(number(place, batch));
        }
        assertThat(((BigIntVector) column).get(ROWS / 3)).isZero();
    }

    private interface Writing {
        void to(IpcWriter writer) throws IOException;
    }

    private static void write(Path file, IpcOptions.Format format, Writing writing) throws IOException {
        try (Holes holes = new Holes(file)) {
            writing.to(new IpcWriter(holes, format, IpcOptions.defaults(), Location.ofFile(file.toString())));
        }
    }

    /** The same column again and again, with other numbers. */
    private static final class Batches extends BatchReader {
        private final BigIntVector column;
        private final VectorSchemaRoot root;
        private int next;

        Batches(BigIntVector column, BufferAllocator allocator) {
            super(allocator);
            this.column = column;
            this.root = VectorSchemaRoot.of(column);
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() {
            return root;
        }

        @Override
        public boolean loadNextBatch() {
            if (next == PARTS) {
                return false;
            }
            setNumbers(column, next++);
            return true;
        }

        @Override
        public void close() {
            // The column stays the caller's.
        }
    }

    /** A file in which what is zero is not written. */
    private static final class Holes implements WritableByteChannel {
        private static final int PAGE = 1 << 16;

        private final FileChannel file;
        private final ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE);
        private long position;

        Holes(Path path) throws IOException {
            file = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int before = source.remaining();
            while (source.hasRemaining()) {
                ByteBuffer page = source.slice().limit(Math.min(PAGE, source.remaining()));
                int length = page.remaining();
                source.position(source.position() + length);
                if (length < PAGE || page.mismatch(zeros) >= 0) {
                    for (long at = position; page.hasRemaining(); ) {
                        at += file.write(page, at);
                    }
                }
                position += length;
            }
            return before;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
