package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A matrix as one column of vectors. */
@ExtendWith(LeakCheck.class)
class VectorsOptionTest {
    private static final ReadOptions VECTORS = ReadOptions.defaults().withVectors("embedding");

    @TempDir
    Path directory;

    private Path npy(Object array) throws NpzException {
        Path path = directory.resolve("a.npy");
        Npy.save(path, array, WriteOptions.defaults().withOverwrite());
        return path;
    }

    private static void assertShape(NumpyArray array, long... lengths) {
        assertThat(array.header().shape()).isEqualTo(Shape.of(lengths));
        assertThat(array.header().order()).isEqualTo(StorageOrder.C);
    }

    @Test
    void viewsRowsOfAMatrix(BufferAllocator allocator) throws Exception {
        Path path = npy(new float[][] {{1, 2, 3}, {4, 5, 6}});
        try (Frame frame = Frames.open(allocator, path, VECTORS)) {
            assertThat(frame.columnNames()).containsExactly("embedding");
            FixedSizeListVector column = (FixedSizeListVector) frame.column("embedding");
            assertThat(column.getObject(1)).isEqualTo(List.of(4f, 5f, 6f));
            assertThat(column.getField().getMetadata())
                    .containsEntry("ARROW:extension:name", "arrow.fixed_shape_tensor")
                    .containsEntry("ARROW:extension:metadata", "{\"shape\":[3]}");
            assertThat(frame.copyReport().copiedBytes()).isZero();
            assertThat(frame.copyReport().viewedBytes()).isEqualTo(24);
            assertThat(Frames.inspect(allocator, path, VECTORS).columns().get(0).field())
                    .isEqualTo(column.getField());
        }
    }

    @Test
    void copiesRowsOfAColumnMajorMatrix(BufferAllocator allocator) throws Exception {
        byte[] data = {1, 4, 2, 5, 3, 6};
        Path path = directory.resolve("f.npy");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(NpyHeaderWriter.numpy(ScalarDType.of(DTypeKind.INT, 1), Shape.of(2, 3), StorageOrder.FORTRAN));
            file.write(data);
        }
        try (Frame frame = Frames.open(allocator, path, VECTORS)) {
            FixedSizeListVector column = (FixedSizeListVector) frame.column(0);
            assertThat(column.getObject(1)).isEqualTo(List.of((byte) 4, (byte) 5, (byte) 6));
            assertThat(frame.copyReport().columns().get(0).reason()).contains("reordered");
        }
    }

    @Test
    void readsAnyOtherArrayAsOneColumnToo(BufferAllocator allocator) throws Exception {
        try (Frame cube = Frames.open(allocator, npy(new int[][][] {{{1, 2}, {3, 4}}}), VECTORS)) {
            assertThat(cube.column(0).getField().getMetadata())
                    .containsEntry("ARROW:extension:metadata", "{\"shape\":[2,2]}");
        }
        try (Frame flat = Frames.open(allocator, npy(new LocalDate[] {LocalDate.EPOCH}), VECTORS);
                Frame scalar = Frames.open(allocator, npy(7L), VECTORS)) {
            assertThat(flat.columnNames()).containsExactly("embedding");
            assertThat(scalar.columnNames()).containsExactly("embedding");
        }
        Path records = directory.resolve("records.npy");
        try (VectorSchemaRoot root =
                        Roots.root(Roots.longs(allocator, "a", 1, 2), Roots.texts(allocator, "b", "x", "y"));
                Frame frame = Frame.of(root)) {
            Frames.write(frame, records, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, records, VECTORS.withColumns("embedding"))) {
            assertThat(frame.columnNames()).containsExactly("embedding");
        }
        assertThatThrownBy(() -> Frames.open(allocator, records, VECTORS.withColumns("0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesVectorsAsRowsOfAMatrix(BufferAllocator allocator) throws Exception {
        Path npz = directory.resolve("b.npz");
        Path npy = directory.resolve("b.npy");
        try (Frame frame = Frames.open(allocator, npy(new float[][] {{1, 2, 3}, {4, 5, 6}}), VECTORS)) {
            Frames.write(frame, npz, WriteOptions.defaults());
            Frames.write(frame, npy, WriteOptions.defaults());
        }
        try (NumpyArrays arrays = Npz.load(allocator, npz);
                NumpyArray array = Npy.load(allocator, npy)) {
            assertThat(arrays.names()).containsExactly("embedding");
            assertShape(arrays.get("embedding"), 2, 3);
            assertShape(array, 2, 3);
            assertThat(array.floats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void writesListsOfAnyOriginAsRowsOfAMatrix(BufferAllocator allocator) throws Exception {
        try (FixedSizeListVector lists = FixedSizeListVector.empty("v", 2, allocator)) {
            UInt1Vector items = (UInt1Vector) lists.addOrGetVector(FieldType.nullable(new ArrowType.Int(8, false)))
                    .getVector();
            lists.allocateNew();
            for (int i = 0; i < 6; i++) {
                items.setSafe(i, i);
            }
            for (int i = 0; i < 3; i++) {
                lists.setNotNull(i);
            }
            lists.setValueCount(3);
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of(lists)))) {
                Path npz = directory.resolve("c.npz");
                Frames.write(frame, npz, WriteOptions.defaults().withForm(ArchiveForm.ARRAYS));
                try (NumpyArrays arrays = Npz.load(allocator, npz)) {
                    assertShape(arrays.get("v"), 3, 2);
                }
                lists.setNull(1);
                assertThatThrownBy(() -> Frames.write(frame, directory.resolve("d.npy"), WriteOptions.defaults()))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    @DisplayName("C9: archives note that the option says nothing of them")
    void archivesNoteThatTheyAreNotAffected(BufferAllocator allocator) throws Exception {
        Path archive = directory.resolve("archive.npz");
        Npz.save(archive, Map.of("a", new long[] {1, 2}));
        try (Frame frame = Frames.open(allocator, archive, VECTORS);
                Frame plain = Frames.open(allocator, archive)) {
            assertThat(frame.copyReport().notes()).anyMatch(note -> note.contains("withVectors says nothing"));
            assertThat(plain.copyReport().notes()).noneMatch(note -> note.contains("withVectors"));
        }
    }

    @Test
    @Tag("nightly")
    void readsMoreElementsThanOneVectorHoldsInBatches(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("long.npy");
        long rows = (1 << 19) + 1;
        int width = 4096;
        byte[] header = NpyHeaderWriter.numpy(ScalarDType.of(DTypeKind.UINT, 1), Shape.of(rows, width), StorageOrder.C);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(header);
            file.setLength(header.length + rows * width);
            file.seek(header.length + rows * width - 1);
            file.write(9);
        }
        try (Frame frame = Frames.open(allocator, path, VECTORS)) {
            assertThatThrownBy(frame::root).isInstanceOf(NpzException.class).hasMessageContaining("too many elements");
            List<Integer> sizes = new ArrayList<>();
            int last = 0;
            try (ArrowReader reader = frame.reader(400_000)) {
                while (reader.loadNextBatch()) {
                    FixedSizeListVector batch =
                            (FixedSizeListVector) reader.getVectorSchemaRoot().getVector(0);
                    sizes.add(batch.getValueCount());
                    UInt1Vector items = (UInt1Vector) batch.getDataVector();
                    last = items.get(items.getValueCount() - 1);
                }
            }
            assertThat(sizes).containsExactly(400_000, 124_289);
            assertThat(last).isEqualTo(9);
            try (Frame taken = frame.take(rows - 1, 0, rows - 1)) {
                FieldVector items = ((FixedSizeListVector) taken.column(0)).getDataVector();
                assertThat(items.getValueCount()).isEqualTo(3 * width);
                assertThat(((UInt1Vector) items).get(width - 1)).isEqualTo((byte) 9);
                assertThat(((UInt1Vector) items).get(2 * width - 1)).isZero();
                assertThat(((UInt1Vector) items).get(3 * width - 1)).isEqualTo((byte) 9);
            }
        }
    }
}
