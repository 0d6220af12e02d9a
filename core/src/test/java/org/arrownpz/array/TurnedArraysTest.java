package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arrays in another order of bytes and of elements than they lie in. */
@ExtendWith(LeakCheck.class)
class TurnedArraysTest {
    @TempDir
    Path directory;

    /** Bytes 0, 1, 2 … of an array. */
    private NumpyArray array(
            BufferAllocator allocator, DTypeKind kind, ByteOrdering bytes, int size, StorageOrder order, long... shape)
            throws Exception {
        Shape lengths = Shape.of(shape);
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(lengths.elements() * size));
        for (int i = 0; i < data.capacity(); i++) {
            data.put(i, (byte) i);
        }
        ScalarDType dtype = new ScalarDType(kind, bytes, size, null);
        Path file = directory.resolve("array.npy");
        try (ArrowBuf buffer = allocator.buffer(data.capacity())) {
            buffer.setBytes(0, data);
            Npy.save(file, ArrayContent.of(buffer, dtype, lengths, order));
        }
        return Npy.load(allocator, file);
    }

    private NumpyArray turned(BufferAllocator allocator, NumpyArray array) throws Exception {
        Path file = directory.resolve("turned.npy");
        Npy.save(file, array.toLittleEndianC());
        return Npy.load(allocator, file);
    }

    @ParameterizedTest
    @CsvSource({"INT, 2, <i2", "UINT, 4, <u4", "FLOAT, 2, <f2", "FLOAT, 4, <f4", "FLOAT, 8, <f8"})
    void bigEndianBecomesLittleEndian(DTypeKind kind, int size, String descr, BufferAllocator allocator)
            throws Exception {
        try (NumpyArray array = array(allocator, kind, ByteOrdering.BIG, size, StorageOrder.C, 2);
                NumpyArray turned = turned(allocator, array)) {
            assertThat(turned).hasToString(descr + " (2,) C");
            for (int i = 0; i < 2 * size; i++) {
                assertThat(turned.buffer().get(i)).isEqualTo((byte) (i / size * size + size - 1 - i % size));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BOOL, 1, |b1", "UINT, 1, |u1", "INT, 2, <i2", "FLOAT, 4, <f4", "INT, 8, <i8", "VOID, 2, |V2"})
    void fortranOrderBecomesCOrder(DTypeKind kind, int size, String descr, BufferAllocator allocator) throws Exception {
        ByteOrdering bytes = ScalarDType.of(kind, size).order();
        try (NumpyArray array = array(allocator, kind, bytes, size, StorageOrder.FORTRAN, 2, 3);
                NumpyArray turned = turned(allocator, array)) {
            assertThat(turned).hasToString(descr + " (2, 3) C");
            int[] elements = {0, 2, 4, 1, 3, 5};
            for (int i = 0; i < 6 * size; i++) {
                assertThat(turned.buffer().get(i)).isEqualTo((byte) (elements[i / size] * size + i % size));
            }
        }
    }

    @Test
    void arraysThatLieSoAlreadyAreTheSame(BufferAllocator allocator) throws Exception {
        try (NumpyArray array = array(allocator, DTypeKind.INT, ByteOrdering.LITTLE, 4, StorageOrder.C, 2, 3)) {
            assertThat(array.toLittleEndianC()).isSameAs(array);
        }
    }

    @Test
    void refusesElementsOfSeveralNumbersAndWideOnes(BufferAllocator allocator) throws Exception {
        try (NumpyArray array = array(allocator, DTypeKind.COMPLEX, ByteOrdering.BIG, 8, StorageOrder.C, 2)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(array::toLittleEndianC)
                    .withMessageContaining(">c8");
        }
        try (NumpyArray array = array(allocator, DTypeKind.FLOAT, ByteOrdering.BIG, 16, StorageOrder.C, 2)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(array::toLittleEndianC)
                    .withMessageContaining("16 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 4", "INT, 8", "FLOAT, 4", "FLOAT, 8"})
    void javaArraysOfFortranOrderAreInCOrder(DTypeKind kind, int size, BufferAllocator allocator) throws Exception {
        try (NumpyArray array = array(allocator, kind, ByteOrdering.LITTLE, size, StorageOrder.FORTRAN, 2, 3)) {
            Object flat = kind == DTypeKind.INT
                    ? size == 4 ? array.ints() : array.longs()
                    : size == 4 ? array.floats() : array.doubles();
            ByteBuffer bytes = array.buffer().order(ByteOrder.LITTLE_ENDIAN);
            Object second = kind == DTypeKind.INT
                    ? size == 4 ? bytes.getInt(2 * size) : (Object) bytes.getLong(2 * size)
                    : size == 4 ? bytes.getFloat(2 * size) : (Object) bytes.getDouble(2 * size);
            assertThat(java.lang.reflect.Array.get(flat, 1)).isEqualTo(second);
        }
    }

    @Test
    void smallFloatsHaveValues(BufferAllocator allocator) throws Exception {
        try (NumpyArray array = array(allocator, DTypeKind.VOID, ByteOrdering.NONE, 2, StorageOrder.C, 2)) {
            assertThat(array.as(SmallFloat.BFLOAT16).floats())
                    .containsExactly(Float.intBitsToFloat(0x0100 << 16), Float.intBitsToFloat(0x0302 << 16));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> array.as(SmallFloat.FLOAT8_E5M2))
                    .withMessageContaining("float8_e5m2 is over |V1, not over |V2");
        }
        try (NumpyArray array = array(allocator, DTypeKind.VOID, ByteOrdering.NONE, 1, StorageOrder.FORTRAN, 2, 2)) {
            assertThat(array.as(SmallFloat.FLOAT8_E4M3FN).floats()).containsExactly(0, 0x1p-8f, 0x1p-9f, 0x1.8p-8f);
        }
    }

    @Test
    void fieldsOfRecordsBecomeVectors(BufferAllocator allocator) throws Exception {
        ByteBuffer data = ByteBuffer.allocate(3 * 9).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 3; i++) {
            data.putLong(i * 9 + 1, i - 1);
        }
        try (NumpyArray records = records(allocator, data);
                FieldVector vector = Vectors.of(allocator, records.field("n"), "n")) {
            assertThat(vector).isInstanceOf(BigIntVector.class).hasToString("[-1, 0, 1]");
        }
        try (NumpyArray none = records(allocator, ByteBuffer.allocate(0));
                FieldVector vector = Vectors.of(allocator, none.field("n"), "n")) {
            assertThat(vector.getValueCount()).isZero();
        }
    }

    private NumpyArray records(BufferAllocator allocator, ByteBuffer data) throws Exception {
        StructDType dtype = new StructDType(
                List.of(
                        new StructDType.Field("a", null, ScalarDType.of(DTypeKind.UINT, 1), 0),
                        new StructDType.Field("n", null, ScalarDType.of(DTypeKind.INT, 8), 1)),
                9);
        Path file = directory.resolve("records.npy");
        Npy.save(file, ArrayContent.of(data, dtype, Shape.of(data.capacity() / 9)));
        return Npy.load(allocator, file);
    }
}
