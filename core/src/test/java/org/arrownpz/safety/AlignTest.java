package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.AlignReport;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are rewritten aligned, tiled and in Fortran order, with the same values. */
@ExtendWith(LeakCheck.class)
class AlignTest {
    private static final ReadOptions STORAGE =
            ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE).withVerify(Verify.CONTENT);
    private static final ReadOptions TOLERANT = STORAGE.withZipLayout(ZipLayout.TOLERANT);

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(AlignTest.class.getResource("/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> files(String folder, String... suffixes) throws Exception {
        try (Stream<Path> files = Files.list(resource(folder))) {
            return files.map(file -> folder + "/" + file.getFileName())
                    .filter(name -> Stream.of(suffixes).anyMatch(name::endsWith))
                    .sorted()
                    .toList();
        }
    }

    static List<String> frames() throws Exception {
        List<String> names = new ArrayList<>(files("golden/static-frame", ".npz", ".npydir"));
        names.add("hostile/frame-npz/f_deflated.npz");
        names.add("hostile/frame-npz/f_big_endian.npz");
        names.add("hostile/frame-npz/f_npy_key_order.npz");
        return names;
    }

    static List<String> buses() throws Exception {
        return files("golden/static-frame", ".zip");
    }

    static List<String> plain() throws Exception {
        List<String> names = new ArrayList<>(files("golden/numpy/npz", ".npz"));
        names.remove("golden/numpy/npz/savez_object.npz");
        return names;
    }

    @ParameterizedTest
    @MethodSource("frames")
    void rewritesAFrameThatIsThenOnlyViewed(String name, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path source = resource(name);
        Path target = directory.resolve(name.endsWith(".npydir") ? "out" : "out.npz");

        Frames.align(allocator, source, target, ReadOptions.defaults(), WriteOptions.defaults());

        try (Frame before = Frames.open(allocator, source, STORAGE);
                Frame after = Frames.open(allocator, target, STORAGE)) {
            assertSame(before, after);
            assertThat(after.copyReport().columns()).allMatch(column -> column.isViewed() || column.reason() != null);
        }
        if (!Files.isDirectory(target)) {
            assertAligned(allocator, target);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"block_c_order.npz", "block_c_order.npydir"})
    void bringsBlocksIntoFortranOrder(String name, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path target = directory.resolve("out.npz");

        AlignReport report = Frames.align(
                allocator,
                resource("golden/static-frame/" + name),
                target,
                ReadOptions.defaults(),
                WriteOptions.defaults());

        assertThat(report.transposed()).isPositive();
        try (Frame frame = Frames.open(allocator, target, STORAGE)) {
            assertThat(frame.copyReport().columns()).isNotEmpty().allMatch(column -> column.isViewed());
        }
        AlignReport again = Frames.align(allocator, target, target, ReadOptions.defaults(), WriteOptions.defaults());
        assertThat(again.transposed()).isZero();
    }

    @ParameterizedTest
    @MethodSource("buses")
    void rewritesABusAndItsInnerArchives(String name, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path target = directory.resolve("out.zip");

        Frames.align(allocator, resource(name), target, ReadOptions.defaults(), WriteOptions.defaults());

        try (Bus before = Bus.open(allocator, resource(name), STORAGE);
                Bus after = Bus.open(allocator, target, STORAGE)) {
            assertThat(after.labels()).isEqualTo(before.labels());
            for (String label : before.labels()) {
                try (Frame one = before.frame(label);
                        Frame other = after.frame(label)) {
                    assertSame(one, other);
                }
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(target);
        }
    }

    @ParameterizedTest
    @MethodSource("plain")
    void copiesTheArraysOfAPlainArchiveAsTheyAre(String name, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path target = directory.resolve("out.npz");

        Frames.align(allocator, resource(name), target, ReadOptions.defaults(), WriteOptions.defaults());

        assertAligned(allocator, target);
        assertSameArrays(allocator, resource(name), target, ReadOptions.defaults());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hostile/npz/prepended_junk_adjusted.npz",
                "hostile/npz/trailing_junk.npz",
                "hostile/npz/gap_before_cd.npz",
                "hostile/npz/hidden_member.npz"
            })
    void repairsWhatTheTolerantLayoutAdmits(String name, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path target = directory.resolve("out.npz");
        Throwable strict = catchThrowable(
                () -> Frames.align(allocator, resource(name), target, ReadOptions.defaults(), WriteOptions.defaults()));
        assertThat(strict).isInstanceOf(NpzException.class).hasMessageContaining("TOLERANT");
        assertThat(target).doesNotExist();

        Frames.align(allocator, resource(name), target, TOLERANT, WriteOptions.defaults());

        assertAligned(allocator, target);
        assertSameArrays(allocator, resource(name), target, TOLERANT);
    }

    @Test
    void repairsAFrameBehindAPrefix(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path source = resource("golden/zip/prefix_absolute.npz");
        Path target = directory.resolve("out.npz");

        Frames.align(allocator, source, target, TOLERANT, WriteOptions.defaults());

        assertAligned(allocator, target);
        try (Frame before = Frames.open(allocator, source, TOLERANT);
                Frame after = Frames.open(allocator, target, STORAGE)) {
            assertSame(before, after);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hostile/npz/crc_stored.npz",
                "hostile/npz/crc_zero.npz",
                "hostile/frame-npz/frame_crc.npz",
                "golden/zip/bad_crc.npz"
            })
    void givesNoNewChecksumToDamagedData(String name, BufferAllocator allocator, @TempDir Path directory) {
        Path target = directory.resolve("out.npz");

        Throwable fault = catchThrowable(
                () -> Frames.align(allocator, resource(name), target, TOLERANT, WriteOptions.defaults()));

        assertThat(((NpzException) fault).code()).isEqualTo(ErrorCode.ZIP_CRC);
        assertThat(target).doesNotExist();
    }

    @Test
    void bringsASingleArrayIntoFortranOrder(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path source = directory.resolve("c.npy");
        ByteBuffer data = ByteBuffer.allocate(6);
        for (int i = 0; i < 6; i++) {
            data.put((byte) i);
        }
        Files.write(source, Members.npy("|u1", "(2, 3)", data.array()));
        Path target = directory.resolve("f.npy");

        AlignReport report = Frames.align(allocator, source, target, ReadOptions.defaults(), WriteOptions.defaults());

        assertThat(report).isEqualTo(new AlignReport(1, 1, 0));
        try (NumpyArray array = Npy.load(allocator, target)) {
            assertThat(bytes(array)).containsExactly(0, 3, 1, 4, 2, 5);
            assertThat(array).hasToString("|u1 (2, 3) FORTRAN");
        }
    }

    private static void assertAligned(BufferAllocator allocator, Path path) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, path)) {
            for (NpzEntry entry : file.entries()) {
                assertThat(entry.stored()).isTrue();
                if (entry.npy()) {
                    int header = file.array(entry.name()).header().dataOffset();
                    assertThat((file.payloadOffset(entry.name()) + header) % 64).isZero();
                }
            }
        }
    }

    private static void assertSameArrays(BufferAllocator allocator, Path before, Path after, ReadOptions options)
            throws Exception {
        try (NpzFile one = NpzFile.open(allocator, before, options);
                NpzFile other = NpzFile.open(allocator, after)) {
            assertThat(other.names()).isEqualTo(one.names());
            for (NpzEntry entry : one.entries()) {
                if (entry.npy()) {
                    assertThat(other.array(entry.name()))
                            .hasToString(one.array(entry.name()).toString());
                    assertThat(bytes(other.array(entry.name()))).isEqualTo(bytes(one.array(entry.name())));
                } else {
                    assertThat(other.bytes(entry.name(), 1 << 20)).isEqualTo(one.bytes(entry.name(), 1 << 20));
                }
            }
        }
    }

    private static byte[] bytes(NumpyArray array) throws Exception {
        try (ArrowBuf region = array.region(0, array.header().dataLength())) {
            byte[] bytes = new byte[(int) region.capacity()];
            region.getBytes(0, bytes);
            return bytes;
        }
    }

    private static void assertSame(Frame before, Frame after) throws Exception {
        assertThat(after.name()).isEqualTo(before.name());
        assertThat(after.columnNames()).isEqualTo(before.columnNames());
        assertThat(after.rowCount()).isEqualTo(before.rowCount());
        assertThat(after.schema()).isEqualTo(before.schema());
        List<FieldVector> one = before.root().getFieldVectors();
        List<FieldVector> other = after.root().getFieldVectors();
        for (int i = 0; i < one.size(); i++) {
            assertThat(VectorEqualsVisitor.vectorEquals(one.get(i), other.get(i)))
                    .as(one.get(i).getName())
                    .isTrue();
        }
    }
}
