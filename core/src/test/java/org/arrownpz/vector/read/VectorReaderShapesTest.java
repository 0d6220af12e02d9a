package org.arrownpz.vector.read;

import static org.arrownpz.vector.read.TestArrays.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tensors, records and the sizes of vectors: the largest, and those that no vector has. */
@ExtendWith(LeakCheck.class)
class VectorReaderShapesTest {
    private static final ReadOptions ARROW = ReadOptions.defaults();

    @Test
    void usesLongOffsetsWhereTextIsTooLongForShortOnes(BufferAllocator allocator) throws NpzException {
        DType text = TestArrays.dtype("'<U9'");
        DType binary = TestArrays.dtype("'|S9'");
        byte[] texts = TestArrays.values(new Random(4), text, 500);
        byte[] binaries = TestArrays.values(new Random(4), binary, 500);
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader small = new VectorReader(allocator, ARROW, ones, null);
            VectorReader large = new VectorReader(allocator, ARROW, ones, null, 1000, false);
            NumpyArray first = TestArrays.viewed(allocator, text, Shape.of(500), StorageOrder.C, texts);
            NumpyArray second = TestArrays.viewed(allocator, binary, Shape.of(500), StorageOrder.C, binaries);
            try (ByteSource one = first.data();
                    ByteSource two = second.data();
                    FieldVector expectedText = small.read(first, "x");
                    FieldVector expectedBinary = small.read(second, "x");
                    LargeVarCharVector actualText = (LargeVarCharVector) large.read(first, "x");
                    LargeVarBinaryVector actualBinary = (LargeVarBinaryVector) large.read(second, "x")) {
                VectorValidation.validateFull(actualText);
                VectorValidation.validateFull(actualBinary);
                for (int i = 0; i < 500; i++) {
                    assertThat(actualText.getObject(i)).isEqualTo(expectedText.getObject(i));
                    assertThat(actualBinary.getObject(i)).isEqualTo(expectedBinary.getObject(i));
                }
            }
        }
    }

    @Test
    void describesTensorsInTheOrderOfTheirBytes(BufferAllocator allocator) throws NpzException {
        byte[] bytes = TestArrays.values(new Random(5), TestArrays.dtype("'<i8'"), 24);
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            assertTensor(allocator, reader, bytes, StorageOrder.C, 2, "{\"shape\":[3,4]}", "(3, 4)");
            String parameters = "{\"shape\":[3,2],\"permutation\":[1,0]}";
            assertTensor(allocator, reader, bytes, StorageOrder.FORTRAN, 4, parameters, "(2, 3)");
        }
    }

    @Test
    void carriesFieldNamesTitlesAndShapesOfRecords(BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype("[(('The title', 'a'), '<i4'), ('', '|V4'), ('m', '<f8', (2, 3))]");
        byte[] bytes = TestArrays.values(new Random(6), dtype, 3);
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            NumpyArray array = TestArrays.viewed(allocator, dtype, Shape.of(3), StorageOrder.C, bytes);
            try (ByteSource data = array.data();
                    StructVector struct =
                            (StructVector) new VectorReader(allocator, ARROW, ones, null).read(array, "r")) {
                assertThat(struct.getField().getMetadata()).containsEntry("numpy.dtype", dtype.descr());
                assertThat(struct.getChildFieldNames()).containsExactly("a", "m");
                assertThat(struct.getChild("a").getField().getMetadata())
                        .containsEntry("numpy.title", "The title")
                        .containsEntry("numpy.dtype", "<i4");
                assertThat(struct.getChild("m").getField().getMetadata())
                        .containsEntry("numpy.shape", "(2, 3)")
                        .containsEntry("ARROW:extension:name", "arrow.fixed_shape_tensor")
                        .containsEntry("ARROW:extension:metadata", "{\"shape\":[2,3]}");
            }
        }
    }

    @Test
    void refusesMoreRowsOrElementsThanAVectorHolds(BufferAllocator allocator) throws NpzException {
        DType empty = TestArrays.dtype("'|S0'");
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            for (Shape shape : List.of(Shape.of(1L << 31), Shape.of(1L << 20, 1L << 20), Shape.of(1, 1L << 31))) {
                NumpyArray array = TestArrays.viewed(allocator, empty, shape, StorageOrder.C, new byte[0]);
                try (ByteSource data = array.data()) {
                    assertLimit(() -> reader.read(array, "x"));
                }
            }
            NumpyArray wide = TestArrays.viewed(allocator, empty, Shape.of(0, 1L << 40), StorageOrder.C, new byte[0]);
            try (ByteSource data = wide.data()) {
                assertLimit(() -> reader.readColumns(wide, NAMES, null));
                List<FieldVector> few = reader.readColumns(wide, NAMES, new int[] {5});
                assertThat(few).hasSize(1);
                few.get(0).close();
            }
            NumpyArray deep = TestArrays.viewed(allocator, empty, Shape.of(1L << 33), StorageOrder.C, new byte[0]);
            try (ByteSource data = deep.data();
                    FieldVector batch = reader.readRows(deep, "x", 1L << 32, 10)) {
                assertThat(batch.getValueCount()).isEqualTo(10);
            }
        }
    }

    @Test
    void refusesPositionsOutsideTheArray(BufferAllocator allocator) throws NpzException {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NumpyArray array = TestArrays.viewed(allocator, "'<i8'", TestArrays.longs(1, 2, 3));
            try (ByteSource data = array.data()) {
                assertThatThrownBy(() -> reader.readRows(array, "x", 2, 2))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> reader.readColumns(array, NAMES, null))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void readsTenThousandColumnsWithOneFieldTypeForAll(BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype("'<f8'");
        int columns = 10_000;
        byte[] bytes = new byte[columns * 100 * 8];
        CopyReport.Builder report = CopyReport.builder();
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, report);
            NumpyArray array = TestArrays.viewed(allocator, dtype, Shape.of(100, columns), StorageOrder.FORTRAN, bytes);
            try (ByteSource data = array.data()) {
                List<FieldVector> vectors = reader.readColumns(array, NAMES, null);
                assertThat(vectors).hasSize(columns);
                assertThat(vectors.get(9_999).getField().getFieldType())
                        .isSameAs(vectors.get(0).getField().getFieldType());
                vectors.forEach(FieldVector::close);
            }
        }
        assertThat(report.build().columns()).hasSize(columns);
        assertThat(report.build().toString().lines().count()).isEqualTo(2);
    }

    private static void assertTensor(
            BufferAllocator allocator,
            VectorReader reader,
            byte[] bytes,
            StorageOrder order,
            int lists,
            String parameters,
            String shape)
            throws NpzException {
        NumpyArray array = TestArrays.viewed(allocator, TestArrays.dtype("'<i8'"), Shape.of(2, 3, 4), order, bytes);
        try (ByteSource data = array.data();
                FixedSizeListVector tensor = (FixedSizeListVector) reader.tensor(array, "t")) {
            assertThat(tensor.getValueCount()).isEqualTo(lists);
            assertThat(tensor.getField().getMetadata())
                    .containsEntry("ARROW:extension:metadata", parameters)
                    .containsEntry("numpy.shape", shape);
            byte[] actual = new byte[bytes.length];
            tensor.getDataVector().getDataBuffer().getBytes(0, actual);
            assertThat(actual).isEqualTo(bytes);
        }
    }

    private interface Call {
        void run() throws NpzException;
    }

    private static void assertLimit(Call call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    }
}
