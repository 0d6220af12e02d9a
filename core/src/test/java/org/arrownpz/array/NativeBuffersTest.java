package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Buffers that native code takes over: typed, direct, read-only, in its byte order, without a copy. */
@ExtendWith(LeakCheck.class)
class NativeBuffersTest {
    @TempDir
    Path directory;

    private Path saved(Object array) throws NpzException {
        Path file = directory.resolve("a.npy");
        Npy.save(file, array);
        return file;
    }

    private static void assertNative(Buffer buffer, ByteOrder order, int elements) {
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.isReadOnly()).isTrue();
        assertThat(order).isEqualTo(ByteOrder.nativeOrder());
        assertThat(buffer.remaining()).isEqualTo(elements);
    }

    @Test
    void givesEachNumberItsBuffer(BufferAllocator allocator) throws Exception {
        try (NumpyArray array = Npy.load(allocator, saved(new float[] {1, 2.5f}))) {
            assertNative(array.floatBuffer(), array.floatBuffer().order(), 2);
            assertThat(array.floatBuffer().get(1)).isEqualTo(2.5f);
        }
        try (NumpyArray array = Npy.load(allocator, saved(new long[] {1, -7}))) {
            assertNative(array.longBuffer(), array.longBuffer().order(), 2);
            assertThat(array.longBuffer().get(1)).isEqualTo(-7);
        }
        try (NumpyArray array = Npy.load(allocator, saved(new int[] {1, -7}))) {
            assertNative(array.intBuffer(), array.intBuffer().order(), 2);
            assertThat(array.intBuffer().get(1)).isEqualTo(-7);
        }
        try (NumpyArray array = Npy.load(allocator, saved(new short[] {1, -7}))) {
            assertNative(array.shortBuffer(), array.shortBuffer().order(), 2);
            assertThat(array.shortBuffer().get(1)).isEqualTo((short) -7);
        }
        ByteBuffer half = ByteBuffer.wrap(new byte[] {0, 0x3C});
        ScalarDType float16 = ScalarDType.of(DTypeKind.FLOAT, 2);
        try (NumpyArray array = Npy.load(allocator, saved(ArrayContent.of(half, float16, Shape.of(1))))) {
            assertThat(array.shortBuffer().get(0)).isEqualTo((short) 0x3C00);
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void viewsRowsWhereTheyLie(BufferAllocator allocator) throws Exception {
        float[][] rows = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
        try (NumpyArray array = Npy.load(allocator, saved(rows));
                ArrowBuf all = array.region(0, 36)) {
            NumpyArray part = array.slice(1, 3);
            ByteBuffer bytes = part.buffer();
            assertThat(MemoryUtil.getByteBufferAddress(bytes)).isEqualTo(all.memoryAddress() + 12);
            assertThat(part.floatBuffer().get(5)).isEqualTo(9);
            assertThat(array.row(1).floatBuffer()).isEqualTo(FloatBuffer.wrap(rows[1]));
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void refusesWhatNativeCodeWouldTakeForOtherNumbers(BufferAllocator allocator) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        ScalarDType big = new ScalarDType(DTypeKind.FLOAT, ScalarDType.ByteOrdering.BIG, 4, null);
        try (NumpyArray array = Npy.load(allocator, saved(ArrayContent.of(bytes, big, Shape.of(4))))) {
            assertRefused(array::floatBuffer, "toLittleEndianC");
            assertRefused(array::tensor, "little-endian");
            Npy.save(directory.resolve("little.npy"), array.toLittleEndianC());
        }
        try (NumpyArray array = Npy.load(allocator, directory.resolve("little.npy"))) {
            assertThat(array.floatBuffer().remaining()).isEqualTo(4);
        }
        ScalarDType little = ScalarDType.of(DTypeKind.FLOAT, 4);
        ArrowBuf memory = allocator.buffer(16);
        ArrayContent fortran = ArrayContent.of(memory, little, Shape.of(2, 2), StorageOrder.FORTRAN);
        try (NumpyArray array = Npy.load(allocator, saved(fortran))) {
            memory.close();
            assertRefused(array::floatBuffer, "in C order");
            assertRefused(array::doubleBuffer, "<f8");
            assertThat(array.tensor().strides()).containsExactly(1L, 2L);
        }
        try (NumpyArray array = Npy.load(allocator, saved(new String[] {"a"}))) {
            assertRefused(array::tensor, "numbers or bools");
        }
    }

    private static void assertRefused(Executable call, String message) {
        NpzException fault = catchThrowableOfType(NpzException.class, call::execute);
        assertThat(fault).hasMessageContaining(message);
        assertThat(fault.code()).isEqualTo(ErrorCode.ARRAY_DTYPE);
    }

    @Test
    void saysWhatDlpackSays(BufferAllocator allocator) throws Exception {
        try (NumpyArray array = Npy.load(allocator, saved(new double[2][3][4]))) {
            assertThat(array.tensor())
                    .isEqualTo(new NumpyArray.Tensor(1, 2, 64, 1, List.of(2L, 3L, 4L), List.of(12L, 4L, 1L), 0));
            assertThat(array.row(1).tensor().shape()).containsExactly(3L, 4L);
        }
        try (NumpyArray array = Npy.load(allocator, saved(new boolean[] {true}))) {
            assertThat(array.tensor().code()).isEqualTo(6);
        }
        byte[] bits = new byte[2];
        Map<SmallFloat, Integer> codes = Map.of(
                SmallFloat.BFLOAT16,
                4,
                SmallFloat.FLOAT8_E4M3FN,
                10,
                SmallFloat.FLOAT4_E2M1FN,
                17,
                SmallFloat.UINT4,
                1);
        for (SmallFloat type : codes.keySet()) {
            ArrayContent content =
                    ArrayContent.of(ByteBuffer.wrap(bits), ScalarDType.of(type), Shape.of(2 / type.bytes()));
            try (NumpyArray array = Npy.load(allocator, saved(content))) {
                NumpyArray.Tensor tensor = array.as(type).tensor();
                assertThat(tensor.code()).as("%s", type).isEqualTo(codes.get(type));
                assertThat(tensor.bits()).as("%s", type).isEqualTo(type.bits());
            }
        }
    }

    @Test
    void widensTheSmallestTypesOfMachineLearning() {
        assertValues(SmallFloat.FLOAT4_E2M1FN, 0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6);
        assertValues(SmallFloat.INT2, 0, 1, -2, -1);
        assertValues(SmallFloat.UINT2, 0, 1, 2, 3);
        assertValues(SmallFloat.INT4, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1);
        assertValues(SmallFloat.UINT4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(SmallFloat.FLOAT6_E2M3FN.toFloat(0x1F)).isEqualTo(7.5f);
        assertThat(SmallFloat.FLOAT6_E2M3FN.toFloat(0x21)).isEqualTo(-0.125f);
        assertThat(SmallFloat.FLOAT6_E3M2FN.toFloat(0x1F)).isEqualTo(28);
        assertThat(SmallFloat.FLOAT6_E3M2FN.toFloat(0x01)).isEqualTo(0.0625f);
    }

    @Test
    void unpacksValuesOfLessThanAByteFromTheLowestBitsOn() throws Exception {
        assertThat(packed("F4", 4, 0x21, 0x0F).floats()).containsExactly(0.5f, 1, -6, 0);
        int six = 1 | 2 << 6 | 0x3F << 12 | 4 << 18;
        assertThat(packed("F6_E2M3", 4, six, six >> 8, six >> 16).floats()).containsExactly(0.125f, 0.25f, -7.5f, 0.5f);
        assertThat(packed("F6_E3M2", 4, six, six >> 8, six >> 16).floats())
                .containsExactly(0.0625f, 0.125f, -28, 0.25f);
        NumpyArray tooMany = packed("F4", 5, 0x21, 0x0F);
        NpzException fault = catchThrowableOfType(NpzException.class, tooMany::floats);
        assertThat(fault.code()).isEqualTo(ErrorCode.ARRAY_SHAPE);
    }

    private static NumpyArray packed(String type, int values, int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            data[i] = (byte) bytes[i];
        }
        NpyHeader header = new NpyHeader(
                1, ScalarDType.of(DTypeKind.VOID, 1), Shape.of(data.length), StorageOrder.C, 0, data.length);
        return new NumpyArray(Location.ofFile(null), header, ByteSources.ofHeap(ByteBuffer.wrap(data)))
                .as(new NumpyArray.Packed(type, Shape.of(values)));
    }

    private static void assertValues(SmallFloat type, float... values) {
        IntStream.range(0, values.length).forEach(bits -> {
            assertThat(Float.valueOf(type.toFloat(bits))).as("%s", type).isEqualTo(Float.valueOf(values[bits]));
            assertThat(type.toFloat(bits | 0xF0))
                    .as("%s ignores higher bits", type)
                    .isEqualTo(values[bits]);
        });
    }
}
