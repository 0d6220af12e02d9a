package org.arrownpz.spark;

import java.io.File;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * Parts of a cluster on loopback, every one a JVM of its own. {@code SPARK_HOME} is made of links to the jars of the class
 * path.
 */
abstract class ClusterParts {
    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    final Process daemon(String name, String host, Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-Xmx256m", "-cp", home.resolve("jars") + "/*"));
        command.addAll(List.of(arguments));
        return start(name, host, home, command, false);
    }

    final Process start(String name, String host, Path home, List<String> arguments, boolean piped) throws Exception {
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

    static List<String> newerFlags() {
        return Runtime.version().feature() < 24
                ? List.of()
                : List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    }

    static int freePort() throws Exception {
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

    final Path sparkHome() throws Exception {
        Path jars = Files.createDirectories(directory.resolve("home/jars"));
        for (Path path : classPath()) {
            if (path.toString().endsWith(".jar") && !isOurs(path)) {
                Files.createSymbolicLink(jars.resolve(path.getFileName()), path.toAbsolutePath());
            }
        }
        return jars.getParent();
    }

    // This module, core and the job in one jar, as a user would build it.
    final Path applicationJar() throws Exception {
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

    /** Ends all processes, with those that they started. */
    final void end(Path home) throws Exception {
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
