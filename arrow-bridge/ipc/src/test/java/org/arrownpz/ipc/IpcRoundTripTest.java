package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.label.Label;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class IpcRoundTripTest {
    @TempDir
    Path directory;

    private static VectorSchemaRoot root(int rows, BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        Float8Vector price = new Float8Vector("price", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        for (int i = 0; i < rows; i++) {
            key.setSafe(i, i * 10L);
            price.setSafe(i, i == 3 ? Double.NaN : i / 3.0);
            if (i % 4 == 1) {
                name.setNull(i);
            } else {
                name.setSafe(i, ("n\u00e4me " + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        List<FieldVector> vectors = List.of(key, price, name);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, rows);
    }

    @ParameterizedTest
    @CsvSource({
        "a.feather, NONE, 0, 100",
        "a.arrow, LZ4, 0, 100",
        "a.ipc, ZSTD, 0, 100",
        "a.arrows, NONE, 0, 100",
        "a.arrows, ZSTD, 7, 100",
        "a.feather, NONE, 7, 100",
        "a.feather, LZ4, 9, 0",
        "a.arrows, NONE, 0, 0",
    })
    void restoresValuesLabelsAndNames(
            String file, IpcOptions.Compression compression, int batchRows, int rows, BufferAllocator allocator)
            throws IOException {
        Path path = directory.resolve(file);
        try (VectorSchemaRoot root = root(rows, allocator);
                Frame frame = Frame.of(root).withIndex("key").withName("prices").withColumnsName("what")) {
            Ipc.write(
                    frame,
                    path,
                    IpcOptions.defaults().withCompression(compression).withBatchRows(batchRows));
            try (IpcFile read = Ipc.read(allocator, path)) {
                Frame again = read.frame();
                assertThat(read.format())
                        .isEqualTo(file.endsWith("s") ? IpcOptions.Format.STREAM : IpcOptions.Format.FILE);
                assertThat(again.name()).isEqualTo(Label.of("prices"));
                assertThat(again.columns().name()).isEqualTo(Label.of("what"));
                assertThat(again.index().name()).isEqualTo(Label.of("key"));
                assertThat(again.indexLevels()).isEqualTo(1);
                assertThat(again.columnNames()).containsExactly("price", "name");
                assertThat(again.rowCount()).isEqualTo(rows);
                for (int i = 0; i < 3; i++) {
                    FieldVector before = frame.root().getVector(i);
                    assertThat(VectorEqualsVisitor.vectorEquals(
                                    before, again.root().getVector(i)))
                            .as(before.getName())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void writesBatchesOfAReaderAsTheyAre(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("batches.feather");
        try (VectorSchemaRoot root = root(10, allocator);
                Frame frame = Frame.of(root);
                ArrowReader reader = frame.reader(4)) {
            Ipc.write(reader, path, IpcOptions.defaults());
        }
        try (IpcFile file = Ipc.read(allocator, path)) {
            ArrowReader batches = file.reader();
            int total = 0;
            for (int expected : new int[] {4, 4, 2}) {
                assertThat(batches.loadNextBatch()).isTrue();
                assertThat(batches.getVectorSchemaRoot().getRowCount()).isEqualTo(expected);
                total += expected;
            }
            assertThat(batches.loadNextBatch()).isFalse();
            assertThat(total).isEqualTo(10);
            assertThatThrownBy(file::frame).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void streamsThroughPipesAndLeavesThemOpen(BufferAllocator allocator) throws IOException {
        ByteArrayOutputStream pipe = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = root(20, allocator);
                Frame frame = Frame.of(root)) {
            Ipc.writeStream(frame, pipe, IpcOptions.defaults());
        }
        try (IpcFile file =
                Ipc.readStream(allocator, Channels.newChannel(new ByteArrayInputStream(pipe.toByteArray())), "pipe")) {
            assertThat(file.frame().rowCount()).isEqualTo(20);
            assertThat(file.frame().index().isAuto()).isTrue();
        }
    }

    @Test
    void keepsTheFormerFileWhenWritingFails(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("kept.feather");
        Files.writeString(path, "former");
        assertThatThrownBy(() -> Ipc.write(new FailingReader(allocator), path, IpcOptions.defaults()))
                .isInstanceOf(NpzException.class);
        assertThat(path).hasContent("former");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void passesOnThatNobodyReadsAnyMore(BufferAllocator allocator) {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (VectorSchemaRoot root = root(3, allocator);
                Frame frame = Frame.of(root)) {
            assertThatThrownBy(() -> Ipc.writeStream(frame, closed, IpcOptions.defaults()))
                    .isInstanceOf(NpzException.class)
                    .hasRootCauseMessage("Broken pipe");
        }
    }

    private static final class FailingReader extends ArrowReader {
        FailingReader(BufferAllocator allocator) {
            super(allocator);
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            throw new IOException("no more of this");
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        protected void closeReadSource() {}

        @Override
        protected Schema readSchema() {
            return new Schema(List.of());
        }
    }
}
