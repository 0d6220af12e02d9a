package org.arrownpz.vector.internal.encode;

import static org.arrownpz.vector.internal.encode.EncodedColumns.DEFAULTS;
import static org.arrownpz.vector.internal.encode.EncodedColumns.array;
import static org.arrownpz.vector.internal.encode.EncodedColumns.ints;
import static org.arrownpz.vector.internal.encode.EncodedColumns.numpy;
import static org.arrownpz.vector.internal.encode.EncodedColumns.plan;
import static org.arrownpz.vector.internal.encode.EncodedColumns.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.NumpyMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The bytes of arrays and blocks: nulls, tensors, records, and columns of several batches. */
@ExtendWith(LeakCheck.class)
class BlockContentTest {
    @Test
    void nullsBecomeTheFillOfTheirType(BufferAllocator allocator) throws NpzException {
        try (IntVector ints = ints("i", allocator, 7, null, 9);
                Float4Vector floats = new Float4Vector("f", allocator);
                BitVector bits = new BitVector("b", allocator);
                VarCharVector text = text(null, allocator, "ab", null, "c")) {
            ints.getDataBuffer().setInt(4, 0x55555555);
            assertThat(intsOf(ints)).containsExactly(7, 0, 9);
            assertThat(numpy(ints).needsValidity()).isTrue();
            assertThat(numpy(ints).fill()).isEqualTo("0");
            floats.setSafe(0, 1.5f);
            floats.setNull(1);
            floats.setValueCount(2);
            assertThat(EncodeSink.buffer(array(floats)).getInt(4)).isEqualTo(0x7fc00000);
            bits.setSafe(0, 1);
            bits.setNull(1);
            bits.setSafe(2, 1);
            bits.setValueCount(3);
            bits.getDataBuffer().setByte(0, 0xff);
            assertThat(EncodeSink.bytes(array(bits))).containsExactly(1, 0, 1);
            assertThat(EncodeSink.bytes(array(text)))
                    .containsExactly('a', 0, 0, 0, 'b', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'c', 0, 0, 0, 0, 0, 0, 0);
            assertThat(numpy(text).fill()).isEqualTo("''");
        }
    }

    @Test
    void framesKeepRecordsAndTensorsAsBuffers(BufferAllocator allocator) throws NpzException {
        Field child = RandomVectors.field("$data$", new ArrowType.Int(32, true));
        Map<String, String> tensor = Map.of(
                NumpyMetadata.EXTENSION_NAME,
                NumpyMetadata.TENSOR,
                NumpyMetadata.EXTENSION_METADATA,
                "{\"shape\":[2,3]}");
        Field field = new Field("t", new FieldType(true, new ArrowType.FixedSizeList(6), null, tensor), List.of(child));
        try (FieldVector vector = new RandomVectors(allocator, 1, false).vector(field, 4)) {
            assertThat(ColumnEncoder.plan(List.of(vector), DEFAULTS, true)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(numpy(vector).rowShape()).isEqualTo(Shape.of(2, 3));
            assertThat(array(vector).shape()).isEqualTo(Shape.of(4, 2, 3));
            assertThat(array(vector).isDirect()).isTrue();
        }
    }

    @Test
    void nullsInsideRecordsForceBuffersUnlessTheirRecordIsNull(BufferAllocator allocator) throws NpzException {
        Map<String, String> hint = Map.of(NumpyMetadata.DTYPE, "[('a', '<i4'), ('', '|V4'), ('f', '<f8')]");
        Field field = new Field(
                "r",
                new FieldType(true, new ArrowType.Struct(), null, hint),
                List.of(
                        RandomVectors.field("a", new ArrowType.Int(32, true)),
                        RandomVectors.field("f", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));
        try (StructVector vector = (StructVector) field.createVector(allocator)) {
            vector.allocateNew();
            IntVector a = (IntVector) vector.getChild("a");
            Float8Vector f = (Float8Vector) vector.getChild("f");
            a.setSafe(0, 5);
            f.setSafe(0, 0.5);
            vector.setIndexDefined(0);
            a.setNull(1);
            f.setNull(1);
            vector.setNull(1);
            vector.setValueCount(2);
            ByteBuffer bytes = EncodeSink.buffer(array(vector));
            assertThat(bytes.remaining()).isEqualTo(32);
            assertThat(bytes.getInt(0)).isEqualTo(5);
            assertThat(bytes.getInt(4)).isZero();
            assertThat(bytes.getDouble(8)).isEqualTo(0.5);
            assertThat(bytes.getLong(16)).isZero();
            assertThat(bytes.getDouble(24)).isNaN();
            vector.setIndexDefined(1);
            assertThat(plan(vector, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
        }
    }

    @Test
    void adjacentColumnsAndBatchesMakeOneFortranBlock(BufferAllocator allocator) throws NpzException {
        try (IntVector a1 = ints("a", allocator, 1, 2);
                IntVector a2 = ints("a", allocator, 3);
                IntVector b = ints("b", allocator, 4, null, 6)) {
            ColumnEncoding.Numpy a = (ColumnEncoding.Numpy) ColumnEncoder.plan(List.of(a1, a2), DEFAULTS, true);
            BlockContent block = BlockContent.block(List.of(
                    new BlockContent.Column(a, List.of(a1, a2)), new BlockContent.Column(numpy(b), List.of(b))));
            assertThat(block.shape()).isEqualTo(Shape.of(3, 2));
            assertThat(block.order()).isEqualTo(StorageOrder.FORTRAN);
            int[] values = new int[6];
            EncodeSink.buffer(block).asIntBuffer().get(values);
            assertThat(values).containsExactly(1, 2, 3, 4, 0, 6);
            assertThatThrownBy(() -> BlockContent.block(List.of(
                            new BlockContent.Column(a, List.of(a1)), new BlockContent.Column(numpy(b), List.of(b)))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void conversionsLargerThanTheScratchBufferAreWhole(BufferAllocator allocator) throws NpzException {
        int rows = 700_001;
        try (BitVector bits = new BitVector("b", allocator)) {
            bits.allocateNew(rows);
            byte[] expected = new byte[rows];
            for (int i = 0; i < rows; i++) {
                expected[i] = (byte) (i * 7 % 3 == 0 ? 1 : 0);
                bits.set(i, expected[i]);
            }
            bits.setValueCount(rows);
            assertThat(Arrays.equals(EncodeSink.bytes(array(bits)), expected)).isTrue();
        }
    }

    private static List<Integer> intsOf(FieldVector vector) throws NpzException {
        List<Integer> values = new ArrayList<>();
        ByteBuffer bytes = EncodeSink.buffer(array(vector));
        while (bytes.hasRemaining()) {
            values.add(bytes.getInt());
        }
        return values;
    }
}
