package org.arrownpz.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@code python3} of this machine, where there is one. It is asked once who it is: launchers of versions and imports
 * take longer than most scripts.
 */
public final class Python {
    private static final int PATIENCE_MINUTES = 5;
    private static final String QUESTION = """
            import sys
            from importlib.util import find_spec
            print(sys.executable)
            print(*(name for name in ("numpy", "pyarrow") if find_spec(name)))
            """;

    /** Program and libraries; no program where there is no Python. */
    private record Found(@Nullable String program, List<String> libraries) {
        static final Found ON_PATH = ask("python3");
        static final Found STATED = ask(System.getenv("ARROW_NPZ_CLIENTS"));

        static Found ask(@Nullable String python) {
            String answer = python == null ? null : output(python, "-c", QUESTION);
            if (answer == null) {
                return new Found(null, List.of());
            }
            List<String> lines = answer.lines().toList();
            return new Found(lines.get(0), List.of(lines.get(1).split(" ")));
        }

        @Nullable
        String having(String library) {
            return libraries.contains(library) ? program : null;
        }
    }

    private Python() {}

    /** What it prints, or null where there is no Python or where it fails; what it complains of goes to our own output. */
    public static @Nullable String run(String... arguments) {
        return Found.ON_PATH.program == null ? null : output(Found.ON_PATH.program, arguments);
    }

    private static @Nullable String output(String python, String... arguments) {
        List<String> command = new ArrayList<>(List.of(python));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return null;
            }
            return process.exitValue() == 0 ? output : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while Python runs", e);
        }
    }

    /** Whether there is one. */
    public static boolean exists() {
        return Found.ON_PATH.program != null;
    }

    /** Whether there is one that has NumPy. */
    public static boolean hasNumpy() {
        return Found.ON_PATH.having("numpy") != null;
    }

    /** An interpreter that has NumPy: {@code python3}, else {@link #withPyarrow}; null where neither has it. */
    public static @Nullable String withNumpy() {
        String python = Found.ON_PATH.having("numpy");
        return python != null ? python : withPyarrow();
    }

    /**
     * An interpreter that has pyarrow: that of the environment variable {@code ARROW_NPZ_CLIENTS}, else {@code python3};
     * null where neither has it.
     */
    public static @Nullable String withPyarrow() {
        String stated = Found.STATED.having("pyarrow");
        return stated != null ? stated : Found.ON_PATH.having("pyarrow");
    }

    /** Runs a script or module in a directory to its end, and fails with what it prints where it fails. */
    public static void check(Path directory, String python, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new AssertionError(String.join(" ", command) + " ends with " + code + ":\n" + output);
        }
    }

    /** A copy of a script in a directory; the resource is named from the root. */
    public static Path script(Path directory, String resource) throws IOException {
        Path script = directory.resolve(Path.of(resource).getFileName().toString());
        try (InputStream source = Objects.requireNonNull(Python.class.getResourceAsStream(resource))) {
            Files.copy(source, script);
        }
        return script;
    }

    /**
     * A process that runs a script, or null where Python has no NumPy.
     *
     * @param directory takes a copy of the script
     * @param resource the script, absolute
     */
    public static @Nullable Process startNumpy(Path directory, String resource) throws IOException {
        String python = Found.ON_PATH.having("numpy");
        if (python == null) {
            return null;
        }
        return new ProcessBuilder(python, script(directory, resource).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
