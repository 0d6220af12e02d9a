package org.arrownpz.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One door to tables of every format. */
@ExtendWith(LeakCheck.class)
class TablesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.ARROW", "t.arrows", "t.parquet", "t.csv", "t.jsonl"})
    void opensEveryFormat(String name, BufferAllocator allocator) throws Exception {
        Path path = write(allocator, name);
        assertThat(read(allocator, path, ReadOptions.defaults())).containsExactly("a=1, b=0.5", "a=2, b=1.5");
        assertThat(read(allocator, path, ReadOptions.defaults().withColumns("b")))
                .containsExactly("b=0.5", "b=1.5");
        assertThatThrownBy(() ->
                        Tables.open(allocator, path, ReadOptions.defaults().withColumns("c")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.ARROW", "t.arrows", "t.parquet", "t.csv", "t.jsonl"})
    void readsEveryFormatWhole(String name, BufferAllocator allocator) throws Exception {
        Path path = write(allocator, name);
        try (Frame frame = Tables.read(allocator, path);
                Frame b = Tables.read(allocator, path, ReadOptions.defaults().withColumns("b"))) {
            assertThat(frame.columnNames()).containsExactly("a", "b");
            assertThat(frame.root().getVector("a").getObject(1)).isEqualTo(2L);
            assertThat(b.columnNames()).containsExactly("b");
            assertThat(b.root().getVector("b").getObject(0)).isEqualTo(0.5);
        }
        assertThatThrownBy(() ->
                        Tables.read(allocator, path, ReadOptions.defaults().withColumns("c")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.arrows", "t.parquet"})
    void keepsTheIndexBesideChosenColumns(String name, BufferAllocator allocator) throws Exception {
        Path plain = write(allocator, "plain.npz");
        Path path = directory.resolve(name);
        try (Frame read = Frames.open(allocator, plain);
                Frame indexed = read.withIndex("a")) {
            write(indexed, path);
        }
        try (Frame frame = Tables.read(allocator, path, ReadOptions.defaults().withColumns("b"))) {
            assertThat(frame.indexLevels()).isOne();
            assertThat(frame.root().getVector("a").getObject(1)).isEqualTo(2L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.parquet", "t.csv"})
    void keepsTheFileUntilAllSharedFramesAreClosed(String name, BufferAllocator allocator) throws Exception {
        Path path = write(allocator, name);
        Frame frame = Tables.read(allocator, path);
        try (Frame shared = frame.share()) {
            frame.close();
            assertThat(shared.root().getVector("b").getObject(1)).isEqualTo(1.5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.parquet"})
    void knowsFilesByTheirFirstBytes(String name, BufferAllocator allocator) throws Exception {
        Path path = Files.move(write(allocator, name), directory.resolve("data"));
        assertThat(read(allocator, path, ReadOptions.defaults())).containsExactly("a=1, b=0.5", "a=2, b=1.5");
    }

    @Test
    void takesPositionsForNumpyOnly(BufferAllocator allocator) throws Exception {
        ReadOptions last = ReadOptions.defaults().withPositions(List.of(-1));
        assertThat(read(allocator, write(allocator, "t.npz"), last)).containsExactly("b=0.5", "b=1.5");
        Path feather = write(allocator, "t.feather");
        assertThatThrownBy(() -> Tables.open(allocator, feather, last))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name them");
    }

    private Path write(BufferAllocator allocator, String name) throws Exception {
        Path path = directory.resolve(name);
        if (name.endsWith(".csv")) {
            return Files.writeString(path, "a,b\n1,0.5\n2,1.5\n");
        }
        if (name.endsWith(".jsonl")) {
            return Files.writeString(path, "{\"a\":1,\"b\":0.5}\n{\"a\":2,\"b\":1.5}\n");
        }
        try (BigIntVector a = new BigIntVector("a", allocator);
                Float8Vector b = new Float8Vector("b", allocator)) {
            for (int i = 0; i < 2; i++) {
                a.setSafe(i, i + 1L);
                b.setSafe(i, i + 0.5);
            }
            a.setValueCount(2);
            b.setValueCount(2);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(a, b);
                    Frame frame = Frame.of(root)) {
                write(frame, path);
            }
        }
        return path;
    }

    private static void write(Frame frame, Path path) throws Exception {
        String name = path.toString();
        if (name.endsWith(".npz")) {
            Frames.write(frame, path, WriteOptions.defaults());
        } else if (name.endsWith(".parquet")) {
            Parquet.write(frame, path, ParquetOptions.defaults());
        } else {
            Ipc.write(frame, path, IpcOptions.defaults());
        }
    }

    private static List<String> read(BufferAllocator allocator, Path path, ReadOptions options) throws Exception {
        List<String> rows = new ArrayList<>();
        try (ArrowReader reader = Tables.open(allocator, path, options)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            List<String> names =
                    root.getSchema().getFields().stream().map(Field::getName).toList();
            while (reader.loadNextBatch()) {
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                for (int i = 0; i < batch.getRowCount(); i++) {
                    int row = i;
                    rows.add(String.join(
                            ", ",
                            names.stream()
                                    .map(column -> column + "="
                                            + batch.getVector(column).getObject(row))
                                    .toList()));
                }
            }
        }
        return rows;
    }
}
