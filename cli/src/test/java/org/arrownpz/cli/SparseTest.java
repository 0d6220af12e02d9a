package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.array.Npz;
import org.arrownpz.array.SparseMatrix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SciPy's sparse matrices as tables of lists. */
class SparseTest {
    @TempDir
    Path directory;

    private Path matrix;
    private final Map<String, Object> arrays = new LinkedHashMap<>();

    @BeforeEach
    void writeMatrix() throws Exception {
        matrix = directory.resolve("m.npz");
        arrays.put("indices", new int[] {1, 3, 0});
        arrays.put("indptr", new int[] {0, 2, 2, 3});
        arrays.put("format", "csr");
        arrays.put("shape", new long[] {3, 4});
        arrays.put("data", new double[] {1.5, 2.5, 3.5});
        Npz.save(matrix, arrays);
    }

    @Test
    void becomesListsInOtherFormatsAndAMatrixAgain() throws Exception {
        assertThat(Cli.run("cat", "--json", matrix).out()).contains("{\"indices\":[1,3],\"data\":[1.5,2.5]}");
        for (String name : new String[] {"m.feather", "m.parquet"}) {
            Path table = directory.resolve(name);
            Path back = directory.resolve(name + ".npz");
            assertThat(Cli.run("convert", matrix, table).err()).isEmpty();
            assertThat(Cli.run("convert", table, back).err()).isEmpty();
            try (BufferAllocator allocator = new RootAllocator();
                    SparseMatrix read = SparseMatrix.load(allocator, back)) {
                assertThat(read.shape()).containsExactly(3, 4);
                assertThat(read.arrays().get("indptr").ints()).containsExactly(0, 2, 2, 3);
                assertThat(read.arrays().get("indices").ints()).containsExactly(1, 3, 0);
                assertThat(read.arrays().get("data").doubles()).containsExactly(1.5, 2.5, 3.5);
            }
        }
    }

    @Test
    void refusesDamagedMatricesAndOtherFormatsAsTables() throws Exception {
        arrays.put("indices", new int[] {1, 4, 0});
        Path damaged = directory.resolve("damaged.npz");
        Npz.save(damaged, arrays);
        Cli bad = Cli.run("cat", damaged);
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.err()).contains("VALUE").contains("lies outside of the matrix");
        arrays.put("format", "bsr");
        Path blocks = directory.resolve("blocks.npz");
        Npz.save(blocks, arrays);
        assertThat(Cli.run("cat", blocks).err()).contains("FRAME_SHAPE");
        assertThat(Cli.run("head", "--json", "-n", 1, "--array", "data", blocks).out())
                .contains("1.5");
    }
}
