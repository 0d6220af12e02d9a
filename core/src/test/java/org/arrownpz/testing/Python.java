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

/** The {@code python3} of this machine, where there is one. */
public final class Python {
    private static final int PATIENCE_MINUTES = 5;

    private Python() {}

    /** What it prints, or null where there is no Python or where it fails; what it complains of goes to our own output. */
    public static @Nullable String run(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
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
        }
    }

    /** Whether there is one. */
    public static boolean exists() throws InterruptedException {
        return run("-c", "") != null;
    }

    /** Whether there is one that has NumPy. */
    public static boolean hasNumpy() throws InterruptedException {
        String answer = run("-c", "try: import numpy; print('numpy')\nexcept ImportError: pass");
        return answer != null && answer.strip().equals("numpy");
    }

    /**
     * An interpreter that has pyarrow: that of the environment variable {@code ARROW_NPZ_CLIENTS}, else {@code python3};
     * null where neither has it.
     */
    public static @Nullable String withPyarrow() throws InterruptedException {
        String stated = System.getenv("ARROW_NPZ_CLIENTS");
        for (String python : stated == null ? List.of("python3") : List.of(stated, "python3")) {
            try {
                Process process = new ProcessBuilder(python, "-c", "import pyarrow")
                        .redirectErrorStream(true)
                        .start();
                process.getInputStream().readAllBytes();
                if (process.waitFor() == 0) {
                    return python;
                }
            } catch (IOException e) {
                // Not there.
            }
        }
        return null;
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
    public static @Nullable Process startNumpy(Path directory, String resource)
            throws IOException, InterruptedException {
        if (!hasNumpy()) {
            return null;
        }
        return new ProcessBuilder("python3", script(directory, resource).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
