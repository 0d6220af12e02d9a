package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.Inspections;
import org.arrownpz.testing.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What headers tell is what opening gives, for all files that there are, sound and broken. */
@ExtendWith(LeakCheck.class)
class InspectTest {
    private static final List<ReadOptions> OPTIONS = List.of(
            ReadOptions.defaults(),
            ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE),
            ReadOptions.defaults().withMisfitPolicy(MisfitPolicy.REFUSE).withVerify(Verify.CRC),
            ReadOptions.inMemory().withZipLayout(ZipLayout.TOLERANT),
            ReadOptions.defaults().withPositions(List.of(0)));

    @TempDir
    Path directory;

    @Test
    void goldenFilesAreToldAsTheyAreOpened(BufferAllocator allocator) throws IOException {
        assertThat(compare(allocator, Golden.folder("numpy").getParent())).isGreaterThan(Effort.of(400, 1_000));
    }

    @Test
    void samplesAreToldAsTheyAreOpened(BufferAllocator allocator) throws IOException {
        assertThat(compare(allocator, Path.of("..", "samples"))).isGreaterThan(Effort.of(120, 300));
    }

    @Test
    void hostileFilesAreRefusedWithTheSameErrorOrTold(BufferAllocator allocator) throws IOException {
        assertThat(compare(
                        allocator,
                        Golden.folder("numpy").resolve("../../hostile").normalize()))
                .isGreaterThan(Effort.of(120, 300));
    }

    /** The number of times that a file was opened. */
    private static int compare(BufferAllocator allocator, Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(InspectTest::isFrame).forEach(files::add);
        }
        int opened = 0;
        List<AssertionError> differences = new ArrayList<>();
        for (Path file : files) {
            for (ReadOptions options : Effort.some(2, OPTIONS)) {
                try {
                    opened += compare(allocator, file, options) ? 1 : 0;
                } catch (AssertionError e) {
                    differences.add(e);
                }
            }
        }
        assertThat(differences).isEmpty();
        return opened;
    }

    private static boolean isFrame(Path file) {
        String name = file.getFileName().toString();
        if (!Effort.NIGHTLY && name.contains("bomb")) {
            // HostileCorpusTest inflates them in every build.
            return false;
        }
        return Files.isDirectory(file)
                ? Files.exists(file.resolve("__meta__.json"))
                : name.endsWith(".npy") || name.endsWith(".npz") || name.endsWith(".zip");
    }

    private static boolean compare(BufferAllocator allocator, Path file, ReadOptions options) {
        FrameSummary told = null;
        Exception refused = null;
        try {
            told = Frames.inspect(allocator, file, options);
        } catch (NpzException | IllegalArgumentException e) {
            refused = e;
        }
        try (Frame frame = Frames.open(allocator, file, options)) {
            assertThat(refused).as("%s opened", file).isNull();
            Inspections.assertTold(frame, told);
            return true;
        } catch (NpzException | IllegalArgumentException e) {
            // Where a stream has another length than stated, a header that asks for other data comes first.
            boolean streamFirst = code(e) == ErrorCode.ZIP_SIZE && code(refused) != null;
            if (refused != null && !streamFirst) {
                assertThat(code(refused)).as("%s: %s, %s", file, refused, e).isEqualTo(code(e));
            }
            return false;
        } catch (AssertionError e) {
            throw new AssertionError(file + " " + options.typeMapping(), e);
        }
    }

    @Test
    void columnsWhoseValuesDecideTheTypeAreMarked(BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .array("text.npy", "<U3", 2)
                .array("day.npy", "<M8[D]", 2)
                .array("x.npy", "<f8", 2)
                .archive(directory.resolve("plain.npz"));
        FrameSummary told = Frames.inspect(allocator, file);
        assertThat(told.kind()).isEqualTo(FrameSummary.Kind.ARRAYS);
        assertThat(told.columns().stream().map(FrameSummary.Column::name)).containsExactly("text", "day", "x");
        assertThat(told.columns().stream().map(FrameSummary.Column::dependsOnValues))
                .containsExactly(true, true, false);
        assertThat(told.columns().get(0).field().getType()).isEqualTo(ArrowType.Utf8.INSTANCE);
        assertThat(told.columns().get(2).member()).isEqualTo("x.npy");
        FrameSummary steady =
                Frames.inspect(allocator, file, ReadOptions.defaults().withMisfitPolicy(MisfitPolicy.REFUSE));
        assertThat(steady.columns().stream().noneMatch(FrameSummary.Column::dependsOnValues))
                .isTrue();
        assertThat(steady.schema()).isEqualTo(told.schema());
    }

    @Test
    void archivesThatAreNoTableAreTold(BufferAllocator allocator) throws Exception {
        Path file =
                new Parts().array("a.npy", "<i4", 2).array("b.npy", "<i4", 3).archive(directory.resolve("two.npz"));
        FrameSummary told = Frames.inspect(allocator, file);
        assertThat(told.rows()).isEqualTo(-1);
        assertThat(told.schema().getFields()).hasSize(2);
        assertThatThrownBy(() -> Frames.open(allocator, file)).hasMessageContaining("not the columns of one table");

        FrameSummary bus =
                Frames.inspect(allocator, Golden.folder("static-frame").resolve("bus_zip_npy_deflated.zip"));
        assertThat(bus.kind()).isEqualTo(FrameSummary.Kind.BUS);
        assertThat(bus.rows()).isEqualTo(-1);
        assertThat(bus.columns()).isEmpty();
        assertThat(bus.frames()).isNotEmpty();
        assertThat(bus.members()).allMatch(member -> member.fault() == null);
    }

    @Test
    void framesWithPythonObjectsAreToldAsFarAsTheyCanBe(BufferAllocator allocator) throws Exception {
        byte[] objects = Files.readAllBytes(Golden.folder("numpy").resolve("../../hostile/npy/object_O.npy"));
        for (String member : List.of("__blocks_1__.npy", "__values_index_0__.npy", "__values_columns_0__.npy")) {
            Parts parts = new Parts()
                    .array("__values_index_0__.npy", "<i8", 2)
                    .array("__values_columns_0__.npy", "<U1", 2)
                    .array("__blocks_0__.npy", "<i8", 2)
                    .array("__blocks_1__.npy", "<f8", 2)
                    .bytes(member, objects)
                    .meta(2);
            Path file = parts.archive(directory.resolve("objects.npz"));
            for (Path path : List.of(file, parts.directory(directory.resolve(member)))) {
                FrameSummary told = Frames.inspect(allocator, path);
                assertThat(told.kind()).isEqualTo(FrameSummary.Kind.FRAME);
                assertThat(told.rows()).isEqualTo(-1);
                assertThat(told.columns()).isEmpty();
                assertThat(told.members()).hasSize(5);
                for (FrameSummary.Member one : told.members()) {
                    assertThat(code(one.fault())).isEqualTo(one.name().equals(member) ? ErrorCode.OBJECT_DTYPE : null);
                }
                assertThatThrownBy(() -> Frames.open(allocator, path))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OBJECT_DTYPE));
            }
        }
    }

    @Test
    void columnDataAreNotRead(BufferAllocator allocator) throws Exception {
        for (WriteOptions written :
                List.of(WriteOptions.defaults(), WriteOptions.defaults().deflate(6))) {
            Path file = directory.resolve("damaged.npz");
            try (FrameBuilder builder = new FrameBuilder(allocator, 100_000, 1, ReadOptions.defaults())) {
                long[] values = new Random(1).longs(100_000).toArray();
                builder.vector(Roots.longs(allocator, builder.nextName(), values));
                try (Frame frame = builder.build()) {
                    Frames.write(frame, file, written);
                }
            }
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(file, bytes);
            ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
            FrameSummary told = Frames.inspect(allocator, file, options);
            assertThat(told.rows()).isEqualTo(100_000);
            assertThatThrownBy(() -> Frames.open(allocator, file, options)).isInstanceOf(NpzException.class);
        }
    }

    @Test
    void sourcesStayTheCallersAndNameTheFile(BufferAllocator allocator) throws Exception {
        Path file = Golden.folder("static-frame").resolve("article_example.npz");
        try (ByteSource source = ByteSources.of(allocator, ByteBuffer.wrap(Files.readAllBytes(file)))) {
            Location place = Location.ofFile("s3://bucket/a.npz");
            FrameSummary told = Frames.inspect(allocator, source, place, ReadOptions.defaults());
            assertThat(told.members()).isNotEmpty();
            assertThat(told.schema()).isEqualTo(Frames.inspect(allocator, file).schema());
        }
        try (ByteSource source = ByteSources.of(allocator, ByteBuffer.wrap(new byte[] {'P', 'K', 3}))) {
            assertThatThrownBy(() -> Frames.inspect(
                            allocator, source, Location.ofFile("s3://bucket/a.npz"), ReadOptions.defaults()))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("s3://bucket/a.npz");
        }
    }

    private static @Nullable ErrorCode code(@Nullable Exception e) {
        return e instanceof NpzException fault ? fault.code() : null;
    }
}
