package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays of archives, directories and single files that are opened without reading more than is asked for. */
@ExtendWith(LeakCheck.class)
class OpenedArraysTest {
    @TempDir
    Path directory;

    private final Map<String, Object> model = new LinkedHashMap<>();

    @BeforeEach
    void makeModel() {
        model.put("weights", new float[][] {{1, 2, 3}, {4, 5, 6}});
        model.put("bias", new double[] {0.5, -0.5});
        model.put("epoch", 7L);
    }

    private static void holdsTheModel(NumpyArrays arrays) throws NpzException {
        assertThat(arrays.names()).containsExactlyInAnyOrder("weights", "bias", "epoch");
        assertThat(arrays.get("weights").shape()).hasToString("(2, 3)");
        assertThat(arrays.get("weights").floats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(arrays.get("bias").getDouble(1)).isEqualTo(-0.5);
        assertThat(arrays.get("epoch").getLong()).isEqualTo(7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> arrays.get("wieghts"))
                .withMessageContaining("there is no array 'wieghts'")
                .withMessageContaining("weights");
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void opensArchives(Mapping mapping, BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("model.npz");
        Npz.save(path, model);
        for (Verify verify : new Verify[] {Verify.STRUCTURE, Verify.CRC}) {
            ReadOptions options = ReadOptions.defaults().withMapping(mapping).withVerify(verify);
            try (NumpyArrays arrays = Npz.open(allocator, path, options)) {
                assertThat(arrays.names()).containsExactly("weights", "bias", "epoch");
                holdsTheModel(arrays);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void opensDirectoriesOfArrays(Mapping mapping, BufferAllocator allocator) throws Exception {
        for (Map.Entry<String, Object> array : model.entrySet()) {
            Npy.save(directory.resolve(array.getKey() + ".npy"), array.getValue());
        }
        Npy.save(directory.resolve("long.npy"), new double[10_000]);
        Files.delete(directory.resolve("long.npy"));
        Files.writeString(directory.resolve("notes.txt"), "no array");
        try (NumpyArrays arrays =
                Npz.open(allocator, directory, ReadOptions.defaults().withMapping(mapping))) {
            assertThat(arrays.names()).containsExactly("bias", "epoch", "weights");
            holdsTheModel(arrays);
        }
    }

    @Test
    void opensOneArrayUnderTheNameThatNumpyGivesIt(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("array.npy");
        Npy.save(path, new int[] {1, 2});
        NumpyArray array;
        try (NumpyArrays arrays = Npz.open(allocator, path)) {
            assertThat(arrays.names()).containsExactly("arr_0");
            array = arrays.get("arr_0");
            array.close();
            assertThat(arrays.get("arr_0").ints()).containsExactly(1, 2);
        }
        assertThatIllegalStateException().isThrownBy(array::ints);
    }

    @Test
    void opensSafetensors(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("model.safetensors");
        Safetensors.save(path, model);
        try (NumpyArrays arrays = Npz.open(allocator, path)) {
            holdsTheModel(arrays);
        }
    }

    @Test
    void inflatesNoMoreThanHeadersUntilElementsAreRead(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("deflated.npz");
        double[] noise = ThreadLocalRandom.current().doubles(100_000).toArray();
        Npz.save(path, Map.of("noise", noise), WriteOptions.defaults().deflate(6));
        try (NumpyArrays arrays = Npz.open(allocator, path)) {
            NumpyArray array = arrays.get("noise");
            assertThat(array.shape()).hasToString("(100000,)");
            assertThat(allocator.getAllocatedMemory()).isZero();
            assertThat(array.getDouble(99_999)).isEqualTo(noise[99_999]);
            assertThat(allocator.getAllocatedMemory()).isPositive();
        }
    }

    @Test
    void tellsOfDamageWhenTheArrayIsAskedFor(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("model.npz");
        Npz.save(path, model);
        byte[] bytes = Files.readAllBytes(path);
        // The magic of the second array's header.
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("NUMPY", text.indexOf("NUMPY") + 1)] = 'X';
        Files.write(path, bytes);
        try (NumpyArrays arrays = Npz.open(allocator, path)) {
            assertThat(arrays.get("weights").shape()).hasToString("(2, 3)");
            NpzException fault = catchThrowableOfType(NpzException.class, () -> arrays.get("bias"));
            assertThat(fault.code()).isEqualTo(ErrorCode.MAGIC);
        }
    }

    @Test
    void refusesMoreArraysInADirectoryThanTheLimit(BufferAllocator allocator) throws Exception {
        for (int i = 0; i < 3; i++) {
            Npy.save(directory.resolve(i + ".npy"), new int[] {i});
        }
        ReadOptions two = ReadOptions.defaults()
                .withLimits(ReadOptions.defaults().limits().withMembers(2));
        NpzException fault = catchThrowableOfType(NpzException.class, () -> Npz.open(allocator, directory, two));
        assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
    }
}
