package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.SmallFloat;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** safetensors' own Python library and this one write the same bytes, and read the same values from them. */
@ExtendWith(LeakCheck.class)
class SafetensorsRoundTripTest {
    private static final int PER_FILE = 20;

    @Test
    void bothReadAndWriteTheSame(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 200);
    }

    @Test
    @Tag("soak")
    void bothReadAndWriteAThousandTensors(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 1000);
    }

    private static void run(BufferAllocator allocator, Path directory, int tensors) throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(python != null, "skipped: no Python with the real clients");
        for (String part : List.of("python", "java", "floats", "turned")) {
            Files.createDirectory(directory.resolve(part));
        }
        Path script = Python.script(directory, "/array/safetensors_files.py");
        Python.check(directory, python, script, "write", directory, tensors);
        assumeTrue(
                Files.exists(directory.resolve("python").resolve("0.safetensors")),
                "skipped: Python has no safetensors or no ml_dtypes");
        for (int i = 0; i < tensors / PER_FILE; i++) {
            takeAndGive(allocator, directory, i);
        }
        for (SmallFloat type : SmallFloat.values()) {
            if (type.bytes() == 1) {
                eightBits(allocator, directory, type);
            }
        }
        Python.check(directory, python, script, "check", directory);
    }

    private static void takeAndGive(BufferAllocator allocator, Path directory, int number) throws Exception {
        Path file = directory.resolve("python").resolve(number + ".safetensors");
        Path floats = directory.resolve("floats");
        try (NumpyArrays tensors = Safetensors.load(allocator, file);
                NumpyArrays expected = Npz.load(allocator, floats.resolve(number + ".npz"))) {
            assertThat(tensors.size()).isEqualTo(20);
            String[] names = Files.readString(floats.resolve(number + ".txt")).split("\0", -1);
            for (int i = 0; i < expected.size(); i++) {
                NumpyArray small = tensors.get(names[i]);
                assertThat(small.smallFloat()).isEqualTo(SmallFloat.BFLOAT16);
                assertThat(bits(small.floats()))
                        .isEqualTo(bits(expected.get("_" + i).floats()));
            }
            Safetensors.save(directory.resolve("java").resolve(number + ".safetensors"), tensors);
        }
        try (NumpyArrays arrays =
                Npz.load(allocator, directory.resolve("turned").resolve(number + ".npz"))) {
            Safetensors.save(directory.resolve("turned").resolve(number + ".safetensors"), arrays);
        }
    }

    private static void eightBits(BufferAllocator allocator, Path directory, SmallFloat type) throws Exception {
        Path file = directory.resolve("floats").resolve(type.mlName() + ".npy");
        try (NumpyArray expected = Npy.load(allocator, file)) {
            float[] values = expected.floats();
            for (int i = 0; i < values.length; i++) {
                assertThat(Float.valueOf(type.toFloat(i)))
                        .as("%s of %d", type, i)
                        .isEqualTo(Float.valueOf(values[i]));
            }
        }
    }

    // NaN is NaN: which one, a conversion may choose.
    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }
}
