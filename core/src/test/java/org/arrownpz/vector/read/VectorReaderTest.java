package org.arrownpz.vector.read;

import static org.arrownpz.vector.read.TestArrays.NAMES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns, rows and ranges of arrays of every dtype and order. */
@ExtendWith(LeakCheck.class)
class VectorReaderTest {
    private static final ReadOptions ARROW = ReadOptions.defaults();
    private static final ReadOptions STORAGE = ARROW.withTypeMapping(TypeMapping.STORAGE);

    static List<String> dtypes() {
        return List.of(
                "'|b1'",
                "'|i1'",
                "'<i2'",
                "'>i4'",
                "'<u8'",
                "'>u2'",
                "'<f2'",
                "'>f4'",
                "'<f8'",
                "'>f8'",
                "'<c8'",
                "'>c16'",
                "'<f16'",
                "'<M8[D]'",
                "'>M8[D]'",
                "'<M8[M]'",
                "'<M8[W]'",
                "'<M8[ns]'",
                "'>M8[us]'",
                "'<M8[10s]'",
                "'<M8[h]'",
                "'>M8[m]'",
                "'<M8[ps]'",
                "'<M8'",
                "'<m8[D]'",
                "'<m8[Y]'",
                "'>m8[M]'",
                "'<m8[ms]'",
                "'<U1'",
                "'<U8'",
                "'>U5'",
                "'<U0'",
                "'|S1'",
                "'|S7'",
                "'|S0'",
                "'|V3'",
                "[('a', '<i4'), ('', '|V3'), ('b', '|b1'), ('t', '>M8[D]'), ('u', '<U3')]",
                "[('m', '<f4', (2, 3)), ('n', [('s', '|S3'), ('c', '>c8', (2,))])]");
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void readsColumnsOfBlocksAsItReadsThemAlone(String descr, BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype(descr);
        Random random = new Random(descr.hashCode());
        for (int[] shape : new int[][] {{5, 3}, {1, 4}, {6, 1}, {131, 67}, {0, 3}, {3, 0}}) {
            for (StorageOrder order : StorageOrder.values()) {
                for (ReadOptions options : List.of(ARROW, STORAGE)) {
                    byte[] bytes = TestArrays.values(random, dtype, (long) shape[0] * shape[1]);
                    assertColumns(allocator, options, dtype, shape[0], shape[1], order, bytes);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void readsRowsOfFortranOrderAsThoseOfCOrder(String descr, BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype(descr);
        Random random = new Random(descr.hashCode());
        Shape shape = Shape.of(7, 3, 2);
        int width = (int) dtype.itemSize();
        byte[] c = TestArrays.values(random, dtype, shape.elements());
        byte[] fortran = new byte[c.length];
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 2; k++) {
                    System.arraycopy(c, ((i * 3 + j) * 2 + k) * width, fortran, (i + 7 * (j + 3 * k)) * width, width);
                }
            }
        }
        for (ReadOptions options : List.of(ARROW, STORAGE)) {
            try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
                VectorReader reader = new VectorReader(allocator, options, ones, null);
                NumpyArray straight = TestArrays.viewed(allocator, dtype, shape, StorageOrder.C, c);
                NumpyArray crossed = TestArrays.viewed(allocator, dtype, shape, StorageOrder.FORTRAN, fortran);
                try (ByteSource one = straight.data();
                        ByteSource two = crossed.data();
                        FieldVector expected = reader.read(straight, "x");
                        FieldVector actual = reader.read(crossed, "x");
                        FieldVector part = reader.readRows(crossed, "x", 2, 4);
                        FieldVector expectedPart = reader.readRows(straight, "x", 2, 4)) {
                    assertThat(actual.getField().getMetadata()).containsEntry(NumpyMetadata.ORDER, "F");
                    assertSameButInOrder(actual, expected);
                    assertSameButInOrder(part, expectedPart);
                    assertThat(part.getValueCount()).isEqualTo(4);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void readsRangesOfRowsAsSlicesOfTheWhole(String descr, BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype(descr);
        byte[] bytes = TestArrays.values(new Random(1), dtype, 100);
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NumpyArray array = TestArrays.copied(allocator, dtype, Shape.of(100), StorageOrder.C, bytes);
            try (ByteSource data = array.data();
                    FieldVector whole = reader.read(array, "x");
                    FieldVector part = reader.readRows(array, "x", 13, 50)) {
                assertThat(part.getValueCount()).isEqualTo(50);
                assertThat(new RangeEqualsVisitor(part, whole).rangeEquals(new Range(0, 13, 50)))
                        .isTrue();
            }
        }
    }

    @Test
    void readsEveryTypeOfColumnWithoutLeavingMemoryWhenAnyAllocationFails() throws Exception {
        for (String descr : dtypes()) {
            DType dtype = TestArrays.dtype(descr);
            byte[] bytes = TestArrays.values(new Random(2), dtype, 12);
            AllocationFaults.refuseEach(allocator -> {
                try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
                    VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
                    NumpyArray array = TestArrays.copied(allocator, dtype, Shape.of(4, 3), StorageOrder.C, bytes);
                    try (ByteSource data = array.data()) {
                        reader.readColumns(array, NAMES, null).forEach(FieldVector::close);
                        reader.read(array, "x").close();
                    }
                    NumpyArray fortran =
                            TestArrays.copied(allocator, dtype, Shape.of(4, 3), StorageOrder.FORTRAN, bytes);
                    try (ByteSource data = fortran.data()) {
                        reader.readColumns(fortran, NAMES, null).forEach(FieldVector::close);
                        reader.read(fortran, "x").close();
                        reader.tensor(fortran, "x").close();
                    }
                }
            });
        }
    }

    private static void assertColumns(
            BufferAllocator allocator,
            ReadOptions options,
            DType dtype,
            int rows,
            int columns,
            StorageOrder order,
            byte[] bytes)
            throws NpzException {
        int width = (int) dtype.itemSize();
        int[] selected = columns < 3 ? new int[] {} : new int[] {columns - 1, 0, 1, 0};
        int from = rows / 3;
        NumpyArray block = TestArrays.viewed(allocator, dtype, Shape.of(rows, columns), order, bytes);
        NumpyArray copied = TestArrays.copied(allocator, dtype, Shape.of(rows, columns), order, bytes);
        try (ByteSource one = block.data();
                ByteSource two = copied.data();
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, options, ones, null);
            List<FieldVector> all = reader.readColumns(block, NAMES, null);
            List<FieldVector> ofCopy = reader.readColumns(copied, NAMES, null);
            List<FieldVector> few = reader.readColumns(block, NAMES, selected, from, rows - from);
            for (int c = 0; c < columns; c++) {
                byte[] column = new byte[rows * width];
                for (int r = 0; r < rows; r++) {
                    int at = order == StorageOrder.C ? r * columns + c : c * rows + r;
                    System.arraycopy(bytes, at * width, column, r * width, width);
                }
                NumpyArray alone = TestArrays.viewed(allocator, dtype, Shape.of(rows), StorageOrder.C, column);
                try (ByteSource data = alone.data();
                        FieldVector expected = reader.read(alone, "c" + c);
                        FieldVector tail = reader.readRows(alone, "c" + c, from, rows - from)) {
                    assertSame(all.get(c), expected);
                    assertSame(ofCopy.get(c), expected);
                    for (int i = 0; i < selected.length; i++) {
                        if (selected[i] == c) {
                            assertSame(few.get(i), tail);
                        }
                    }
                }
            }
            List.of(all, ofCopy, few).forEach(list -> list.forEach(FieldVector::close));
        }
    }

    private static void assertSameButInOrder(FieldVector actual, FieldVector expected) {
        VectorValidation.validateFull(actual);
        assertThat(withoutOrder(actual.getField())).isEqualTo(withoutOrder(expected.getField()));
        assertThat(new RangeEqualsVisitor(actual, expected, (left, right) -> true)
                        .rangeEquals(new Range(0, 0, actual.getValueCount())))
                .isTrue();
    }

    private static Field withoutOrder(Field field) {
        Map<String, String> metadata = new HashMap<>(field.getMetadata());
        metadata.remove(NumpyMetadata.ORDER);
        FieldType type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata);
        return new Field(field.getName(), type, field.getChildren());
    }

    private static void assertSame(FieldVector actual, FieldVector expected) {
        VectorValidation.validateFull(actual);
        assertThat(actual.getField()).isEqualTo(expected.getField());
        assertThat(VectorEqualsVisitor.vectorEquals(actual, expected)).isTrue();
    }
}
