package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A standalone cluster on loopback, every part a JVM of its own: a master and two workers, of which one is killed while
 * it packs. {@code SPARK_HOME} is made of links to the jars of the class path.
 */
@Tag("soak")
class ClusterSoakTest extends ClusterParts {
    private static final int FILES = 16;
    private static final int ROWS = 280_000;
    private static final int TRIPS = 100_000;

    @Test
    void packsTheSameWhenAWorkerIsKilled() throws Exception {
        EventFiles.write(directory.resolve("events"), FILES, ROWS, TRIPS);
        Path home = sparkHome();
        Path application = applicationJar();
        int port = freePort();
        String master = "spark://127.0.0.1:" + port;
        try {
            daemon(
                    "master",
                    "127.0.0.1",
                    home,
                    "org.apache.spark.deploy.master.Master",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "" + port,
                    "--webui-port",
                    "0");
            worker(1, home, master);
            Process victim = worker(2, home, master);
            List<String> lines = drive(home, application, master, victim);
            assertThat(lines).as(String.join("\n", lines)).anyMatch(line -> line.startsWith("RESULT 2"));
            String first = result(lines, 1);
            assertThat(result(lines, 2)).isEqualTo(first);
            assertThat(first).contains("," + (long) FILES * ROWS + ",");
            assertThat(lines).contains("LOST 1");
            lines.stream().filter(line -> line.matches("(RESULT|TIME|LOST).*")).forEach(System.out::println);
        } finally {
            end(home);
        }
    }

    private static String result(List<String> lines, int run) {
        return lines.stream()
                .filter(line -> line.startsWith("RESULT " + run))
                .findFirst()
                .orElseThrow()
                .substring(9);
    }

    // The second run is under way when six of its sixteen reading tasks have ended.
    private List<String> drive(Path home, Path application, String master, Process victim) throws Exception {
        Process driver = start(
                "driver",
                "127.0.0.1",
                home,
                List.of(
                        "-Xmx1g",
                        "-Dspark.master=" + master,
                        "-Dspark.jars=" + application,
                        "-Dspark.executor.memory=600m",
                        "-Dspark.executor.cores=1",
                        "-Dspark.ui.enabled=false",
                        "-Dspark.driver.host=127.0.0.1",
                        "-Dspark.driver.bindAddress=127.0.0.1",
                        "-Dspark.sql.shuffle.partitions=8",
                        "-Dspark.local.dir=" + directory.resolve("local"),
                        "-Dspark.executor.extraJavaOptions=" + String.join(" ", newerFlags()),
                        "-cp",
                        application + File.pathSeparator + home.resolve("jars") + "/*",
                        ClusterJob.class.getName(),
                        directory.resolve("events").toString(),
                        directory.toString()),
                true);
        List<String> lines = new ArrayList<>();
        int secondRun = -1;
        int tasks = 0;
        try (BufferedReader output = driver.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.startsWith("TASK ")) {
                    tasks = Integer.parseInt(line.substring(5));
                } else if (line.equals("RUN 2")) {
                    secondRun = tasks;
                }
                if (secondRun >= 0 && tasks == secondRun + 6 && victim.isAlive()) {
                    victim.descendants().forEach(ProcessHandle::destroyForcibly);
                    victim.destroyForcibly();
                }
            }
        }
        assertThat(driver.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }

    private Process worker(int number, Path home, String master) throws Exception {
        // Hosts of their own: with one host Spark would drop the survivor's shuffle files too.
        String host = "127.0.0." + (number + 1);
        return daemon(
                "worker" + number,
                host,
                home,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                host,
                "--webui-port",
                "0",
                "-c",
                "1",
                "-m",
                "1g",
                "-d",
                directory.resolve("worker" + number).toString(),
                master);
    }
}
