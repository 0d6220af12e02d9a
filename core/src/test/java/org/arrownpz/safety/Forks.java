package org.arrownpz.safety;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.arrownpz.testing.Effort;

/** Runs a main class of the tests in a JVM of its own, with the class path and the Java of this one. */
public final class Forks {
    private static final long TIMEOUT_MINUTES = 60;

    private Forks() {}

    /** What came of it: the exit code (134 when a signal ended the JVM), and both outputs as lines. */
    public record Outcome(int exitCode, List<String> lines) {}

    public static Outcome run(Path scratch, Class<?> main, List<String> jvmFlags, String... arguments)
            throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(jvmFlags);
        flags.add("-XX:ErrorFile=" + scratch.resolve("hs_err.txt"));
        Path output = scratch.resolve("output.txt");
        Process process = new ProcessBuilder(command(main, flags, arguments))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("no end after " + TIMEOUT_MINUTES + " minutes: " + read(output));
        }
        return new Outcome(process.exitValue(), read(output));
    }

    /** What starts it. */
    public static List<String> command(Class<?> main, List<String> jvmFlags, String... arguments) {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        // No core dumps of what a failing test maps.
        command.add("-XX:-CreateCoredumpOnCrash");
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (!Effort.NIGHTLY) {
            // What runs for a second is not worth the slower compiler.
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", path, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> read(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
