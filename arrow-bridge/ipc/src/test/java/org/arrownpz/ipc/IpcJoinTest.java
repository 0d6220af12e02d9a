package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of several batches, read as one frame. */
@ExtendWith(LeakCheck.class)
class IpcJoinTest {
    @TempDir
    Path directory;

    private static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    /** What Arrow's own appender cannot join, beside every type. */
    private static List<FieldVector> columns(int rows, BufferAllocator allocator) {
        List<FieldVector> columns = EveryType.columns(rows, allocator);
        RandomVectors random = new RandomVectors(allocator, 4, true);
        Field nothing = field("nothing", new ArrowType.Null());
        Field item = field("item", new ArrowType.Int(32, true));
        Field key = new Field("key", FieldType.notNullable(new ArrowType.Int(32, true)), List.of());
        Field entries = new Field("entries", FieldType.notNullable(new ArrowType.Struct()), List.of(key, nothing));
        Field ends = new Field("run_ends", FieldType.notNullable(new ArrowType.Int(32, true)), List.of());
        for (Field field : List.of(
                field("large lists", new ArrowType.LargeList(), item),
                field("map of nulls", new ArrowType.Map(false), entries),
                field("lists of size 0", new ArrowType.FixedSizeList(0), item),
                field("lists of nulls", new ArrowType.FixedSizeList(2), nothing),
                field("empty struct", new ArrowType.Struct()),
                field("list views", new ArrowType.ListView(), item),
                field("large list views", new ArrowType.LargeListView(), field("t", new ArrowType.Utf8View())),
                field("runs", new ArrowType.RunEndEncoded(), ends, item))) {
            columns.add(random.vector(field, rows));
        }
        return columns;
    }

    @ParameterizedTest
    @CsvSource({"a.arrow, NONE, 7", "a.arrow, LZ4, 50", "a.arrows, NONE, 33", "a.arrows, ZSTD, 1"})
    void joinsBatchesOfEveryType(String name, IpcOptions.Compression compression, int rows, BufferAllocator allocator)
            throws IOException {
        Path path = directory.resolve(name);
        try (VectorSchemaRoot root = new VectorSchemaRoot(columns(100, allocator))) {
            IpcOptions options =
                    IpcOptions.defaults().withCompression(compression).withBatchRows(rows);
            try (Frame frame = Frame.of(root)) {
                Ipc.write(frame, path, options);
            }
            try (IpcFile file = Ipc.read(allocator, path, Verify.CONTENT)) {
                VectorSchemaRoot read = file.frame().root();
                assertThat(read.getSchema().getFields())
                        .isEqualTo(root.getSchema().getFields());
                assertThat(read.getRowCount()).isEqualTo(100);
                for (FieldVector vector : root.getFieldVectors()) {
                    assertThat(Rows.of(read.getVector(vector.getName())))
                            .as(vector.getName())
                            .isEqualTo(Rows.of(vector));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"stream, true", "stream, false"})
    void joinsDictionariesThatChange(String name, boolean mapped, BufferAllocator allocator) throws IOException {
        List<List<String>> dictionaries = List.of(
                List.of("a", "b"), List.of("b", "c"), List.of("b", "c", "d"), List.of(), List.of("a"), List.of("a"));
        Path path = directory.resolve(name + ".arrows");
        try (ChangingDictionary batches = new ChangingDictionary(allocator, dictionaries)) {
            Ipc.write(batches, path, IpcOptions.defaults());
        }
        List<String> expected = new ArrayList<>();
        dictionaries.forEach(dictionary -> expected.addAll(ChangingDictionary.texts(dictionary)));
        try (IpcFile file = mapped
                ? Ipc.read(allocator, path)
                : Ipc.readStream(allocator, new FileInputStream(path.toFile()).getChannel(), name)) {
            Frame frame = file.frame();
            IntVector indices = (IntVector) frame.root().getVector("word");
            VarCharVector words = (VarCharVector) frame.dictionaries()
                    .lookup(indices.getField().getDictionary().getId())
                    .getVector();
            assertThat(Rows.of(words)).containsExactly("a", "b", "c", "d");
            List<String> texts = IntStream.range(0, indices.getValueCount())
                    .mapToObj(row -> indices.isNull(row) ? null : String.valueOf(words.getObject(indices.get(row))))
                    .toList();
            assertThat(texts).isEqualTo(expected);
        }
    }

    @Test
    void leavesNothingWhenMemoryIsRefused(BufferAllocator source) throws Exception {
        Path path = directory.resolve("x.arrows");
        try (ChangingDictionary batches =
                new ChangingDictionary(source, List.of(List.of("a", "b"), List.of("b", "c"), List.of("b", "c", "d")))) {
            Ipc.write(batches, path, IpcOptions.defaults());
        }
        AllocationFaults.refuseEach(allocator -> {
            try (ReadableByteChannel channel = new FileInputStream(path.toFile()).getChannel();
                    IpcFile file = Ipc.readStream(allocator, channel, "x")) {
                assertThat(file.frame().rowCount()).isEqualTo(10);
            }
        });
    }

    @Test
    void refusesRunEndsThatCannotCountAllRows(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("runs.arrows");
        Field ends = new Field("run_ends", FieldType.notNullable(new ArrowType.Int(16, true)), List.of());
        Field runs = field("r", new ArrowType.RunEndEncoded(), ends, field("values", new ArrowType.Int(8, true)));
        try (VectorSchemaRoot root =
                        new VectorSchemaRoot(List.of(new RandomVectors(allocator, 1, true).vector(runs, 30_000)));
                RepeatedBatch batches = new RepeatedBatch(allocator, root, 2)) {
            Ipc.write(batches, path, IpcOptions.defaults());
        }
        try (IpcFile file = Ipc.read(allocator, path)) {
            assertThatThrownBy(file::frame)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                    .hasMessageContaining("runs.arrows")
                    .hasMessageContaining("'r'")
                    .hasMessageContaining("16-bit");
        }
    }
}
