package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private String python() throws Exception {
        String python = System.getenv("ARROW_NPZ_CLIENTS");
        assumeTrue(python != null, "no Python is named");
        Process there = new ProcessBuilder(python, "-c", "import pyspark, pyarrow")
                .redirectErrorStream(true)
                .start();
        there.getInputStream().readAllBytes();
        assumeTrue(there.waitFor() == 0, "this Python has no pyspark");
        return python;
    }

    private List<String> run(String python, Path script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(python, script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYSPARK_PYTHON", python);
        builder.environment()
                .put("PYSPARK_SUBMIT_ARGS", "--master local[2] --jars " + applicationJar() + " pyspark-shell");
        builder.redirectError(directory.resolve("log").toFile());
        return output(builder).lines().toList();
    }

    @Test
    void theExampleRuns() throws Exception {
        List<String> lines = run(
                python(),
                Path.of("examples", "readings.py"),
                directory.resolve("readings").toString());
        assertThat(lines)
                .contains(
                        "rows 10 ['sensor', 'time', 'value']",
                        "events 1000 249750.0",
                        "means [247.5, 248.0, 248.5]",
                        "streamed 10");
    }

    /** The Python of docs/spark.md, between rows that are there before and a look at what came of them. */
    @Test
    void theTextRuns() throws Exception {
        String python = python();
        Path script = Files.writeString(
                directory.resolve("text.py"), """
                from pyspark.sql import SparkSession
                spark = SparkSession.builder.getOrCreate()
                spark.sql("SELECT 1L sensor, 0.5D value").write.format("npz").save("%1$s/incoming")
                %2$s
                for query in spark.streams.active:
                    query.processAllAvailable()
                    query.stop()
                print("found", spark.read.format("npz").load("%1$s/readings").collect())
                """.formatted(directory, SparkDocumentTest.code("python", directory)));
        assertThat(run(python, script)).contains("found [Row(sensor=1, value=0.5)]");
    }
}
