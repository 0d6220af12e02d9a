package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Options say what opaque elements are; files keep the bytes, and vectors the name. */
@ExtendWith(LeakCheck.class)
class SmallFloatOptionTest {
    /** 1, -2, 0.5, 3 as bfloat16. */
    private static final byte[] HALVES = {(byte) 0x80, 0x3F, 0, (byte) 0xC0, 0, 0x3F, 0x40, 0x40};

    private static final ReadOptions OPTIONS = ReadOptions.defaults()
            .withSmallFloat("w", SmallFloat.BFLOAT16)
            .withSmallFloat("arr_0", SmallFloat.BFLOAT16)
            .withSmallFloat("absent", SmallFloat.FLOAT8_E5M2);

    @TempDir
    Path directory;

    private Path archive() throws NpzException {
        Path file = directory.resolve("w.npz");
        ByteBuffer bits = ByteBuffer.wrap(HALVES);
        Npz.save(file, Map.of("w", ArrayContent.of(bits, ScalarDType.of(DTypeKind.VOID, 2), Shape.of(2, 2))));
        return file;
    }

    @Test
    void namesAnArrayOfAnArchive(BufferAllocator allocator) throws Exception {
        try (NumpyArrays arrays = Npz.load(allocator, archive(), OPTIONS);
                FieldVector vector = arrays.vector("w")) {
            assertThat(arrays.get("w").smallFloat()).isEqualTo(SmallFloat.BFLOAT16);
            assertThat(arrays.get("w").floats()).containsExactly(1, -2, 0.5f, 3);
            assertThat(Vectors.smallFloat(vector.getField())).isEqualTo(SmallFloat.BFLOAT16);
            Path again = directory.resolve("again.npz");
            Npz.save(again, Map.of("w", vector));
            try (NumpyArrays same = Npz.load(allocator, again, OPTIONS)) {
                assertThat(same.get("w").buffer()).isEqualTo(ByteBuffer.wrap(HALVES));
            }
        }
    }

    @Test
    void namesTheArrayOfAFile(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("w.npy");
        try (ArrowBuf bits = allocator.buffer(HALVES.length)) {
            bits.setBytes(0, HALVES);
            Npy.save(
                    file,
                    ArrayContent.of(bits, ScalarDType.of(SmallFloat.BFLOAT16), Shape.of(2, 2), StorageOrder.FORTRAN));
        }
        try (NumpyArray array = Npy.load(allocator, file, OPTIONS)) {
            assertThat(array.floats()).containsExactly(1, 0.5f, -2, 3);
        }
        try (Frame columns = Frames.open(allocator, file, OPTIONS);
                Frame rows = Frames.open(allocator, file, OPTIONS.withVectors("v"))) {
            for (Frame frame : List.of(columns, rows)) {
                Field outlined = frame.schema().getFields().get(0);
                assertThat(Vectors.smallFloat(outlined)).isEqualTo(SmallFloat.BFLOAT16);
                assertThat(frame.column(0).getField()).isEqualTo(outlined);
            }
            assertThat(Frames.inspect(allocator, file, OPTIONS).columns().get(0).field())
                    .isEqualTo(columns.column(0).getField());
        }
    }

    @Test
    void framesKeepTheName(BufferAllocator allocator) throws Exception {
        Path frames = directory.resolve("frame.npz");
        try (Frame frame = Frames.open(allocator, archive(), OPTIONS)) {
            assertThat(frame.copyReport().copiedBytes()).isZero();
            Frames.write(frame.root(), frames, WriteOptions.defaults());
            try (Frame again = Frames.open(allocator, frames)) {
                assertThat(again.column(0).getField()).isEqualTo(frame.column(0).getField());
                try (FieldVector floats = Vectors.floats(allocator, again.column(0))) {
                    assertThat(floats.getObject(1)).isEqualTo(List.of(0.5f, 3f));
                }
            }
            // Arrays of a plain archive stay the bytes that np.savez would write.
            Frames.write(frame, frames, WriteOptions.defaults().withOverwrite());
        }
        try (NumpyArrays arrays = Npz.load(allocator, frames)) {
            assertThat(arrays.get("w").dtype()).isEqualTo(ScalarDType.of(DTypeKind.VOID, 2));
            assertThat(arrays.get("w").buffer()).isEqualTo(ByteBuffer.wrap(HALVES));
        }
    }

    @Test
    void convertsVectorsToFloat32(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, archive(), OPTIONS);
                FieldVector floats = Vectors.floats(allocator, frame.column(0))) {
            assertThat(floats.getObject(0)).isEqualTo(List.of(1f, -2f));
            assertThat(floats.getObject(1)).isEqualTo(List.of(0.5f, 3f));
            Path file = directory.resolve("f.npy");
            Npy.save(file, floats);
            try (NumpyArray array = Npy.load(allocator, file)) {
                assertThat(array).hasToString("<f4 (2, 2) C");
                assertThat(array.floats()).containsExactly(1, -2, 0.5f, 3);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Vectors.floats(allocator, floats))
                    .withMessageContaining("withSmallFloat");
        }
    }

    @Test
    void convertsEveryValueAsTheElementDoes(BufferAllocator allocator) throws Exception {
        for (SmallFloat type : SmallFloat.values()) {
            int count = 1 << Byte.SIZE * type.bytes();
            ByteBuffer bits = ByteBuffer.allocateDirect(count * type.bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                if (type.bytes() == 1) {
                    bits.put((byte) i);
                } else {
                    bits.putShort((short) i);
                }
            }
            Path file = directory.resolve("all.npy");
            Npy.save(file, ArrayContent.of(bits.flip(), ScalarDType.of(type), Shape.of(count)));
            ReadOptions options = ReadOptions.defaults().withSmallFloat("arr_0", type);
            try (NumpyArray array = Npy.load(allocator, file, options);
                    FieldVector vector = Vectors.of(allocator, array, "x");
                    Float4Vector floats = (Float4Vector) Vectors.floats(allocator, vector)) {
                float[] values = array.floats();
                for (int i = 0; i < count; i++) {
                    assertThat(Float.floatToIntBits(floats.get(i)))
                            .isEqualTo(Float.floatToIntBits(values[i]))
                            .isEqualTo(Float.floatToIntBits(type.toFloat(i)));
                }
            }
        }
    }

    @Test
    void knowsTheLargestSmallestAndOddValuesOfEveryKind() {
        assertKind(SmallFloat.FLOAT8_E4M3FN, 448, 0x1p-9f, -0f, Float.NaN);
        assertKind(SmallFloat.FLOAT8_E5M2, Float.NaN, 0x1p-16f, -0f, Float.NaN);
        assertKind(SmallFloat.FLOAT8_E4M3, Float.NaN, 0x1p-9f, -0f, Float.NaN);
        assertKind(SmallFloat.FLOAT8_E3M4, Float.NaN, 0x1p-6f, -0f, Float.NaN);
        assertKind(SmallFloat.FLOAT8_E4M3FNUZ, 224, 0x1p-10f, Float.NaN, 240);
        assertKind(SmallFloat.FLOAT8_E4M3B11FNUZ, 28, 0x1p-13f, Float.NaN, 30);
        assertKind(SmallFloat.FLOAT8_E5M2FNUZ, 49152, 0x1p-17f, Float.NaN, 57344);
        assertThat(SmallFloat.FLOAT8_E4M3.toFloat(0x78)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(SmallFloat.FLOAT8_E3M4.toFloat(0xF0)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(SmallFloat.FLOAT8_E3M4.toFloat(0x6F)).isEqualTo(15.5f);
        assertThat(SmallFloat.FLOAT8_E8M0FNU.toFloat(127)).isEqualTo(1);
        for (SmallFloat type : SmallFloat.values()) {
            assertThat(SmallFloat.ofName(type.mlName())).isEqualTo(type);
        }
    }

    private static void assertKind(SmallFloat type, float beforeLast, float smallest, float sign, float last) {
        assertThat(Float.valueOf(type.toFloat(0x7E))).as("%s", type).isEqualTo(Float.valueOf(beforeLast));
        assertThat(type.toFloat(1)).as("%s", type).isEqualTo(smallest);
        assertThat(Float.valueOf(type.toFloat(0x80))).as("%s", type).isEqualTo(Float.valueOf(sign));
        assertThat(Float.valueOf(type.toFloat(0x7F))).as("%s", type).isEqualTo(Float.valueOf(last));
    }

    @Test
    void readsParametersHoweverTheyAreSpaced() {
        for (String parameters : List.of(
                "{\"type_name\":\"bfloat16\",\"vendor_name\":\"ml_dtypes\"}",
                "{\"vendor_name\": \"ml_dtypes\", \"type_name\": \"bfloat16\"}")) {
            assertThat(Vectors.smallFloat(opaque(2, parameters))).isEqualTo(SmallFloat.BFLOAT16);
        }
        for (String parameters : List.of(
                "", "ml_dtypes", "[\"ml_dtypes\"]", "{\"type_name\":\"bfloat17\",\"vendor_name\":\"ml_dtypes\"}")) {
            assertThat(Vectors.smallFloat(opaque(2, parameters))).isNull();
        }
        assertThat(Vectors.smallFloat(opaque(1, "{\"type_name\":\"bfloat16\",\"vendor_name\":\"ml_dtypes\"}")))
                .isNull();
    }

    private static Field opaque(int width, String parameters) {
        Map<String, String> metadata =
                Map.of("ARROW:extension:name", "arrow.opaque", "ARROW:extension:metadata", parameters);
        return new Field("x", new FieldType(true, new ArrowType.FixedSizeBinary(width), null, metadata), List.of());
    }

    @Test
    void refusesArraysOfAnotherDtype(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("x.npz");
        Npz.save(file, Map.of("w", new float[] {1}));
        try (NumpyArrays arrays = Npz.load(allocator, file, OPTIONS)) {
            assertDtype(() -> arrays.get("w"));
        }
        assertDtype(() -> Frames.open(allocator, file, OPTIONS));
        assertDtype(() -> Frames.openArray(allocator, file, "w", OPTIONS));
        Path alone = directory.resolve("x.npy");
        Npy.save(alone, new float[] {1});
        assertDtype(() -> Npy.load(allocator, alone, OPTIONS));
        assertDtype(() -> Frames.open(allocator, alone, OPTIONS));
        assertDtype(() -> Frames.inspect(allocator, alone, OPTIONS));
    }

    private static void assertDtype(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(NpzException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ARRAY_DTYPE);
            assertThat(e).hasMessageContaining("bfloat16").hasMessageContaining("<f4");
        });
    }
}
