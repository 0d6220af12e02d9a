package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.DictionaryEncoding;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.WriteReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of written archives, and what the options change about them. */
@ExtendWith(LeakCheck.class)
class FrameWritingTest {
    @TempDir
    Path directory;

    static Stream<Arguments> frames() {
        return Golden.sidecars("staticframe-npz").stream()
                .map(sidecar -> Arguments.of(sidecar.get("file").asText(), sidecar));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void membersAreThoseOfStaticFrameByteForByte(String name, JsonNode sidecar, BufferAllocator allocator)
            throws Exception {
        Path original = Golden.folder("static-frame").resolve(name);
        Path copy = directory.resolve("copy.npz");
        try (Frame frame = Frames.open(allocator, original)) {
            Frames.write(frame, copy, WriteOptions.defaults());
        }
        try (NpzFile expected = NpzFile.open(allocator, original);
                NpzFile actual = NpzFile.open(allocator, copy)) {
            for (String member : expected.names()) {
                if (member.endsWith(".npy") && isRowMajor(expected.array(member).header())) {
                    continue;
                }
                assertThat(actual.bytes(member, 10_000_000)).as(member).isEqualTo(expected.bytes(member, 10_000_000));
            }
            assertThat(actual.names()).isEqualTo(expected.names());
            for (JsonNode member : sidecar.get("members")) {
                if (member.has("json_text")) {
                    assertThat(new String(actual.bytes("__meta__.json", 1_000_000), StandardCharsets.UTF_8))
                            .isEqualTo(member.get("json_text").asText());
                }
            }
        }
    }

    // Blocks are written in Fortran order, whatever order they came in.
    private static boolean isRowMajor(NpyHeader header) {
        return header.shape().dimensions() == 2 && header.order() == StorageOrder.C;
    }

    @Test
    void dataLieAtMultiplesOf64BytesAndTheSameInputGivesTheSameBytes(BufferAllocator allocator) throws Exception {
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        try (VectorSchemaRoot root = Roots.root(
                Roots.longs(allocator, "a", 1, 2, 3),
                Roots.texts(allocator, "t", "x", null, "zz"),
                Roots.doubles(allocator, "d", 1, 2, 3))) {
            Frames.write(root, first, WriteOptions.defaults());
            Frames.write(root, second, WriteOptions.defaults());
        }
        assertThat(Files.mismatch(first, second)).isEqualTo(-1);
        try (NpzFile npz = NpzFile.open(allocator, first)) {
            for (String member : npz.names()) {
                if (member.endsWith(".npy")) {
                    long data = npz.payloadOffset(member)
                            + npz.array(member).header().dataOffset();
                    assertThat(data % 64).as(member).isZero();
                }
            }
        }
    }

    @Test
    void adjacentColumnsOfOneTypeShareABlock(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("blocks.npz");
        try (VectorSchemaRoot root = Roots.root(
                Roots.longs(allocator, "a", 1, 2),
                Roots.longs(allocator, "b", 3, 4),
                Roots.doubles(allocator, "c", 5, 6))) {
            Frames.write(root, file, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.blockCount()).isEqualTo(2);
            assertThat(frame.blockArray(0).header().shape()).hasToString("(2, 2)");
            assertThat(frame.copyReport().copiedBytes()).isZero();
        }
    }

    @Test
    void strictRefusesWhatNumpyCannotHoldAndNamesTheColumns(BufferAllocator allocator) {
        Path file = directory.resolve("strict.npz");
        BigIntVector holes = Roots.longs(allocator, "holes", 1, 2);
        holes.setNull(1);
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "fine", 1, 2), holes)) {
            assertThatThrownBy(() ->
                            Frames.write(root, file, WriteOptions.defaults().withStrict()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holes")
                    .hasMessageContaining("1 null")
                    .hasMessageNotContaining("fine");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void layoutAndStringOptionsDecideBetweenBlocksAndBuffers(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("layout.npz");
        try (VectorSchemaRoot root =
                Roots.root(Roots.longs(allocator, "n", 1, 2), Roots.texts(allocator, "t", "a", "b"))) {
            WriteOptions options = WriteOptions.defaults();
            assertThat(Frames.write(root, file, options).isPlain()).isTrue();
            assertThat(Frames.write(root, file, options.withStrings(StringEncoding.ARROW))
                            .columnsHiddenFromNumpy())
                    .containsExactly("t");
            assertThat(Frames.write(root, file, options.withLayout(ColumnLayout.ARROW))
                            .columnsHiddenFromNumpy())
                    .containsExactly("n", "t");
            try (Frame frame = Frames.open(allocator, file)) {
                assertThat(frame.copyReport().copiedBytes()).isZero();
                assertThat(Roots.values(frame.root().getVector("t"))).containsExactly("a", "b");
            }
        }
    }

    @Test
    void textGoesIntoBlocksUpToEightTimesItsBytesAndAMebibyte(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("text.npz");
        for (boolean cheap : new boolean[] {true, false}) {
            // One long value among empty ones: 4 bytes x longest x rows against 8 x longest + 1 MiB.
            int rows = 1024;
            int longest = cheap ? 256 : 260;
            String[] texts = new String[rows];
            Arrays.fill(texts, "");
            texts[5] = "x".repeat(longest);
            try (VectorSchemaRoot root = Roots.root(Roots.texts(allocator, "t", texts))) {
                WriteReport report = Frames.write(root, file, WriteOptions.defaults());
                assertThat(report.columnsHiddenFromNumpy().isEmpty()).isEqualTo(cheap);
                assertThat(Frames.write(root, file, WriteOptions.defaults().withStrings(StringEncoding.UNICODE))
                                .columns()
                                .get(0)
                                .dtype())
                        .isEqualTo("<U" + longest);
            }
        }
        try (VectorSchemaRoot root = Roots.root(Roots.texts(allocator, "t", "a\0"))) {
            assertThat(Frames.write(root, file, WriteOptions.defaults()).columnsHiddenFromNumpy())
                    .containsExactly("t");
            try (Frame frame = Frames.open(allocator, file)) {
                assertThat(Roots.values(frame.root().getVector(0))).containsExactly("a\0");
            }
        }
    }

    @Test
    void dictionariesAreKeptOrDecoded(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("dictionary.npz");
        IntVector coded = Roots.indices(allocator, "c", 9, 1, 0, 1);
        try (VarCharVector words = Roots.texts(allocator, "w", "red", "blue");
                VectorSchemaRoot root = Roots.root(coded);
                Frame frame = Frame.of(root, Roots.dictionaries(coded, words))) {
            assertThat(Frames.write(frame, file, WriteOptions.defaults()).columnsHiddenFromNumpy())
                    .containsExactly("c");
            WriteReport report =
                    Frames.write(frame, file, WriteOptions.defaults().withDictionaries(DictionaryEncoding.DECODE));
            assertThat(report.columns().get(0).dtype()).isEqualTo("<U4");
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(Roots.values(frame.root().getVector("c"))).containsExactly("blue", "red", "blue");
        }
    }

    @Test
    void deflatedFileIsSmallerAndHoldsTheSame(BufferAllocator allocator) throws Exception {
        Path stored = directory.resolve("stored.npz");
        Path deflated = directory.resolve("deflated.npz");
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "a", new long[50_000]))) {
            Frames.write(root, stored, WriteOptions.defaults());
            Frames.write(root, deflated, WriteOptions.defaults().deflate(9));
            assertThatThrownBy(() -> WriteOptions.defaults().deflate(10)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Files.size(deflated)).isLessThan(Files.size(stored) / 50);
        try (Frame frame = Frames.open(allocator, deflated)) {
            assertThat(frame.rowCount()).isEqualTo(50_000);
            assertThat(((BigIntVector) frame.root().getVector(0)).get(49_999)).isZero();
        }
    }

    @Test
    void aHundredThousandColumnsAreWrittenAndRead(BufferAllocator allocator) throws Exception {
        int columns = 100_000;
        Path file = directory.resolve("wide.npz");
        FieldVector[] vectors = new FieldVector[columns];
        for (int i = 0; i < columns; i++) {
            vectors[i] = Roots.longs(allocator, "column " + i, i, -i);
        }
        try (VectorSchemaRoot root = Roots.root(vectors)) {
            Frames.write(root, file, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columnNames()).hasSize(columns);
            for (int i = 0; i < columns; i += 7919) {
                assertThat(Roots.values(frame.root().getVector(i))).containsExactly((long) i, (long) -i);
            }
        }
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withPositions(List.of(-1)))) {
            assertThat(Roots.values(frame.root().getVector(0))).containsExactly(columns - 1L, 1L - columns);
        }
    }

    @Test
    void copyReportTellsWhatWasViewedAndWhatWasCopied(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, Golden.folder("static-frame").resolve("article_example.npz"))) {
            frame.root();
            assertThat(frame.copyReport().toString())
                    .contains("6 columns: ")
                    .contains("<M8[M] -> Date(DAY), COPIED 12 bytes (64-bit dates are narrowed to 32-bit days)")
                    .contains("|b1 -> Bool, COPIED 1 bytes (bool bytes are packed into bits)")
                    .contains("note: verified to level STRUCTURE");
        }
    }
}
