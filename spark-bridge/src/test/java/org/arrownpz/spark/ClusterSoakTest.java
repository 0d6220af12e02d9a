package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone cluster on loopback, every part a JVM of its own: a master and two workers, of which one is killed while
 * it packs. {@code SPARK_HOME} is made of links to the jars of the class path.
 */
@Tag("soak")
class ClusterSoakTest {
    private static final int FILES = 16;
    private static final int ROWS = 280_000;
    private static final int TRIPS = 100_000;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

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
            for (Process process : processes) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            // JUnit removes links out of its directory as well, but warns of each.
            for (Path path : classPath()) {
                Files.deleteIfExists(home.resolve("jars").resolve(path.getFileName()));
            }
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

    private Process daemon(String name, String host, Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-Xmx256m", "-cp", home.resolve("jars") + "/*"));
        command.addAll(List.of(arguments));
        return start(name, host, home, command, false);
    }

    private Process start(String name, String host, Path home, List<String> arguments, boolean piped) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        for (String opened : List.of(
                "java.lang",
                "java.lang.invoke",
                "java.lang.reflect",
                "java.io",
                "java.net",
                "java.nio",
                "java.util",
                "java.util.concurrent",
                "java.util.concurrent.atomic",
                "jdk.internal.ref",
                "sun.nio.ch",
                "sun.nio.cs",
                "sun.security.action",
                "sun.util.calendar")) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.addAll(newerFlags());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of("SPARK_HOME", home.toString(), "SPARK_SCALA_VERSION", "2.13", "SPARK_LOCAL_IP", host));
        File log = directory.resolve(name + ".log").toFile();
        builder.redirectError(log);
        if (!piped) {
            builder.redirectOutput(log);
        }
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static List<String> newerFlags() {
        return Runtime.version().feature() < 24
                ? List.of()
                : List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    private static boolean isOurs(Path path) {
        return Files.isDirectory(path) || path.getFileName().toString().startsWith("arrow-npz-");
    }

    private Path sparkHome() throws Exception {
        Path jars = Files.createDirectories(directory.resolve("home/jars"));
        for (Path path : classPath()) {
            if (path.toString().endsWith(".jar") && !isOurs(path)) {
                Files.createSymbolicLink(jars.resolve(path.getFileName()), path.toAbsolutePath());
            }
        }
        return jars.getParent();
    }

    // This module, core and the job in one jar, as a user would build it.
    private Path applicationJar() throws Exception {
        Path jar = directory.resolve("application.jar");
        Set<String> taken = new HashSet<>();
        try (OutputStream bytes = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(bytes)) {
            for (Path path : classPath()) {
                if (Files.isDirectory(path)) {
                    Files.walkFileTree(path, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws java.io.IOException {
                            String name = path.relativize(file).toString().replace(File.separatorChar, '/');
                            if (taken.add(name)) {
                                out.putNextEntry(new JarEntry(name));
                                Files.copy(file, out);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
                } else if (isOurs(path)) {
                    try (JarInputStream in = new JarInputStream(Files.newInputStream(path))) {
                        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                            if (!entry.isDirectory() && taken.add(entry.getName())) {
                                out.putNextEntry(new JarEntry(entry.getName()));
                                in.transferTo(out);
                            }
                        }
                    }
                }
            }
        }
        return jar;
    }
}
