package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.arrownpz.Location;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Vectors;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that pass through a frame keep dtype, shape and order, unless a table is asked for. */
@ExtendWith(LeakCheck.class)
class ArrayShapesTest {
    private static final WriteOptions OPTIONS = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final List<String> DTYPES =
            List.of("<i4", ">i2", "<f8", "|b1", "<U3", "<M8[D]", "<c8", "|S2", "|V3");
    private static final List<Shape> SHAPES = List.of(
            Shape.of(), Shape.of(3), Shape.of(3, 4), Shape.of(2, 3, 4), Shape.of(0, 2), Shape.of(3, 0), Shape.of(1, 1));

    @TempDir
    Path directory;

    private Path array(BufferAllocator allocator, String descr, Shape shape, StorageOrder order) throws Exception {
        String literal = descr.startsWith("[") ? descr : "'" + descr + "'";
        DType dtype = DescrParser.parse(literal, ReadLimits.defaults(), Location.ofFile(null));
        byte[] bytes = new byte[(int) (dtype.itemSize() * shape.elements())];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] =
                    (byte) (descr.contains("U") ? i % 4 == 0 ? 'a' + i % 20 : 0 : descr.contains("b1") ? i % 2 : i % 5);
        }
        Path file = directory.resolve("in.npy");
        try (ArrowBuf buffer = allocator.buffer(bytes.length)) {
            buffer.setBytes(0, bytes);
            Npy.save(file, ArrayContent.of(buffer, dtype, shape, order));
        }
        return file;
    }

    private static void assertSame(BufferAllocator allocator, NumpyArray array, Path file) throws Exception {
        try (NumpyArray before = Npy.load(allocator, file)) {
            assertThat(array.header().dtype()).isEqualTo(before.header().dtype());
            assertThat(array.shape()).isEqualTo(before.shape());
            assertThat(array.order()).isEqualTo(before.order());
            assertThat(array.buffer()).isEqualTo(before.buffer());
        }
    }

    @Test
    void keepsArraysInArchivesAndFiles(BufferAllocator allocator) throws Exception {
        for (String descr : DTYPES) {
            for (Shape shape : SHAPES) {
                for (StorageOrder order : StorageOrder.values()) {
                    Path file = array(allocator, descr, shape, order);
                    Path npz = directory.resolve("out.npz");
                    Path npy = directory.resolve("out.npy");
                    try (Frame frame = Frames.open(allocator, file)) {
                        Frames.write(frame, npz, OPTIONS);
                        Frames.write(frame, npy, OPTIONS);
                        assertThat(frame.copyReport().columns()).noneMatch(column -> column.isRead());
                    }
                    try (NumpyArrays arrays = Npz.load(allocator, npz);
                            NumpyArray alone = Npy.load(allocator, npy)) {
                        assertThat(arrays.names()).containsExactly("arr_0");
                        assertSame(allocator, arrays.get("arr_0"), file);
                        assertSame(allocator, alone, file);
                    }
                }
            }
        }
    }

    @Test
    void keepsArraysWhoseVectorsWereRead(BufferAllocator allocator) throws Exception {
        for (String descr : List.of(">i2", "|b1", "<U3", "|V3", "[('a', '<i4'), ('b', '>f8')]")) {
            for (Shape shape : List.of(Shape.of(), Shape.of(3), Shape.of(3, 4), Shape.of(2, 3, 4), Shape.of(0, 2))) {
                for (StorageOrder order : StorageOrder.values()) {
                    keepsArrayWhoseVectorsWereRead(allocator, descr, shape, order);
                }
            }
        }
    }

    private void keepsArrayWhoseVectorsWereRead(
            BufferAllocator allocator, String descr, Shape shape, StorageOrder order) throws Exception {
        Path file = array(allocator, descr, shape, order);
        Path npz = directory.resolve("out.npz");
        Path npy = directory.resolve("out.npy");
        for (ReadOptions read : List.of(ReadOptions.defaults(), ReadOptions.inMemory())) {
            try (Frame frame = Frames.open(allocator, file, read)) {
                frame.root();
                Frames.write(frame, npz, OPTIONS);
                Frames.write(frame, npy, OPTIONS);
            }
            try (NumpyArrays arrays = Npz.load(allocator, npz);
                    NumpyArray alone = Npy.load(allocator, npy)) {
                assertSame(allocator, arrays.get("arr_0"), file);
                assertSame(allocator, alone, file);
            }
            try (Frame frame = Frames.open(allocator, npz, read)) {
                frame.root();
                Frames.write(frame, npz, OPTIONS);
            }
            try (NumpyArrays arrays = Npz.load(allocator, npz)) {
                assertSame(allocator, arrays.get("arr_0"), file);
            }
        }
        if (shape.dimensions() == 0) {
            return;
        }
        try (NumpyArray array = Npy.load(allocator, file);
                FieldVector vector = Vectors.of(allocator, array, "x")) {
            Npz.save(npz, Map.of("x", vector));
        }
        try (NumpyArrays arrays = Npz.load(allocator, npz)) {
            assertSame(allocator, arrays.get("x"), file);
        }
    }

    @Test
    void writesVectorsOfFortranOrderAsRowsAndOtherArraysAsTheyWere(BufferAllocator allocator) throws Exception {
        Path file = array(allocator, "<i4", Shape.of(3, 4), StorageOrder.FORTRAN);
        ReadOptions vectors = ReadOptions.defaults().withVectors("v");
        for (boolean looked : new boolean[] {false, true}) {
            Path npy = directory.resolve("rows.npy");
            try (Frame frame = Frames.open(allocator, file, vectors);
                    NumpyArray before = Npy.load(allocator, file)) {
                if (looked) {
                    frame.root();
                }
                Frames.write(frame, npy, OPTIONS);
                try (NumpyArray rows = Npy.load(allocator, npy)) {
                    assertThat(rows.order()).isEqualTo(StorageOrder.C);
                    assertThat(rows.ints()).isEqualTo(before.ints());
                }
            }
        }
    }

    @Test
    void writesFortranOrderInStrips(BufferAllocator allocator) throws Exception {
        for (String descr : Effort.some(1, List.of("<f8", ">f8"))) {
            for (Shape shape : List.of(Shape.of(40_000, 3), Shape.of(3, 40_000), Shape.of(7, 90, 80))) {
                keepsArrayWhoseVectorsWereRead(allocator, descr, shape, StorageOrder.FORTRAN);
            }
        }
    }

    @Test
    void keepsMatricesLongerThanAStripInTheirOrder(BufferAllocator allocator) throws Exception {
        double[][] rows = new double[40_000][3];
        Random random = new Random(1);
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextDouble();
            }
        }
        Path file = directory.resolve("in.npy");
        Npy.save(file, rows);
        Path npz = directory.resolve("out.npz");
        try (Frame frame = Frames.open(allocator, file, ReadOptions.inMemory())) {
            Frames.write(frame, npz, OPTIONS);
        }
        try (NumpyArrays arrays = Npz.load(allocator, npz)) {
            assertSame(allocator, arrays.get("arr_0"), file);
        }
    }

    @Test
    void keepsArchivesOfArrays(BufferAllocator allocator) throws Exception {
        Path file = array(allocator, "<i4", Shape.of(2, 3, 4), StorageOrder.FORTRAN);
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        try (NumpyArray cube = Npy.load(allocator, file)) {
            Npz.save(first, Map.of("cube", cube));
        }
        for (ArchiveForm form : List.of(ArchiveForm.AS_READ, ArchiveForm.ARRAYS)) {
            try (Frame frame = Frames.open(allocator, first)) {
                assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.ARRAYS);
                Frames.write(frame, second, OPTIONS.withForm(form));
            }
            try (NumpyArrays arrays = Npz.load(allocator, second)) {
                assertSame(allocator, arrays.get("cube"), file);
            }
        }
    }

    @Test
    void makesRecordsOfSeveralArraysWhereOneIsAskedFor(BufferAllocator allocator) throws Exception {
        Path npz = directory.resolve("in.npz");
        Npz.save(npz, Map.of("a", new int[] {1, 2}));
        Npz.add(allocator, npz, Map.of("b", new double[] {3, 4}));
        Path npy = directory.resolve("out.npy");
        try (Frame frame = Frames.open(allocator, npz)) {
            Frames.write(frame, npy, OPTIONS);
        }
        try (NumpyArray array = Npy.load(allocator, npy)) {
            assertThat(array.dtype().toString()).contains("a", "b");
        }
    }

    @Test
    void writesWhatWasChangedInMemory(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("in.npy");
        Npy.save(file, new boolean[] {true, true});
        Path npz = directory.resolve("out.npz");
        try (Frame frame = Frames.open(allocator, file)) {
            ((BitVector) frame.column(0)).set(1, 0);
            Frames.write(frame, npz, OPTIONS);
        }
        try (NumpyArrays arrays = Npz.load(allocator, npz)) {
            assertThat(arrays.get("arr_0").to(boolean[].class)).containsExactly(true, false);
        }
    }

    @Test
    void writesNullsThatWereSetInAMappedFrame(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("in.npy");
        Npy.save(file, new int[] {1, 2, 3});
        Path npz = directory.resolve("out.npz");
        for (ReadOptions read : List.of(
                ReadOptions.defaults().withIsolatedValidity(),
                ReadOptions.defaults().withMapping(Mapping.COPY_ON_WRITE))) {
            try (Frame frame = Frames.open(allocator, file, read)) {
                ((IntVector) frame.column(0)).setNull(1);
                Frames.write(frame, npz, OPTIONS);
            }
            try (Frame frame = Frames.open(allocator, npz)) {
                assertThat(frame.column(0).getObject(0)).isEqualTo(1);
                assertThat(frame.column(0).isNull(1)).isTrue();
            }
        }
    }

    @Test
    void keepsTheOrderOfWritableFramesThatNobodyLookedAt(BufferAllocator allocator) throws Exception {
        Path file = array(allocator, "<i4", Shape.of(2, 3, 4), StorageOrder.FORTRAN);
        Path npz = directory.resolve("out.npz");
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withMapping(Mapping.COPY_ON_WRITE))) {
            Frames.write(frame, npz, OPTIONS);
        }
        try (NumpyArrays arrays = Npz.load(allocator, npz)) {
            assertSame(allocator, arrays.get("arr_0"), file);
        }
    }

    @Test
    void makesATableWhereOneIsAskedFor(BufferAllocator allocator) throws Exception {
        Path file = array(allocator, "<i4", Shape.of(3, 4), StorageOrder.C);
        Path npz = directory.resolve("out.npz");
        try (Frame frame = Frames.open(allocator, file);
                Frame named = frame.share().withName("a table")) {
            Frames.write(frame, npz, OPTIONS.withForm(ArchiveForm.FRAME));
            assertKind(allocator, npz, FrameSummary.Kind.FRAME);
            Frames.write(named, npz, OPTIONS);
            assertKind(allocator, npz, FrameSummary.Kind.FRAME);
        }
        try (Frame frame = Frames.open(allocator, file);
                Frame titled = frame.share().withColumnsName("columns")) {
            Frames.write(titled, npz, OPTIONS);
            assertKind(allocator, npz, FrameSummary.Kind.FRAME);
            Frames.write(frame, npz, OPTIONS.withLayout(ColumnLayout.NUMPY));
            assertKind(allocator, npz, FrameSummary.Kind.FRAME);
            Frames.write(frame, npz, OPTIONS.withStrings(StringEncoding.UNICODE));
            assertKind(allocator, npz, FrameSummary.Kind.FRAME);
        }
        try (Frame some = Frames.open(allocator, file, ReadOptions.defaults().withPositions(List.of(1)))) {
            Frames.write(some, npz, OPTIONS);
            assertKind(allocator, npz, FrameSummary.Kind.FRAME);
        }
        Files.delete(npz);
    }

    private static void assertKind(BufferAllocator allocator, Path file, FrameSummary.Kind kind) throws Exception {
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.kind()).isEqualTo(kind);
        }
    }
}
