package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.fuzz.SeedFiles;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

@ExtendWith(LeakCheck.class)
class SafetensorsTest {
    private static final String PAIR = "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

    @TempDir
    Path directory;

    private Path file(String header, int dataBytes) throws Exception {
        return file(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private Path file(byte[] header, int dataBytes) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        return Files.write(directory.resolve("x.safetensors"), bytes.array());
    }

    @Test
    void viewsTheTensorsOfAFile(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("x.safetensors");
        Safetensors.save(
                path,
                Map.of("w", new float[][] {{1, 2, 3}, {4, 5, 6}}, "bias", new double[] {0.5}),
                Map.of("format", "np"),
                WriteOptions.defaults());
        try (NumpyArrays tensors = Safetensors.load(allocator, path);
                FieldVector vector = tensors.vector("bias")) {
            assertThat(tensors.names()).containsExactly("bias", "w");
            assertThat(tensors.metadata()).containsExactly(Map.entry("format", "np"));
            assertThat(tensors.get("w").to(float[][].class)).isDeepEqualTo(new float[][] {{1, 2, 3}, {4, 5, 6}});
            assertThat(vector.getObject(0)).isEqualTo(0.5);
            assertThat(allocator.getAllocatedMemory()).isLessThanOrEqualTo(64);
            assertThatThrownBy(() -> tensors.get("x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'x'");
        }
    }

    @Test
    void writesWideTypesFirstAndPadsTheHeader() throws Exception {
        Path path = directory.resolve("x.safetensors");
        Safetensors.save(path, Map.of("a", new byte[] {7}, "c", new double[] {1}, "b", new long[] {2}));
        byte[] bytes = Files.readAllBytes(path);
        String expected = "{\"b\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"c\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,16]},"
                + "\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[16,17]}}";
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(header % 8).isZero();
        assertThat(new String(bytes, 8, header, StandardCharsets.UTF_8).stripTrailing())
                .isEqualTo(expected);
        assertThat(bytes[8 + header]).isEqualTo((byte) 2);
        assertThat(bytes).hasSize(8 + header + 17);
    }

    @Test
    void keepsBfloat16OverNpz(BufferAllocator allocator) throws Exception {
        Path first = file("{'w':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}}", 4);
        byte[] bytes = Files.readAllBytes(first);
        bytes[bytes.length - 3] = 0x3F; // 0x3F00 is 0.5
        Files.write(first, bytes);
        Path npz = directory.resolve("x.npz");
        Path again = directory.resolve("y.safetensors");
        try (NumpyArrays tensors = Safetensors.load(allocator, first)) {
            assertThat(tensors.get("w").floats()).containsExactly(0.5f, 0);
            assertThat(tensors.get("w")).hasToString("|V2 (bfloat16) (2,) C");
            Npz.save(npz, tensors.toMap());
            Safetensors.save(again, tensors);
        }
        try (NumpyArrays arrays = Npz.load(allocator, npz)) {
            assertThat(arrays.get("w").smallFloat()).isNull();
            assertThatThrownBy(() -> arrays.get("w").floats())
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARRAY_DTYPE));
            assertThatThrownBy(() -> arrays.get("w").as(SmallFloat.FLOAT8_E5M2))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Safetensors.save(again, arrays))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'w'");
            Safetensors.save(
                    directory.resolve("z.safetensors"),
                    Map.of("w", arrays.get("w").as(SmallFloat.BFLOAT16)));
        }
        assertThat(directory.resolve("z.safetensors")).hasSameBinaryContentAs(again);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/hostile/safetensors/headers.tsv", delimiter = '\t', quoteCharacter = '`')
    void refusesWhatBreaksTheRules(@Nullable String header, int dataBytes, ErrorCode code, BufferAllocator allocator)
            throws Exception {
        Path path = file(header == null ? "" : header, dataBytes);
        assertRefused(path, code, allocator, ReadOptions.defaults());
    }

    @Test
    @DisplayName("C4: the types of safetensors 0.8 that have no whole byte, and float8 of the second kind")
    void keepsValuesOfLessThanAByteAsTheirBytes(BufferAllocator allocator) throws Exception {
        Path path = file(
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'n':{'dtype':'F8_E4M3FNUZ','shape':[2],'data_offsets':[4,6]},"
                        + "'u':{'dtype':'F8_E5M2FNUZ','shape':[1],'data_offsets':[6,7]},"
                        + "'six':{'dtype':'F6_E3M2','shape':[2,2],'data_offsets':[7,10]},"
                        + "'sixth':{'dtype':'F6_E2M3','shape':[0,3],'data_offsets':[10,10]},"
                        + "'four':{'dtype':'F4','shape':[3,2],'data_offsets':[10,13]}}",
                13);
        Path again = directory.resolve("again.safetensors");
        try (NumpyArrays tensors = Safetensors.load(allocator, path);
                FieldVector four = tensors.vector("four")) {
            assertThat(tensors.get("w").floats()).containsExactly(0);
            assertThat(tensors.get("n").smallFloat()).isEqualTo(SmallFloat.FLOAT8_E4M3FNUZ);
            assertThat(tensors.get("u").smallFloat()).isEqualTo(SmallFloat.FLOAT8_E5M2FNUZ);
            assertThat(tensors.get("four")).hasToString("|V1 (F4 (3, 2)) (3,) C");
            assertThat(tensors.get("six").packed()).hasToString("F6_E3M2 (2, 2)");
            assertThat(four.getField().getMetadata().get("ARROW:extension:metadata"))
                    .isEqualTo("{\"type_name\":\"F4\",\"vendor_name\":\"safetensors\"}");
            Safetensors.save(again, tensors);
        }
        try (NumpyArrays tensors = Safetensors.load(allocator, again)) {
            assertThat(tensors.names()).containsExactly("w", "u", "n", "six", "sixth", "four");
            assertThat(tensors.get("four").packed()).hasToString("F4 (3, 2)");
            assertThat(tensors.get("sixth").packed()).hasToString("F6_E2M3 (0, 3)");
        }
    }

    @Test
    void savesNoBytesUnderATypeThatTheyAreNot() {
        NpyHeader header = new NpyHeader(1, ScalarDType.of(DTypeKind.VOID, 1), Shape.of(2), StorageOrder.C, 0, 2);
        NumpyArray array =
                new NumpyArray(Location.ofFile(null), header, ByteSources.ofHeap(ByteBuffer.wrap(new byte[2])));
        for (NumpyArray.Packed wrong : List.of(
                new NumpyArray.Packed("F4", Shape.of(2)),
                new NumpyArray.Packed("F32", Shape.of(2)),
                new NumpyArray.Packed("F5", Shape.of(4)))) {
            assertThatThrownBy(() -> Safetensors.save(directory.resolve("x.safetensors"), Map.of("a", array.as(wrong))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("its bytes are not those of");
        }
    }

    @Test
    void refusesHeadersThatDoNotFit(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("x.safetensors");
        for (byte[] bytes : new byte[][] {{}, {2, 0, 0, 0, 0, 0, 0}}) {
            assertRefused(Files.write(path, bytes), ErrorCode.MAGIC, allocator, ReadOptions.defaults());
        }
        for (long length : new long[] {3, 1000, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            byte[] bytes = ByteBuffer.allocate(10)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .put((byte) '{')
                    .put((byte) '}')
                    .array();
            assertRefused(Files.write(path, bytes), ErrorCode.HEADER_LENGTH, allocator, ReadOptions.defaults());
        }
        assertRefused(
                file(new byte[] {'{', (byte) 0xFF, '}'}, 0),
                ErrorCode.HEADER_ENCODING,
                allocator,
                ReadOptions.defaults());
        assertRefused(file(" {}", 0), ErrorCode.HEADER_SYNTAX, allocator, ReadOptions.defaults());
        assertRefused(file(new byte[] {'{', '}', 0}, 0), ErrorCode.HEADER_SYNTAX, allocator, ReadOptions.defaults());
        assertRefused(file("{'a':{'a':{'a':{}}}}", 0), ErrorCode.HEADER_KEYS, allocator, ReadOptions.defaults());
    }

    @Test
    void heedsTheLimits(BufferAllocator allocator) throws Exception {
        ReadLimits limits = ReadLimits.defaults();
        Path path = file("{" + PAIR + ",'b':{'dtype':'F32','shape':[1,1],'data_offsets':[8,12]}}", 12);
        assertRefused(path, ErrorCode.LIMIT, allocator, ReadOptions.defaults().withLimits(limits.withMembers(1)));
        assertRefused(path, ErrorCode.LIMIT, allocator, ReadOptions.defaults().withLimits(limits.withDimensions(1)));
        assertRefused(
                path,
                ErrorCode.HEADER_LENGTH,
                allocator,
                ReadOptions.defaults().withLimits(limits.withDirectoryBytes(50)));
    }

    @Test
    void endsInATypedErrorWhateverIsDamaged(BufferAllocator allocator) throws Exception {
        byte[] whole = Files.readAllBytes(file("{'__metadata__':{'k':'v'}," + PAIR + "}", 8));
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < Effort.of(600, 3000); i++) {
            byte[] damaged = Arrays.copyOf(whole, i % 3 == 0 ? random.nextInt(whole.length) : whole.length);
            for (int j = 0; j <= i % 4 && damaged.length > 0; j++) {
                damaged[random.nextInt(damaged.length)] =
                        (byte) (i % 2 == 0 ? random.nextInt() : "{}[],:\"0129F ".charAt(random.nextInt(13)));
            }
            Path path = Files.write(directory.resolve("x.safetensors"), damaged);
            try (NumpyArrays tensors = Safetensors.load(allocator, path)) {
                for (String name : tensors.names()) {
                    tensors.vector(name).close();
                }
            } catch (NpzException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(Effort.of(400, 2000));
    }

    @Test
    void refusesWhatTheFormatDoesNotHave() throws Exception {
        Path path = Files.writeString(directory.resolve("x.safetensors"), "before");
        for (Object value : new Object[] {new String[] {"a"}, new byte[][] {{1}}, java.time.LocalDate.EPOCH, "text"}) {
            assertThatThrownBy(() -> Safetensors.save(path, Map.of("w", value)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'w'");
        }
        assertThatThrownBy(() -> Safetensors.save(path, Map.of("__metadata__", new double[1])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(path).hasContent("before");
        assertThatThrownBy(() -> Safetensors.save(
                        directory.resolve("none").resolve("x"),
                        Map.of(),
                        Map.of(),
                        WriteOptions.defaults().withDurability(Durability.RENAME_ONLY)))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
    }

    private static void assertRefused(Path path, ErrorCode code, BufferAllocator allocator, ReadOptions options) {
        NpzException fault = catchThrowableOfType(
                NpzException.class,
                () -> Safetensors.load(allocator, path, options).close());
        assertThat(fault).isNotNull().hasMessageContaining("x.safetensors");
        assertThat(fault.code()).as(fault.getMessage()).isEqualTo(code);
    }

    @Test
    void loadsEveryGoldenFileByNpzToo(BufferAllocator allocator) throws Exception {
        Map<String, byte[]> files = SeedFiles.below("golden/safetensors", ".safetensors");
        assertThat(files).hasSizeGreaterThan(35);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = Files.write(directory.resolve(file.getKey()), file.getValue());
            Path again = directory.resolve("again.safetensors");
            try (NumpyArrays tensors = Npz.load(allocator, path)) {
                Safetensors.save(again, tensors);
                try (NumpyArrays second = Safetensors.load(allocator, again)) {
                    assertThat(second.names()).containsExactlyInAnyOrderElementsOf(tensors.names());
                    assertThat(second.metadata()).isEqualTo(tensors.metadata());
                    for (String name : tensors.names()) {
                        assertThat(second.get(name))
                                .hasToString(tensors.get(name).toString());
                        assertThat(second.get(name).buffer())
                                .isEqualTo(tensors.get(name).buffer());
                    }
                }
            }
        }
    }

    @Test
    void keepsSmallFloatsInVectorsAndFrames(BufferAllocator allocator) throws Exception {
        for (String type : List.of("bf16", "f8_e4m3", "f8_e5m2", "f8_e8m0")) {
            byte[] bytes = SeedFiles.below("golden/safetensors", "/" + type + ".safetensors", type + ".safetensors")
                    .get(type + ".safetensors");
            Path path = Files.write(directory.resolve("x.safetensors"), bytes);
            Path frames = directory.resolve("x.npz");
            Path again = directory.resolve("y.safetensors");
            try (NumpyArrays tensors = Safetensors.load(allocator, path);
                    FieldVector vector = tensors.vector("w")) {
                SmallFloat expected = tensors.get("w").smallFloat();
                assertThat(Vectors.smallFloat(vector.getField()))
                        .isEqualTo(expected)
                        .isNotNull();
                Safetensors.save(again, Map.of("w", vector));
                assertThat(again).hasBinaryContent(bytes);
                try (VectorSchemaRoot root = VectorSchemaRoot.of(vector)) {
                    Frames.write(root, frames, WriteOptions.defaults());
                    try (Frame frame = Frames.open(allocator, frames)) {
                        assertThat(Vectors.smallFloat(frame.schema().getFields().get(0)))
                                .isEqualTo(expected);
                        Safetensors.save(again, Map.of("w", frame.column(0)));
                        assertThat(again).hasBinaryContent(bytes);
                    }
                }
            }
        }
        assertThat(Vectors.smallFloat(Field.nullable("x", new ArrowType.FixedSizeBinary(2))))
                .isNull();
    }

    @Test
    void refusesNamesOfOtherFormats() {
        assertThatThrownBy(() -> Safetensors.save(directory.resolve("x.npz"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Frames.write");
        assertThatThrownBy(() -> Npz.save(directory.resolve("x.safetensors"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Safetensors.save");
    }
}
