package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A cluster of two executors, each a process: one is killed in the middle of a write, of packing, of a dynamic overwrite
 * and of a stream. Results are the same, and nothing is left. What happens is in {@link KillsJob}.
 */
class KillsTest extends ClusterParts {
    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    @Tag("nightly")
    void executorsAreKilledInTheMiddle() throws Exception {
        run(1, "org.apache.spark.serializer.JavaSerializer");
    }

    @Test
    @Tag("soak")
    void executorsAreKilledTenTimesEachUnderJava() throws Exception {
        run(10, "org.apache.spark.serializer.JavaSerializer");
    }

    @Test
    @Tag("soak")
    void executorsAreKilledTenTimesEachUnderKryo() throws Exception {
        run(10, "org.apache.spark.serializer.KryoSerializer");
    }

    private void run(int kills, String serializer) throws Exception {
        Assumptions.assumeFalse(SparkCheck.lacksHadoop(), "clusters and checkpoints need a Hadoop that runs");
        Path home = sparkHome();
        Path application = applicationJar();
        List<String> lines = new ArrayList<>();
        try {
            Process driver = start(
                    "driver",
                    "127.0.0.1",
                    home,
                    List.of(
                            "-Xmx768m",
                            "-Dspark.master=local-cluster[2,1,1024]",
                            "-Dspark.jars=" + application,
                            "-Dspark.executor.memory=600m",
                            "-Dspark.serializer=" + serializer,
                            "-Dspark.ui.enabled=false",
                            "-Dspark.driver.host=127.0.0.1",
                            "-Dspark.driver.bindAddress=127.0.0.1",
                            "-Dspark.sql.shuffle.partitions=6",
                            "-Dspark.task.maxFailures=20",
                            "-Dspark.deploy.maxExecutorRetries=-1",
                            "-Dspark.local.dir=" + directory.resolve("local"),
                            "-Dspark.executor.extraJavaOptions=" + String.join(" ", newerFlags()),
                            "-cp",
                            application + File.pathSeparator + home.resolve("jars") + "/*",
                            KillsJob.class.getName(),
                            directory.resolve("data").toString(),
                            "" + kills),
                    true);
            try (BufferedReader output = driver.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(lines::add);
            }
            String all = String.join("\n", lines);
            if (driver.waitFor() != 0) {
                throw new AssertionError(all + "\n" + tail(directory.resolve("driver.log")));
            }
            for (String scenario : List.of("write", "packBy", "overwrite", "stream")) {
                assertThat(lines)
                        .as(all)
                        .filteredOn(line -> line.equals("SAME " + scenario))
                        .hasSize(kills);
            }
            assertThat(lines).as(all).contains("KILLED " + 4 * kills);
        } finally {
            end(home);
        }
    }

    private static String tail(Path log) throws Exception {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
