package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frames.Verification;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.store.DirectoryStore;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames whose members contradict each other, as archives and as directories. */
@ExtendWith(LeakCheck.class)
class FrameRefusalsTest {
    private static final String INDEX = "__values_index_0__.npy";
    private static final String COLUMNS = "__values_columns_0__.npy";
    private static final String BLOCK = "__blocks_0__.npy";

    @TempDir
    Path directory;

    private Parts sound() throws NpzException {
        return new Parts().array(INDEX, "<i8", 3).array(BLOCK, "<i8", 3, 2).meta(1);
    }

    private void refused(Parts parts, ReadOptions options, ErrorCode code, String words, BufferAllocator allocator)
            throws Exception {
        Path archive = parts.archive(directory.resolve("frame.npz"));
        Path folder = parts.directory(Files.createTempDirectory(directory, "frame"));
        for (Path path : List.of(archive, folder)) {
            assertThatThrownBy(() -> Frames.open(allocator, path, options))
                    .as(path.toString())
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(code))
                    .hasMessageContaining(words);
        }
    }

    private void refused(Parts parts, ErrorCode code, String words, BufferAllocator allocator) throws Exception {
        refused(parts, ReadOptions.defaults(), code, words, allocator);
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void opensASoundOneFromEitherContainer(Mapping mapping, BufferAllocator allocator) throws Exception {
        ReadOptions options = ReadOptions.defaults().withMapping(mapping);
        Path archive = sound().archive(directory.resolve("frame.npz"));
        Path folder = sound().directory(directory.resolve("frame"));
        for (Path path : List.of(archive, folder)) {
            try (Frame frame = Frames.open(allocator, path, options)) {
                assertThat(frame.rowCount()).isEqualTo(3);
                assertThat(frame.columnNames()).containsExactly("0", "1");
                assertThat(frame.indexLevels()).isEqualTo(1);
            }
            assertThat(Frames.verify(allocator, path, options.withVerify(Verify.CONTENT))
                            .ok())
                    .isTrue();
        }
    }

    @Test
    void refusesBlocksOfTheWrongForm(BufferAllocator allocator) throws Exception {
        refused(sound().array(BLOCK, "<i8"), ErrorCode.FRAME_SHAPE, "wrong form", allocator);
        refused(sound().array(BLOCK, "<i8", 3, 1, 1), ErrorCode.FRAME_SHAPE, "wrong form", allocator);
        refused(sound().array(BLOCK, "[('a', '<i8')]", 3), ErrorCode.FRAME_SHAPE, "wrong form", allocator);
    }

    @Test
    void refusesBlocksAndLabelsOfOtherLengths(BufferAllocator allocator) throws Exception {
        refused(
                sound().array("__blocks_1__.npy", "<i8", 4).meta(2),
                ErrorCode.FRAME_SHAPE,
                "blocks differ in their row count",
                allocator);
        refused(sound().array(INDEX, "<i8", 4), ErrorCode.FRAME_SHAPE, "number of labels", allocator);
        refused(sound().array(COLUMNS, "<i8", 3), ErrorCode.FRAME_SHAPE, "number of labels", allocator);
    }

    @Test
    void refusesLabelLevelsOfTheWrongForm(BufferAllocator allocator) throws Exception {
        refused(sound().array(INDEX, "<i8", 3, 1), ErrorCode.FRAME_SHAPE, "dimensions", allocator);
        refused(sound().array(INDEX, "<i8"), ErrorCode.FRAME_SHAPE, "dimensions", allocator);
        refused(sound().array(INDEX, "[('a', '<i8')]", 3), ErrorCode.FRAME_LABELS, "labels of a scalar", allocator);
        refused(
                sound().array(INDEX, "<f8", 3).meta(1, "IndexDate", 1, "Index", 1),
                ErrorCode.FRAME_LABELS,
                "datetime64 labels for IndexDate",
                allocator);
    }

    @Test
    void takesDatesStoredAsIntegersOrDates(BufferAllocator allocator) throws Exception {
        for (String dtype : List.of("<i8", "<M8[D]")) {
            Path file = sound().array(INDEX, dtype, 3)
                    .meta(1, "IndexDate", 1, "Index", 1)
                    .archive(directory.resolve("dates.npz"));
            try (Frame frame = Frames.open(allocator, file)) {
                assertThat(frame.index().indexClass()).isEqualTo(IndexClass.of(IndexType.DATE));
            }
        }
    }

    @Test
    void refusesHierarchiesThatAreNotWhole(BufferAllocator allocator) throws Exception {
        Parts both = sound().array("__values_index_1__.npy", "<i8", 3);
        String levels = "{\"__names__\": [null, null, null], \"__types__\": [\"IndexHierarchy\", \"Index\"],"
                + " \"__types_index__\": [\"Index\", \"Index\"], \"__depths__\": [1, 2, 1]}";
        try (Frame frame = Frames.open(
                allocator, both.text(FrameMetadata.MEMBER, levels).archive(directory.resolve("whole.npz")))) {
            assertThat(frame.index().depth()).isEqualTo(2);
        }
        refused(
                both.meta(1, "IndexHierarchy", 2, "Index", 1),
                ErrorCode.META_SCHEMA,
                "the classes of the levels",
                allocator);
        Parts half = new Parts()
                .array("__values_index_1__.npy", "<i8", 3)
                .array(BLOCK, "<i8", 3)
                .text(FrameMetadata.MEMBER, levels);
        Path file = half.archive(directory.resolve("half.npz"));
        assertThatThrownBy(() -> Frames.open(allocator, file))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_MISSING))
                .hasMessageContaining("__values_index_0__.npy");
    }

    @Test
    void heedsTheLimits(BufferAllocator allocator) throws Exception {
        ReadLimits limits = ReadLimits.defaults();
        ReadOptions options = ReadOptions.defaults();
        refused(
                new Parts().array(BLOCK, "<i8", 1, 9).meta(1),
                options.withLimits(limits.withMembers(8)),
                ErrorCode.LIMIT,
                "too many columns",
                allocator);
        refused(
                sound().array(COLUMNS, "<i8", 2),
                options.withLimits(limits.withLabelBytes(15)),
                ErrorCode.LIMIT,
                "labelBytes",
                allocator);
        refused(sound(), options.withLimits(limits.withMetadataBytes(20)), ErrorCode.LIMIT, "20", allocator);
    }

    @Test
    void refusesMembersThatAreMissingOrNotCounted(BufferAllocator allocator) throws Exception {
        refused(sound().meta(2), ErrorCode.META_MISSING, "__blocks_1__.npy", allocator);
        refused(sound().array("__blocks_1__.npy", "<i8", 3), ErrorCode.META_EXTRA, "__blocks_1__.npy", allocator);
    }

    @Test
    void tellsAFrameWithoutItsMetadata(BufferAllocator allocator) throws Exception {
        for (String member : List.of(BLOCK, INDEX, COLUMNS)) {
            Path file = new Parts().array(member, "<i8", 3).archive(directory.resolve("torn.npz"));
            assertThatThrownBy(() -> Frames.open(allocator, file))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_MISSING))
                    .hasMessageContaining("without its metadata");
            Verification found = Frames.verify(allocator, file, ReadOptions.defaults());
            assertThat(found.ok()).isFalse();
            assertThat(found.kind()).isEqualTo("frame");
        }
    }

    @Test
    void refusesAnArrowExtensionOfTheWrongForm(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("arrow.npz");
        try (VectorSchemaRoot root =
                Roots.root(Roots.longs(allocator, "a", 1, 2), Roots.texts(allocator, "t", "x", null))) {
            Frames.write(root, file, WriteOptions.defaults());
        }
        Parts parts = new Parts();
        try (NpzFile npz = NpzFile.open(allocator, file)) {
            for (String name : npz.names()) {
                parts.bytes(name, npz.bytes(name, 1 << 20));
            }
        }
        byte[] schema = Files.readAllBytes(file);
        refused(
                parts.bytes("__arrow_schema__.npy", Parts.npy("<u2", new byte[64], 32)),
                ErrorCode.META_SCHEMA,
                "wrong form",
                allocator);
        refused(
                parts.bytes("__arrow_schema__.npy", Parts.npy("|u1", new byte[64], 8, 8)),
                ErrorCode.META_SCHEMA,
                "wrong form",
                allocator);
        refused(
                parts.bytes("__arrow_schema__.npy", Parts.npy("|u1", schema, schema.length)),
                ReadOptions.defaults().withLimits(ReadLimits.defaults().withLabelBytes(schema.length - 1)),
                ErrorCode.LIMIT,
                "labelBytes",
                allocator);
    }

    @Test
    void noticesAFileOfADirectoryThatGrew(BufferAllocator allocator) throws Exception {
        Path folder = sound().directory(directory.resolve("frame"));
        ReadOptions copying = ReadOptions.defaults().withMapping(Mapping.COPY);
        try (DirectoryStore store = new DirectoryStore(allocator, folder, copying)) {
            NumpyArray block = store.array(BLOCK);
            assertThat(store.array(BLOCK)).isSameAs(block);
            Path file = folder.resolve(BLOCK);
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length + 8));
            assertThatThrownBy(() -> block.region(0, 8))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }

    @Test
    void refusesATableOfTooManyColumns(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("table.npy");
        Files.write(file, Parts.npy("<i8", new byte[8 * 20], 2, 10));
        ReadOptions nine =
                ReadOptions.defaults().withLimits(ReadLimits.defaults().withMembers(9));
        assertThatThrownBy(() -> Frames.open(allocator, file, nine))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageContaining("Npy.load");
    }

    @Test
    void namesTwentyOfManyArraysThatAreNoTable(BufferAllocator allocator) throws Exception {
        Parts parts = new Parts();
        for (int i = 0; i < 25; i++) {
            parts.array("a" + i + ".npy", "<i8", i + 1);
        }
        parts.array("scalar.npy", "<i8").text("note.txt", "hello");
        Path file = parts.archive(directory.resolve("many.npz"));
        assertThatThrownBy(() -> Frames.open(allocator, file))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_SHAPE))
                .hasMessageContaining("a19 (20,)")
                .hasMessageContaining("and 6 more")
                .hasMessageNotContaining("a20");
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withColumns("a3"))) {
            assertThat(frame.copyReport().notes())
                    .anySatisfy(note -> assertThat(note).contains("note.txt"));
        }
        try (Frame scalar = Frames.open(allocator, file, ReadOptions.defaults().withColumns("scalar"))) {
            assertThat(scalar.rowCount()).isEqualTo(1);
        }
        assertThat(Frames.verify(allocator, file, ReadOptions.defaults().withVerify(Verify.CONTENT)))
                .satisfies(found -> assertThat(found.ok()).isTrue())
                .satisfies(found -> assertThat(found.kind()).isEqualTo("npz"));
        assertThat(Frames.verify(allocator, file, ReadOptions.defaults()).ok()).isTrue();
    }

    @Test
    void verifiesSingleArraysOfAnyShape(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("array.npy");
        for (long[] shape : new long[][] {{}, {0}, {5}, {2, 3}}) {
            int bytes = (int) (8 * Shape.of(shape).elements());
            Files.write(file, Parts.npy("<i8", new byte[bytes], shape));
            for (Verify level : Verify.values()) {
                Verification found =
                        Frames.verify(allocator, file, ReadOptions.defaults().withVerify(level));
                assertThat(found.fault()).isNull();
                assertThat(found.kind()).isEqualTo("npy");
                assertThat(found.level()).isEqualTo(level);
            }
        }
    }

    @Test
    void columnsOfEmptyBlocksAreFoundBehindThem(BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .array(BLOCK, "<i4", 3, 0)
                .array("__blocks_1__.npy", "<i2", 3, 0)
                .array("__blocks_2__.npy", "<i8", 3, 2)
                .meta(3)
                .archive(directory.resolve("empty.npz"));
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withPositions(List.of(0)))) {
            assertThat(frame.columnNames()).containsExactly("0");
            assertThat(frame.root().getVector(0).getField().getType()).isEqualTo(new ArrowType.Int(64, true));
        }
    }
}
