package org.arrownpz.vector.read;

import static org.arrownpz.vector.read.TestArrays.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.arrownpz.vector.internal.gather.Rows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Single rows of arrays of every dtype, order and number of dimensions, beside the rows of what is read whole. */
@ExtendWith(LeakCheck.class)
class PickedRowsTest {
    private static final int ROWS = 37;
    private static final long[] PICKED = {36, 0, 17, 17, 3, 35, 1};

    /** A source that views no region of all its bytes, as a mapping of an old JDK does none of long files. */
    private record Windowed(ByteSource whole, long limit) implements ByteSource {
        @Override
        public long size() {
            return whole.size();
        }

        @Override
        public void read(long offset, ByteBuffer target) throws NpzException {
            whole.read(offset, target);
        }

        @Override
        public ArrowBuf region(long offset, long length) throws NpzException {
            return whole.region(offset, length);
        }

        @Override
        public boolean views(long length) {
            return length <= limit;
        }

        @Override
        public void close() {
            whole.close();
        }
    }

    static List<String> dtypes() {
        return VectorReaderTest.dtypes();
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void areThoseOfTheWholeArray(String descr, BufferAllocator allocator) throws Exception {
        DType dtype = TestArrays.dtype(descr);
        Random random = new Random(descr.hashCode());
        for (Shape shape : List.of(Shape.of(ROWS), Shape.of(ROWS, 5), Shape.of(ROWS, 3, 2), Shape.of(ROWS, 2, 1, 3))) {
            byte[] bytes = TestArrays.values(random, dtype, shape.elements());
            for (StorageOrder order : StorageOrder.values()) {
                for (TypeMapping mapping : TypeMapping.values()) {
                    ReadOptions options = ReadOptions.defaults().withTypeMapping(mapping);
                    NumpyArray viewed = TestArrays.viewed(allocator, dtype, shape, order, bytes);
                    NumpyArray copied = TestArrays.copied(allocator, dtype, shape, order, bytes);
                    NumpyArray windowed = new NumpyArray(
                            TestArrays.LOCATION, viewed.header(), new Windowed(viewed.data(), bytes.length / 2));
                    try (ByteSource one = viewed.data();
                            ByteSource two = copied.data()) {
                        for (NumpyArray array : List.of(viewed, copied, windowed)) {
                            assertRows(allocator, options, viewed, array, Rows.picked(PICKED, 0, PICKED.length));
                            assertRows(allocator, options, viewed, array, Rows.picked(PICKED, 2, 3));
                            assertRows(allocator, options, viewed, array, Rows.picked(PICKED, 2, 0));
                            assertRows(allocator, options, viewed, array, Rows.range(11, 9));
                        }
                    }
                }
            }
        }
    }

    /** Reads an array's rows, and compares them with those of the same array that is read whole. */
    private static void assertRows(
            BufferAllocator allocator, ReadOptions options, NumpyArray whole, NumpyArray array, Rows rows)
            throws NpzException {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, options, ones, null);
            List<FieldVector> expected = new ArrayList<>(List.of(reader.read(whole, "x")));
            List<FieldVector> actual = new ArrayList<>(List.of(reader.readRows(array, "x", rows)));
            int dimensions = array.header().shape().dimensions();
            int[] selected = {4, 0, 1, 0};
            if (dimensions == 2) {
                expected.addAll(reader.readColumns(whole, NAMES, null));
                actual.addAll(reader.readColumns(array, NAMES, null, rows));
                expected.addAll(reader.readColumns(whole, NAMES, selected));
                actual.addAll(reader.readColumns(array, NAMES, selected, rows));
            } else if (dimensions == 1
                    && options.typeMapping() == TypeMapping.ARROW
                    && array.header().dtype() instanceof StructDType) {
                expected.addAll(reader.readFields(whole, null, Rows.range(0, ROWS)));
                actual.addAll(reader.readFields(array, null, rows));
            }
            for (int i = 0; i < actual.size(); i++) {
                assertRows(actual.get(i), expected.get(i), rows);
            }
            expected.forEach(FieldVector::close);
            actual.forEach(FieldVector::close);
        }
    }

    private static void assertRows(FieldVector actual, FieldVector whole, Rows rows) {
        VectorValidation.validateFull(actual);
        assertThat(actual.getField()).isEqualTo(whole.getField());
        assertThat(actual.getValueCount()).isEqualTo(rows.count());
        RangeEqualsVisitor equal = new RangeEqualsVisitor(actual, whole);
        for (int i = 0; i < rows.count(); i++) {
            assertThat(equal.rangeEquals(new Range(i, (int) rows.at(i), 1)))
                    .as("row %s of %s", rows.at(i), whole.getField())
                    .isTrue();
        }
    }

    @Test
    void mustBeRowsOfTheArray(BufferAllocator allocator) throws Exception {
        NumpyArray block =
                TestArrays.viewed(allocator, TestArrays.dtype("'<i4'"), Shape.of(4, 2), StorageOrder.C, new byte[32]);
        try (ByteSource data = block.data();
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ReadOptions.defaults(), ones, null);
            for (long row : new long[] {-1, 4, Long.MAX_VALUE, Long.MIN_VALUE}) {
                Rows rows = Rows.picked(new long[] {0, row}, 0, 2);
                assertThatThrownBy(() -> reader.readRows(block, "x", rows))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> reader.readColumns(block, NAMES, null, rows))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }
}
