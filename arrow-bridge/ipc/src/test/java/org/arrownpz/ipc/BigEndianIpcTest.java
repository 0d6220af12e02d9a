package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What big-endian machines and Arrow before 1.0 wrote, with columns of every type. */
@ExtendWith(LeakCheck.class)
class BigEndianIpcTest {
    @TempDir
    Path directory;

    private static List<List<String>> values(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        return root.getFieldVectors().stream()
                .map(vector -> IntegrationValues.of(vector, dictionaries))
                .toList();
    }

    /** A little-endian stream of today. */
    private Path plain(int rows, BufferAllocator allocator) throws Exception {
        RandomVectors random = new RandomVectors(allocator, rows, true);
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : AllTypes.all()) {
            vectors.add(random.vector(field, rows));
        }
        Field union = AllTypes.named("sparse union");
        vectors.add(random.vector(RandomVectors.field("list of unions", new ArrowType.List(), union), rows));
        vectors.add(EveryType.indices(rows, allocator));
        Dictionary dictionary = EveryType.dictionary(allocator);
        try (FieldVector words = dictionary.getVector();
                VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
            Path path = directory.resolve("plain.arrows");
            Ipc.write(root, new MapDictionaryProvider(dictionary), path, IpcOptions.defaults());
            return path;
        }
    }

    private Path rewritten(Path plain, IpcRewriter rewriter, BufferAllocator allocator) throws Exception {
        return Files.write(directory.resolve("other.arrows"), rewriter.rewrite(Files.readAllBytes(plain), allocator));
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, false, 40",
        "true, true, false, 40",
        "true, false, true, 40",
        "false, false, true, 40",
        "false, true, true, 40",
        "true, false, true, 0",
        "true, true, true, 1"
    })
    void isReadAsTheSameInTheOrderOfThisMachine(
            boolean bigEndian, boolean compressed, boolean unionBitmaps, int rows, BufferAllocator allocator)
            throws Exception {
        Path plain = plain(rows, allocator);
        IpcRewriter rewriter = new IpcRewriter(bigEndian, compressed, unionBitmaps, false);
        Path other = rewritten(plain, rewriter, allocator);
        try (MappedIpcReader expected = Ipc.open(allocator, plain)) {
            assertThat(expected.loadNextBatch()).isTrue();
            VectorSchemaRoot root = expected.getVectorSchemaRoot();
            for (Mapping mapping : Mapping.values()) {
                IpcReadOptions options = IpcReadOptions.defaults().withMapping(mapping);
                try (MappedIpcReader reader = Ipc.open(allocator, other, options)) {
                    assertThat(reader.loadNextBatch()).isTrue();
                    assertThat(reader.getVectorSchemaRoot().getSchema()).isEqualTo(root.getSchema());
                    assertThat(values(reader.getVectorSchemaRoot(), reader)).isEqualTo(values(root, expected));
                }
            }
            try (IpcFile read = Ipc.readStream(
                    allocator, Channels.newChannel(new ByteArrayInputStream(Files.readAllBytes(other))), "stream")) {
                Frame frame = read.frame();
                assertThat(values(frame.root(), frame.dictionaries())).isEqualTo(values(root, expected));
            }
        }
    }

    @Test
    void skipsUnionsThatAreNotWanted(BufferAllocator allocator) throws Exception {
        Path plain = plain(9, allocator);
        Path other = rewritten(plain, new IpcRewriter(true, false, true, true), allocator);
        IpcReadOptions options = IpcReadOptions.defaults().withColumns("dictionary", "run ends 16");
        try (MappedIpcReader expected = Ipc.open(allocator, plain, options);
                MappedIpcReader reader = Ipc.open(allocator, other, options)) {
            assertThat(expected.loadNextBatch()).isTrue();
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(values(reader.getVectorSchemaRoot(), reader))
                    .isEqualTo(values(expected.getVectorSchemaRoot(), expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"sparse union, sparse union", "dense union, dense union", "list of unions, $data$"})
    void refusesUnionsThatHaveNullsOfTheirOwn(String name, String named, BufferAllocator allocator) throws Exception {
        Path other = rewritten(plain(9, allocator), new IpcRewriter(false, false, true, true), allocator);
        try (MappedIpcReader reader =
                Ipc.open(allocator, other, IpcReadOptions.defaults().withColumns(name))) {
            assertThatThrownBy(reader::loadNextBatch)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION))
                    .hasMessageContaining(named)
                    .hasMessageContaining("nulls besides those of its values, as unions had before Arrow 1.0");
        }
    }

    @Test
    void copiesWhatHasAnOrderAndViewsTheRest(BufferAllocator allocator) throws Exception {
        int rows = 40;
        Path other = rewritten(plain(rows, allocator), IpcRewriter.otherOrder(), allocator);
        IpcReadOptions options = IpcReadOptions.defaults().withColumns("i4", "i1", "bool", "utf8");
        try (MappedIpcReader reader = Ipc.open(allocator, other, options)) {
            assertThat(reader.loadNextBatch()).isTrue();
            List<CopyReport.Column> columns = reader.copyReport().columns();
            assertThat(columns)
                    .extracting(CopyReport.Column::copiedBytes)
                    .containsExactly(4L * rows, 0L, 0L, 4L * (rows + 1));
            assertThat(columns.get(1).viewedBytes()).isEqualTo(rows);
            assertThat(columns.get(2).viewedBytes()).isEqualTo(rows / 8);
            assertThat(columns.get(3).viewedBytes()).isPositive();
            assertThat(columns)
                    .extracting(CopyReport.Column::reason)
                    .containsExactly("big-endian: bytes swapped", null, null, "big-endian: bytes swapped");
        }
    }
}
