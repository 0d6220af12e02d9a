package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the suite of real clients, see {@code clients/README.md}, with the Python that {@code ARROW_NPZ_CLIENTS} names. Where
 * it is not set, says so and tests nothing: a build downloads no clients.
 */
class ClientsTest {
    private static final String VARIABLE = "ARROW_NPZ_CLIENTS";
    private static final Path SUITE = Path.of("..", "clients").toAbsolutePath().normalize();
    private static final int MINUTES = 30;

    @TempDir
    Path directory;

    private Path python = Path.of("");

    @BeforeEach
    void findsClients() throws Exception {
        String named = System.getenv(VARIABLE);
        String sentence = VARIABLE + " is not set: real clients test nothing in this build. clients/run makes a Python for it.";
        if (named == null || named.isEmpty()) {
            System.out.println(sentence);
        }
        assumeTrue(named != null && !named.isEmpty(), sentence);
        python = Path.of(named);
        assertThat(run("-c", "import duckdb, numpy, pandas, polars, pyarrow.flight"))
                .as("%s=%s is no Python with the modules of clients/requirements.txt", VARIABLE, named)
                .isEqualTo(new Answer(0, ""));
    }

    private record Answer(int code, String output) {}

    private Answer run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Path output = directory.resolve("output");
        builder.redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "ARROW_NPZ_CLASSPATH", System.getProperty("java.class.path"),
                        "JAVA_HOME", System.getProperty("java.home"),
                        "PYTHONDONTWRITEBYTECODE", "1",
                        "TMPDIR", directory.toString()));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Answer(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    @Test
    void givesRealClientsBackWhatTheyWrote() throws Exception {
        Answer answer = run(SUITE.resolve("suite.py").toString(), "--files", "300", "--work", directory + "/files");

        assertThat(answer.code()).as(answer.output()).isZero();
    }

    @Test
    void showsRealClientsWhatTheyOnceMissed() throws Exception {
        Answer answer = run(SUITE.resolve("minimal.py").toString());

        assertThat(answer.code()).as(answer.output()).isZero();
    }
}
