package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Matrices that SciPy writes, through lists or, of the other formats, as their arrays, and back to SciPy. */
@ExtendWith(LeakCheck.class)
class SparseRoundTripTest {
    @Test
    void bothReadAndWriteTheSame(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 140);
    }

    @Test
    @Tag("soak")
    void bothReadAndWriteAThousandMatrices(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        run(allocator, directory, 1400);
    }

    private static void run(BufferAllocator allocator, Path directory, int matrices) throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(python != null, "skipped: no Python with the real clients");
        Files.createDirectory(directory.resolve("python"));
        Files.createDirectory(directory.resolve("java"));
        Path script = Python.script(directory, "/array/sparse_files.py");
        Python.check(directory, python, script, "write", directory, matrices);
        assumeTrue(Files.exists(directory.resolve("python").resolve("0.npz")), "skipped: Python has no SciPy");
        WriteOptions options = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
        for (int i = 0; i < matrices; i++) {
            String name = i + ".npz";
            Path target = directory.resolve("java").resolve(name);
            try (SparseMatrix matrix =
                    SparseMatrix.load(allocator, directory.resolve("python").resolve(name))) {
                boolean csr = matrix.format() == SparseMatrix.Format.CSR;
                if (!csr && matrix.format() != SparseMatrix.Format.CSC) {
                    Npz.save(target, matrix.arrays().toMap(), options);
                    continue;
                }
                try (VectorSchemaRoot lists = matrix.lists()) {
                    assertThat((long) lists.getRowCount()).isEqualTo(matrix.shape()[csr ? 0 : 1]);
                    SparseMatrix.save(target, lists, options);
                }
            }
        }
        Python.check(directory, python, script, "check", directory, matrices);
    }
}
