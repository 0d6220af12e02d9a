package org.arrownpz.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes that run snippets: one JVM, and one Python where there is one. */
final class SnippetRuns implements AutoCloseable {
    /** A snippet of Python imports what is not there. */
    static final int NO_MODULE = 3;

    private static final Path DRIVER = Path.of(
                    "..", "arrow-bridge", "flight", "target", "jdbc", "flight-sql-jdbc-driver.jar")
            .toAbsolutePath()
            .normalize();
    /** Reads a snippet a line, in base64, and answers as {@link SnippetProcess} does. */
    private static final String PYTHON = """
            import base64, contextlib, io, sys, traceback
            answers = sys.stdout
            for line in sys.stdin:
                code, out = 0, io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    try:
                        exec(compile(base64.b64decode(line), "snippet", "exec"), {"__name__": "__main__"})
                    except ModuleNotFoundError as e:
                        code = 3
                        print(e)
                    except BaseException:
                        code = 1
                        traceback.print_exc()
                text = base64.b64encode(out.getvalue().encode()).decode()
                print(f"{code} ={text}", file=answers, flush=True)
            """;

    record Answer(int code, String out) {}

    private final Process machine;
    private final BufferedReader answers;
    private final Path errors;
    private @Nullable String address;
    private final @Nullable Process python;

    SnippetRuns(Path directory, Path classes, Path pythonPath) throws IOException {
        machine = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        SnippetProcess.class.getName(),
                        classes.toString(),
                        DRIVER.toString())
                .directory(directory.toFile())
                .redirectError(classes.resolve("errors").toFile())
                .start();
        python = startPython(directory, pythonPath);
        answers = machine.inputReader(StandardCharsets.US_ASCII);
        errors = classes.resolve("errors");
    }

    /** That of {@code ARROW_NPZ_CLIENTS}, else {@code python3}. */
    private static @Nullable Process startPython(Path directory, Path pythonPath) {
        String named = System.getenv("ARROW_NPZ_CLIENTS");
        ProcessBuilder builder = new ProcessBuilder(named == null || named.isEmpty() ? "python3" : named, "-c", PYTHON);
        builder.environment().put("PYTHONPATH", pythonPath.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        try {
            return builder.directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            return null;
        }
    }

    static String classPath() {
        return Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Where the directory {@code samples} is served, once the server listens. */
    String address() throws IOException {
        if (address == null) {
            String line = answers.readLine();
            assertThat(line).as(Files.readString(errors)).startsWith("grpc://");
            address = line.substring("grpc://".length());
        }
        return address;
    }

    boolean hasJdbcDriver() {
        return Files.exists(DRIVER);
    }

    Answer java(String name, boolean jdbc) throws IOException {
        address();
        return ask(machine, answers, encoded(List.of(jdbc ? "jdbc" : "java", name)));
    }

    Answer command(List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("command"));
        words.addAll(arguments);
        address();
        return ask(machine, answers, encoded(words));
    }

    Answer python(String code) {
        if (python == null) {
            return new Answer(NO_MODULE, "there is no python3");
        }
        // The same reader at each call: Process keeps it.
        return ask(python, python.inputReader(StandardCharsets.US_ASCII), base64(code));
    }

    private static Answer ask(Process process, BufferedReader from, String call) {
        try {
            OutputStream calls = process.getOutputStream();
            calls.write((call + "\n").getBytes(StandardCharsets.US_ASCII));
            calls.flush();
            String[] parts = from.readLine().split(" =", 2);
            byte[] out = Base64.getDecoder().decode(parts[1]);
            return new Answer(Integer.parseInt(parts[0]), new String(out, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(List<String> words) {
        return words.stream().map(word -> "=" + base64(word)).collect(Collectors.joining(" "));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws InterruptedException {
        machine.destroyForcibly().waitFor();
        if (python != null) {
            python.destroyForcibly().waitFor();
        }
    }
}
