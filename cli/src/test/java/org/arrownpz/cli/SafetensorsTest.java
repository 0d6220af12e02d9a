package org.arrownpz.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of model weights are converted, listed and checked like archives of arrays. */
class SafetensorsTest {
    private final BufferAllocator allocator = new RootAllocator();

    @TempDir
    Path directory;

    private Path archive;
    private Path tensors;

    @BeforeEach
    void writeArrays() throws IOException {
        archive = directory.resolve("arrays.npz");
        tensors = directory.resolve("model.safetensors");
        Map<String, Object> arrays = new LinkedHashMap<>();
        arrays.put("bias", new float[] {0.5f, 1});
        arrays.put("weights", new double[][] {{1, 2, 3}, {4, 5, 6}});
        arrays.put(
                "half",
                ArrayContent.of(
                        java.nio.ByteBuffer.wrap(new byte[] {0, 63}),
                        ScalarDType.of(SmallFloat.BFLOAT16),
                        Shape.of(1)));
        Npz.save(archive, arrays);
    }

    @AfterEach
    void everythingIsGivenBack() {
        allocator.close();
    }

    @Test
    void goesFromNpzToTensorsAndBack() throws IOException {
        assertThat(Cli.run("convert", archive, tensors, "--dtype", "half=bfloat16")
                        .code())
                .isZero();
        try (NumpyArrays read = Safetensors.load(allocator, tensors)) {
            assertThat(read.names()).containsExactly("weights", "bias", "half");
            assertThat(read.get("weights").doubles()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(read.get("half").floats()).containsExactly(0.5f);
        }
        Path back = directory.resolve("back.npz");
        assertThat(Cli.run("convert", tensors, back).code()).isZero();
        try (NumpyArrays read = Npz.load(allocator, back)) {
            assertThat(read.get("weights").to(double[][].class)).isDeepEqualTo(new double[][] {{1, 2, 3}, {4, 5, 6}});
            assertThat(read.get("half")).hasToString("|V2 (1,) C");
        }
    }

    @Test
    void keepsMetadataAndTypesOfChosenTensors() throws IOException {
        Path again = directory.resolve("again.safetensors");
        Cli.run("convert", archive, tensors, "--dtype", "half=bfloat16");
        try (NumpyArrays read = Safetensors.load(allocator, tensors)) {
            Safetensors.save(again, read.toMap(), Map.of("format", "np"), WriteOptions.defaults());
        }
        assertThat(Cli.run("convert", again, tensors, "--force", "-c", "half,bias")
                        .code())
                .isZero();
        try (NumpyArrays read = Safetensors.load(allocator, tensors)) {
            assertThat(read.names()).containsExactly("bias", "half");
            assertThat(read.metadata()).containsEntry("format", "np");
            assertThat(read.get("half").smallFloat()).isEqualTo(SmallFloat.BFLOAT16);
        }
    }

    @Test
    void listsTensorsWithTheirOwnTypes() {
        Cli.run("convert", archive, tensors, "--dtype", "half=bfloat16");
        Cli info = Cli.run("info", "--json", tensors);
        assertThat(info.out())
                .contains("\"kind\":\"safetensors\"")
                .contains("\"name\":\"half\",\"dtype\":\"bfloat16\",\"shape\":[1]")
                .contains("\"name\":\"weights\",\"dtype\":\"<f8\",\"shape\":[2,3]");
    }

    @Test
    @DisplayName("C4: tensors of one length are a table; others are named, with what to do")
    void showsTensorsOfOneLengthAsATable() throws IOException {
        Safetensors.save(tensors, Map.of("a", new double[] {1, 2}, "b", new long[][] {{3, 4}, {5, 6}}));
        assertThat(Cli.run("head", tensors).out()).isEqualTo("{\"b\":[3,4],\"a\":1.0}\n{\"b\":[5,6],\"a\":2.0}\n");
        assertThat(Cli.run("schema", tensors).out()).contains("b: ", "a: FloatingPoint(DOUBLE)");
        assertThat(Cli.run("head", "--columns", "a", tensors).out()).isEqualTo("{\"a\":1.0}\n{\"a\":2.0}\n");

        Safetensors.save(tensors, Map.of("a", new double[] {1, 2}, "c", new float[] {7}));
        Cli refused = Cli.run("cat", tensors);
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err())
                .contains("FRAME_SHAPE")
                .contains("'a' (2,), 'c' (1,)")
                .contains("--array NAME");
        assertThat(Cli.run("head", "--array", "c", tensors).out()).isEqualTo("{\"c\":7.0}\n");
    }

    @Test
    @DisplayName("C4: values of four bits")
    void listsAndKeepsValuesOfLessThanAByte() throws IOException {
        byte[] header = "{\"w\":{\"dtype\":\"F4\",\"shape\":[2,4],\"data_offsets\":[0,4]}}".getBytes(UTF_8);
        byte[] file = new byte[Long.BYTES + header.length + 4];
        file[0] = (byte) header.length;
        System.arraycopy(header, 0, file, Long.BYTES, header.length);
        file[file.length - 1] = 0x21;
        Files.write(tensors, file);
        assertThat(Cli.run("info", "--json", tensors).out())
                .contains("\"name\":\"w\",\"dtype\":\"F4\",\"shape\":[2,4]");
        Path again = directory.resolve("again.safetensors");
        assertThat(Cli.run("convert", tensors, again).code()).isZero();
        try (NumpyArrays read = Safetensors.load(allocator, again)) {
            assertThat(read.get("w").packed()).hasToString("F4 (2, 4)");
            assertThat(read.get("w").buffer().get(3)).isEqualTo((byte) 0x21);
        }
    }

    @Test
    void verifiesFiles() throws IOException {
        Cli.run("convert", archive, tensors, "--dtype", "half=bfloat16");
        assertThat(Cli.run("verify", tensors).code()).isZero();
        byte[] bytes = Files.readAllBytes(tensors);
        Files.write(tensors, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        Cli damaged = Cli.run("verify", tensors);
        assertThat(damaged.code()).isNotZero();
        assertThat(damaged.out()).contains("DATA_TRUNCATED");
    }

    @Test
    void saysWhatCannotBe() throws IOException {
        Cli untyped = Cli.run("convert", archive, tensors);
        assertThat(untyped.code()).isNotZero();
        assertThat(untyped.err()).contains("'half'").contains("|V2");
        assertThat(tensors).doesNotExist();
        assertThat(Cli.run("convert", archive, tensors, "--dtype", "half=float7")
                        .err())
                .contains("'float7'");
        assertThat(Cli.run("convert", archive, directory.resolve("x.npz"), "--dtype", "half=bfloat16")
                        .err())
                .contains("--dtype");
        Files.writeString(directory.resolve("t.csv"), "a\n1\n");
        assertThat(Cli.run("convert", directory.resolve("t.csv"), tensors).err())
                .contains("a table is none");
        Cli.run("convert", archive, tensors, "--dtype", "half=bfloat16");
        assertThat(Cli.run("cat", tensors).err()).contains("convert it to .npz");
    }
}
