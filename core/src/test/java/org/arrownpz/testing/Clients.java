package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The scripts of {@code clients/}, run by the Python that {@code ARROW_NPZ_CLIENTS} names: one with pyarrow, pandas, Polars
 * and DuckDB. A build downloads none, and goes without where the variable is not set.
 */
public final class Clients {
    public static final String MISSING =
            "ARROW_NPZ_CLIENTS is not set: real clients test nothing here. clients/run makes a Python for it.";

    private static final String VARIABLE = "ARROW_NPZ_CLIENTS";
    private static final Path SCRIPTS = directory();
    private static final int MINUTES = 30;

    private Clients() {}

    /** What a script printed, standard error included, and how it ended. */
    public record Answer(int code, String output) {}

    /** Whether there are clients; says so in one line where there are none. */
    public static boolean exist() {
        String named = System.getenv(VARIABLE);
        if (named == null || named.isEmpty()) {
            System.out.println(MISSING);
            return false;
        }
        return true;
    }

    // Modules stand at different depths.
    private static Path directory() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("clients/fidelity.py"))) {
                return at.resolve("clients");
            }
        }
        return start.resolve("clients");
    }

    /** Runs a script of {@code clients/}; fails where the Python lacks a client. */
    public static Answer run(Path scratch, String script, String... arguments)
            throws IOException, InterruptedException {
        assertThat(python(scratch, List.of("-c", "import duckdb, numpy, pandas, polars, pyarrow.flight")))
                .as("%s=%s lacks modules of clients/requirements.txt", VARIABLE, System.getenv(VARIABLE))
                .isEqualTo(new Answer(0, ""));
        List<String> words = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
        words.addAll(List.of(arguments));
        return python(scratch, words);
    }

    private static Answer python(Path scratch, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getenv(VARIABLE)));
        command.addAll(arguments);
        Path output = scratch.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "ARROW_NPZ_CLASSPATH", System.getProperty("java.class.path"),
                        "JAVA_HOME", System.getProperty("java.home"),
                        "PYTHONDONTWRITEBYTECODE", "1",
                        "RUST_BACKTRACE", "0",
                        "TMPDIR", scratch.toString()));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Answer(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
