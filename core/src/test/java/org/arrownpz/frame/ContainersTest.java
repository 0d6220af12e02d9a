package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain archives, single arrays, directories and archives of frames. */
@ExtendWith(LeakCheck.class)
class ContainersTest {
    @TempDir
    Path directory;

    private Path plain(BufferAllocator allocator, int level, FieldVector... vectors) throws Exception {
        Path file = directory.resolve("plain.npz");
        try (VectorSchemaRoot root = Roots.root(vectors)) {
            Frames.write(
                    root,
                    file,
                    WriteOptions.defaults().withForm(ArchiveForm.ARRAYS).deflate(level));
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void plainArchiveIsATableAndComesBackAsOne(int level, BufferAllocator allocator) throws Exception {
        Path file = plain(
                allocator, level, Roots.longs(allocator, "x", 1, 2, 3), Roots.doubles(allocator, "y", 1.5, 2.5, 3.5));
        Path copy = directory.resolve("copy.npz");
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.ARRAYS);
            assertThat(frame.columnNames()).containsExactly("x", "y");
            assertThat(Roots.values(frame.root().getVector("y"))).containsExactly(1.5, 2.5, 3.5);
            Frames.write(frame, copy, WriteOptions.defaults());
        }
        try (NpzFile npz = NpzFile.open(allocator, copy)) {
            assertThat(npz.names()).containsExactly("x.npy", "y.npy");
        }
        Path asFrame = directory.resolve("frame.npz");
        try (Frame frame = Frames.open(allocator, file)) {
            Frames.write(frame, asFrame, WriteOptions.defaults().withForm(ArchiveForm.FRAME));
        }
        try (Frame frame = Frames.open(allocator, asFrame)) {
            assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.FRAME);
        }
    }

    @Test
    void arraysOfOtherLengthsAreNoTableAndTheMessageSaysWhatToDo(BufferAllocator allocator) throws Exception {
        Path one = plain(allocator, 0, Roots.longs(allocator, "short", 1, 2));
        Path file = directory.resolve("mixed.npz");
        try (org.arrownpz.npz.NpzWriter writer = org.arrownpz.npz.NpzWriter.create(file, WriteOptions.defaults());
                NpzFile first = NpzFile.open(allocator, one)) {
            writer.bytes("short.npy", first.bytes("short.npy", 1000));
            Path other = directory.resolve("other.npy");
            try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "long", 1, 2, 3))) {
                Frames.write(root, other, WriteOptions.defaults());
            }
            writer.bytes("long.npy", Files.readAllBytes(other));
            writer.finish();
        }
        assertThatThrownBy(() -> Frames.open(allocator, file))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_SHAPE))
                .hasMessageContaining("short (2,)")
                .hasMessageContaining("long (3,)")
                .hasMessageContaining("NpzFile")
                .hasMessageContaining("--array NAME");
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withColumns("long"))) {
            assertThat(frame.rowCount()).isEqualTo(3);
        }
        try (Frame frame = Frames.openArray(allocator, file, "short", ReadOptions.defaults())) {
            assertThat(frame.rowCount()).isEqualTo(2);
        }
        assertThatThrownBy(() -> Frames.openArray(allocator, file, "none", ReadOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void columnThatNumpyCannotHoldIsRefusedInAPlainArchive(BufferAllocator allocator) {
        assertThatThrownBy(() -> plain(allocator, 0, Roots.texts(allocator, "t", "a", null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it holds nulls")
                .hasMessageContaining("write a frame instead");
        assertThat(directory.resolve("plain.npz")).doesNotExist();
    }

    @Test
    void singleArrayOfTwoDimensionsHasAColumnPerArrayColumn(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("table.npy");
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "a", 1, 2), Roots.longs(allocator, "b", 3, 4))) {
            Frames.write(root, file, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.ARRAY);
            assertThat(frame.columnNames()).containsExactly("0", "1");
            assertThat(frame.columns().isAuto()).isTrue();
            assertThat(Roots.values(frame.root().getVector("1"))).containsExactly(3L, 4L);
        }
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withPositions(List.of(-1)))) {
            assertThat(frame.columnNames()).containsExactly("1");
        }
    }

    @Test
    void recordsAreColumnsByField(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("records.npy");
        try (VectorSchemaRoot root = Roots.root(
                Roots.longs(allocator, "id", 1, 2),
                Roots.texts(allocator, "name", "x", "yy"),
                Roots.doubles(allocator, "w", 1.5, 2.5))) {
            Frames.write(root, file, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columnNames()).containsExactly("id", "name", "w");
            assertThat(Roots.values(frame.root().getVector("name"))).containsExactly("x", "yy");
        }
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withColumns("w", "id"))) {
            assertThat(frame.columnNames()).containsExactly("w", "id");
            assertThat(Roots.values(frame.root().getVector("id"))).containsExactly(1L, 2L);
        }
    }

    @Test
    void directoryIsWrittenOnceAndReplacedOnDemand(BufferAllocator allocator) throws Exception {
        Path target = directory.resolve("frame");
        try (VectorSchemaRoot root =
                        Roots.root(Roots.longs(allocator, "k", 5, 6), Roots.texts(allocator, "t", "a", null));
                Frame frame = Frame.of(root).withIndex("k")) {
            Frames.writeDirectory(frame, target, WriteOptions.defaults());
            assertThatThrownBy(() -> Frames.writeDirectory(frame, target, WriteOptions.defaults()))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("frame");
            Frames.writeDirectory(
                    frame.withName("second"), target, WriteOptions.defaults().withOverwrite());
        }
        try (Frame frame = Frames.open(allocator, target)) {
            assertThat(frame.name()).isEqualTo(Label.of("second"));
            assertThat(Roots.values(frame.root().getVector("t"))).containsExactly("a", null);
            // Short files of a directory are read as a whole.
            assertThat(frame.copyReport().viewedBytes()).isZero();
            assertThat(frame.copyReport().copiedBytes()).isPositive();
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(target);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bus_zip_npz_stored.zip",
                "bus_zip_npz_deflated.zip",
                "bus_zip_npy_stored.zip",
                "bus_zip_npy_deflated.zip"
            })
    void busGivesItsFramesWhichLiveOnTheirOwn(String name, BufferAllocator allocator) throws Exception {
        Path file = Golden.folder("static-frame").resolve(name);
        List<Frame> frames = new ArrayList<>();
        try (Bus bus = Bus.open(allocator, file)) {
            assertThat(bus.labels()).isNotEmpty();
            for (String label : bus.labels()) {
                frames.add(bus.frame(label));
            }
            assertThatThrownBy(() -> bus.frame("none"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bus.labels().get(0));
        }
        for (Frame frame : frames) {
            try (frame) {
                for (FieldVector vector : frame.root().getFieldVectors()) {
                    assertThat(vector.getValueCount()).isEqualTo((int) frame.rowCount());
                    assertThat(Roots.values(vector)).hasSize((int) frame.rowCount());
                }
            }
        }
        assertThatThrownBy(() -> Frames.open(allocator, file))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("Bus.open");
    }

    @Test
    void archiveWithoutFramesIsNoBus(BufferAllocator allocator) throws Exception {
        Path file = plain(allocator, 0, Roots.longs(allocator, "x", 1));
        assertThatThrownBy(() -> Bus.open(allocator, file))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_MISSING));
    }

    /** As {@code Bus.to_manifest} of StaticFrame writes it, and with an NPZ file beside, as {@code from_manifest} takes it. */
    private Path manifest(BufferAllocator allocator) throws Exception {
        Path manifest = Files.createDirectory(directory.resolve("manifest"));
        for (String label : List.of("b", "a b%2F", "x")) {
            try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, label, label.length()));
                    Frame frame = Frame.of(root)) {
                if (label.equals("x")) {
                    Frames.write(frame, manifest.resolve("x.npz"), WriteOptions.defaults());
                } else {
                    Frames.writeDirectory(frame, manifest.resolve(label), WriteOptions.defaults());
                }
            }
        }
        Files.writeString(manifest.resolve("notes.txt"), "no frame");
        Files.createDirectory(manifest.resolve("empty"));
        return manifest;
    }

    @Test
    void directoryOfFramesIsABus(BufferAllocator allocator) throws Exception {
        Path manifest = manifest(allocator);
        Bus closed;
        try (Bus bus = Bus.open(allocator, manifest)) {
            assertThat(bus.labels()).containsExactly("a b%2F", "b", "x");
            for (String label : bus.labels()) {
                try (Frame frame = bus.frame(label)) {
                    assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.FRAME);
                    assertThat(frame.columnNames()).containsExactly(label);
                    assertThat(frame.name()).isEqualTo(Label.NONE);
                    assertThat(Roots.values(frame.root().getVector(0))).containsExactly((long) label.length());
                }
            }
            closed = bus;
        }
        assertThatThrownBy(() -> closed.frame("b")).isInstanceOf(IllegalStateException.class);
        FrameSummary told = Frames.inspect(allocator, manifest);
        assertThat(told.kind()).isEqualTo(FrameSummary.Kind.BUS);
        assertThat(told.frames()).containsExactly("a b%2F", "b", "x");
        assertThat(Frames.verify(allocator, manifest, ReadOptions.defaults()))
                .extracting(Frames.Verification::kind, Frames.Verification::ok)
                .containsExactly("bus", true);
        assertThatThrownBy(() -> Frames.open(allocator, manifest))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("Bus.open");
        Files.writeString(manifest.resolve("b").resolve("__meta__.json"), "{");
        assertThat(Frames.verify(allocator, manifest, ReadOptions.defaults()).ok())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", "../manifest", "../frame", "b/../b", "b/", "/", "", ".", "notes.txt", "empty", "link"})
    void labelLeadsNowhereElse(String label, BufferAllocator allocator) throws Exception {
        Path manifest = manifest(allocator);
        Path outside = Files.createDirectory(directory.resolve("frame"));
        Files.copy(manifest.resolve("b/__meta__.json"), outside.resolve("__meta__.json"));
        Files.createSymbolicLink(manifest.resolve("link"), outside);
        Files.createSymbolicLink(manifest.resolve("link.npz"), manifest.resolve("x.npz"));
        Files.createSymbolicLink(manifest.resolve("loop"), manifest);
        try (Bus bus = Bus.open(allocator, manifest)) {
            assertThat(bus.labels()).containsExactly("a b%2F", "b", "x");
            assertThatThrownBy(() -> bus.frame(label)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void directoryOfFramesIsHeldToItsLimits(BufferAllocator allocator) throws Exception {
        Path manifest = manifest(allocator);
        ReadOptions two =
                ReadOptions.defaults().withLimits(ReadLimits.defaults().withMembers(2));
        assertThatThrownBy(() -> Bus.open(allocator, manifest, two))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageContaining("ReadLimits.members");
        Files.copy(manifest.resolve("x.npz"), manifest.resolve("b.npz"));
        assertThatThrownBy(() -> Bus.open(allocator, manifest))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_LABELS))
                .hasMessageContaining("'b'");
        Path none = Files.createDirectory(directory.resolve("none"));
        assertThatThrownBy(() -> Bus.open(allocator, none))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_MISSING));
    }
}
