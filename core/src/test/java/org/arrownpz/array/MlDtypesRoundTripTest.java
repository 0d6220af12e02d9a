package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random arrays of every float that ml_dtypes adds to NumPy, as np.savez saves them: named by options, their values are
 * those of ml_dtypes, and NumPy reads the same bits in the same order from what is saved of the arrays and of their vectors.
 */
@ExtendWith(LeakCheck.class)
class MlDtypesRoundTripTest {
    private static final int PER_FILE = 10;
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @Test
    void keepsBitsValuesAndOrder(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 100);
    }

    @Test
    @Tag("soak")
    void keepsBitsValuesAndOrderOfAThousandArrays(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 1000);
    }

    private static void run(BufferAllocator allocator, Path directory, int count) throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(python != null, "skipped: no Python with the real clients");
        for (String part : List.of("python", "floats", "arrays", "vectors")) {
            Files.createDirectory(directory.resolve(part));
        }
        Path script = Python.script(directory, "/array/small_floats.py");
        Python.check(directory, python, script, "write", directory, count);
        assumeTrue(Files.exists(directory.resolve("python").resolve("0.npz")), "skipped: Python has no ml_dtypes");
        for (int number = 0; number < count / PER_FILE; number++) {
            takeAndGive(allocator, directory, number);
        }
        Python.check(directory, python, script, "check", directory, count);
    }

    private static void takeAndGive(BufferAllocator allocator, Path directory, int number) throws Exception {
        String name = number + ".npz";
        List<String> types = Files.readAllLines(directory.resolve("python").resolve(number + ".txt"));
        ReadOptions options = ReadOptions.defaults();
        for (int i = 0; i < types.size(); i++) {
            options = options.withSmallFloat("a" + i, Objects.requireNonNull(SmallFloat.ofName(types.get(i))));
        }
        Map<String, FieldVector> vectors = new LinkedHashMap<>();
        try (NumpyArrays arrays =
                        Npz.load(allocator, directory.resolve("python").resolve(name), options);
                NumpyArrays floats =
                        Npz.load(allocator, directory.resolve("floats").resolve(name))) {
            for (String key : arrays.names()) {
                NumpyArray array = arrays.get(key);
                assertThat(array.smallFloat()).isNotNull();
                assertThat(bits(array.floats()))
                        .as("%s of %s", key, name)
                        .isEqualTo(bits(floats.get(key).floats()));
                FieldVector vector = arrays.vector(key);
                vectors.put(key, vector);
                assertThat(Vectors.smallFloat(vector.getField())).isEqualTo(array.smallFloat());
            }
            Npz.save(directory.resolve("arrays").resolve(name), arrays.toMap(), FAST);
            Npz.save(directory.resolve("vectors").resolve(name), vectors, FAST);
        } finally {
            vectors.values().forEach(FieldVector::close);
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
