package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example for PySpark, where {@code ARROW_NPZ_CLIENTS} is a Python that has it. */
class PySparkTest extends ClusterParts {
    private static String output(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }

    @Test
    void theExampleRuns() throws Exception {
        String python = System.getenv("ARROW_NPZ_CLIENTS");
        assumeTrue(python != null, "no Python is named");
        Process there = new ProcessBuilder(python, "-c", "import pyspark, pyarrow")
                .redirectErrorStream(true)
                .start();
        there.getInputStream().readAllBytes();
        assumeTrue(there.waitFor() == 0, "this Python has no pyspark");
        ProcessBuilder example = new ProcessBuilder(
                python,
                Path.of("examples", "readings.py").toString(),
                directory.resolve("readings").toString());
        example.environment().put("PYSPARK_PYTHON", python);
        example.environment()
                .put("PYSPARK_SUBMIT_ARGS", "--master local[2] --jars " + applicationJar() + " pyspark-shell");
        example.redirectError(directory.resolve("log").toFile());
        List<String> lines = output(example).lines().toList();
        assertThat(lines)
                .contains(
                        "rows 10 ['sensor', 'time', 'value']",
                        "events 1000 249750.0",
                        "means [247.5, 248.0, 248.5]",
                        "streamed 10");
    }
}
