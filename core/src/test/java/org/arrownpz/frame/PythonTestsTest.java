package org.arrownpz.frame;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Test;

/** Runs {@code python/tests}, with pyarrow where an interpreter has it. */
class PythonTestsTest {
    private static final Path PYTHON = Path.of("..", "python");

    @Test
    void passInPython() throws Exception {
        String python = Python.withPyarrow();
        assumeTrue(
                python != null || Python.hasNumpy(),
                "skipped: python3 has no NumPy, so that the Python reader's tests cannot run");
        Python.check(PYTHON, python == null ? "python3" : python, "-B", "-m", "unittest", "discover", "-s", "tests");
    }
}
