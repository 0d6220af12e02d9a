package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays of no dimensions, and arrays without elements, are tables of one row or of nothing, and come back as they were. */
class ScalarAndEmptyArraysTest {
    private static final List<String> SCALARS = List.of(
            "'|b1'",
            "'>i4'",
            "'<f8'",
            "'>f2'",
            "'<c8'",
            "'>c16'",
            "'<f16'",
            "'|S3'",
            "'<U2'",
            "'>U2'",
            "'<U0'",
            "'|V5'",
            "'<M8[ns]'",
            "'>M8[D]'",
            "'<m8[25s]'",
            "'<M8[M]'");
    private static final List<String> RECORDS = List.of(
            "[('a', '>i2'), ('', '|V2'), ('b', '<f8')]",
            "[(('T', 'a'), '<i4'), ('b', '|u1', (1, 2))]",
            "[('a', '<i4')]");
    private static final List<Shape> EMPTY = List.of(
            Shape.of(3, 0),
            Shape.of(0, 3),
            Shape.of(0),
            Shape.of(0, 0),
            Shape.of(3, 0, 2),
            Shape.of(0, 2, 3),
            Shape.of(2, 3, 0));

    @TempDir
    private Path directory;

    static Stream<Arguments> arrays() {
        List<Arguments> arrays = new ArrayList<>();
        for (String dtype : SCALARS) {
            arrays.add(Arguments.of(dtype, Shape.of()));
            EMPTY.forEach(shape -> arrays.add(Arguments.of(dtype, shape)));
        }
        RECORDS.forEach(dtype -> arrays.add(Arguments.of(dtype, Shape.of())));
        return arrays.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("arrays")
    void comeBackAsTheyWere(String descr, Shape shape) throws Exception {
        byte[] array = npy(descr, shape);
        Path source = Files.write(directory.resolve("source.npy"), array);

        assertThat(throughFile(source, "copy.npy")).isEqualTo(array);
        assertThat(throughInterchange(source)).isEqualTo(array);
        if (shape.dimensions() == 0 || shape.elements() == 0 && shape.dimensions() == 2 && shape.length(1) == 0) {
            throughFile(source, "array.npz");
            assertThat(throughFile(directory.resolve("array.npz"), "back.npy")).isEqualTo(array);
        }
    }

    /** A Flight server, for one, keeps what it is sent as a frame. */
    @ParameterizedTest
    @MethodSource("shapes")
    void keepTheirDimensionsWithinAFrame(Shape shape) throws Exception {
        byte[] array = npy("'<f8'", shape);
        Path source = Files.write(directory.resolve("source.npy"), array);
        Path stored = directory.resolve("stored.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, source);
                Frame again = Frame.of(frame.interchangeRoot())) {
            Frames.write(again, stored, WriteOptions.defaults().withForm(ArchiveForm.FRAME));
        }

        assertThat(throughFile(stored, "back.npy")).isEqualTo(array);
    }

    static List<Shape> shapes() {
        return List.of(
                Shape.of(),
                Shape.of(0),
                Shape.of(1),
                Shape.of(3),
                Shape.of(3, 1),
                Shape.of(0, 1),
                Shape.of(1, 1, 1),
                Shape.of(3, 2, 2));
    }

    @Test
    void anArrayWithoutColumnsIsRowsWithoutColumns() throws Exception {
        Path source = Files.write(directory.resolve("rows.npy"), npy("'<f8'", Shape.of(3, 0)));

        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, source)) {
            assertThat(frame.rowCount()).isEqualTo(3);
            assertThat(frame.root().getRowCount()).isEqualTo(3);
            assertThat(frame.columnNames()).isEmpty();
        }
    }

    @Test
    void anArrayWithoutDimensionsIsOneRow() throws Exception {
        Path source = Files.write(directory.resolve("value.npy"), npy("'<f8'", Shape.of()));

        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, source)) {
            assertThat(frame.root().getRowCount()).isEqualTo(1);
            assertThat(frame.root().getVector(0).getField().getMetadata()).containsEntry("numpy.ndim", "0");
        }
    }

    @Test
    void archivesKeepScalarsAndEmptyArrays() throws Exception {
        Path source = Files.write(directory.resolve("a.npy"), npy("'>f4'", Shape.of()));
        Path archive = directory.resolve("arrays.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, source)) {
            Frames.write(frame, archive, WriteOptions.defaults().withForm(ArchiveForm.ARRAYS));
        }
        Path copy = directory.resolve("copy.npz");
        throughFile(archive, "copy.npz");

        try (BufferAllocator allocator = new RootAllocator();
                NpzFile file = NpzFile.open(allocator, copy, ReadOptions.defaults())) {
            assertThat(file.array("0.npy").header().shape()).isEqualTo(Shape.of());
            assertThat(file.array("0.npy").header().dtype()).hasToString(">f4");
        }
    }

    @Test
    void frameThatWasNoArrayAndHasNoColumnsIsRefused() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frame.of(new VectorSchemaRoot(List.of()))) {
            assertThatThrownBy(() -> Frames.write(frame, directory.resolve("none.npy"), WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("without columns");
        }
    }

    private byte[] throughFile(Path source, String name) throws Exception {
        Path target = directory.resolve(name);
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, source)) {
            Frames.write(frame, target, WriteOptions.defaults());
        }
        return Files.readAllBytes(target);
    }

    private byte[] throughInterchange(Path source) throws Exception {
        Path target = directory.resolve("interchange.npy");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, source);
                Frame again = Frame.of(frame.interchangeRoot())) {
            Frames.write(again, target, WriteOptions.defaults());
        }
        return Files.readAllBytes(target);
    }

    private static byte[] npy(String descr, Shape shape) throws NpzException {
        DType dtype = DescrParser.parse(descr, ReadLimits.defaults(), Location.ofFile(null));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(NpyHeaderWriter.numpy(dtype, shape, StorageOrder.C));
        byte[] data = new byte[Math.toIntExact(shape.elements() * dtype.itemSize())];
        if (data.length > 0) {
            // Small, whatever the type; padding stays zero, for it is none of the values.
            data[descr.contains(">U") ? 3 : 0] = 1;
        }
        out.writeBytes(data);
        return out.toByteArray();
    }
}
