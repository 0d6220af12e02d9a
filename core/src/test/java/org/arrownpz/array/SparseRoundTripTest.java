package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A thousand matrices that SciPy writes, through lists, and back to SciPy. */
@ExtendWith(LeakCheck.class)
class SparseRoundTripTest {
    private static final int MATRICES = 1000;

    @Test
    void bothReadAndWriteTheSame(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(python != null, "skipped: no Python with the real clients");
        Files.createDirectory(directory.resolve("python"));
        Files.createDirectory(directory.resolve("java"));
        Path script = directory.resolve("sparse_files.py");
        try (InputStream source = Objects.requireNonNull(getClass().getResourceAsStream("/array/sparse_files.py"))) {
            Files.copy(source, script);
        }
        Python.check(directory, python, script, "write", directory, MATRICES);
        assumeTrue(Files.exists(directory.resolve("python").resolve("0.npz")), "skipped: Python has no SciPy");
        WriteOptions options = WriteOptions.defaults();
        for (int i = 0; i < MATRICES; i++) {
            String name = i + ".npz";
            try (SparseMatrix matrix = SparseMatrix.load(
                            allocator, directory.resolve("python").resolve(name));
                    VectorSchemaRoot lists = matrix.lists()) {
                int dimension = matrix.format() == SparseMatrix.Format.CSR ? 0 : 1;
                assertThat((long) lists.getRowCount()).isEqualTo(matrix.shape()[dimension]);
                SparseMatrix.save(directory.resolve("java").resolve(name), lists, options);
            }
        }
        Python.check(directory, python, script, "check", directory, MATRICES);
    }
}
