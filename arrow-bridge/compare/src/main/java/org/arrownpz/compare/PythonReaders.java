package org.arrownpz.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.arrownpz.compare.Contenders.Python;
import org.jspecify.annotations.Nullable;

/**
 * pandas, StaticFrame and NumPy, which read in one child process. A call is one line to it and one back, which takes
 * some 50 microseconds beside what is measured. Not safe for use by several threads.
 */
final class PythonReaders implements Python {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FEATHER = "pandas.read_feather";
    private static final String PARQUET = "pandas.read_parquet";
    static final String NPZ = "StaticFrame from_npz";
    /** StaticFrame writes what it holds. */
    static final String TO_NPZ = "StaticFrame to_npz";

    private static final String DIRECTORY = "StaticFrame from_npy";
    // StaticFrame refuses deflated archives.
    private static final Map<FileForm, List<String>> BY_FORM = Map.of(
            FileForm.NPZ_STATIC_FRAME, List.of(NPZ),
            FileForm.NPZ_ALIGNED, List.of(NPZ),
            FileForm.NPY_DIRECTORY, List.of(DIRECTORY, "StaticFrame from_npy_mmap"),
            FileForm.FEATHER, List.of(FEATHER),
            FileForm.FEATHER_LZ4, List.of(FEATHER),
            FileForm.FEATHER_ZSTD, List.of(FEATHER),
            FileForm.PARQUET, List.of(PARQUET),
            FileForm.PARQUET_ZSTD, List.of(PARQUET));

    private final Process process;
    private final Duration limit;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final JsonNode versions;

    private PythonReaders(Process process, Duration limit) throws IOException {
        this.process = process;
        this.limit = limit;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.versions = answer();
    }

    /** Starts a Python, or adds to the missing why there is none. A call that takes ten minutes ends it. */
    static @Nullable PythonReaders start(String python, List<String> missing) {
        return start(python, Duration.ofMinutes(10), missing);
    }

    static @Nullable PythonReaders start(String python, Duration limit, List<String> missing) {
        try (InputStream script =
                Objects.requireNonNull(PythonReaders.class.getResourceAsStream("readers.py"), "readers.py")) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            Process process = new ProcessBuilder(python, "-c", text)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                PythonReaders readers = new PythonReaders(process, limit);
                for (String module : List.of("numpy", "pandas", "pyarrow", "static_frame")) {
                    if (!readers.has(module)) {
                        missing.add(module + ": " + python + " has none");
                    }
                }
                return readers;
            } catch (IOException | RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            missing.add("pandas, StaticFrame and NumPy: " + python + " cannot be started: " + e.getMessage());
            return null;
        }
    }

    @Override
    public boolean has(String module) {
        return versions.has(module);
    }

    /** The programs that a Python has for each form. */
    static Map<FileForm, List<String>> programs(Python python, @Nullable OwnFile own) {
        Map<FileForm, List<String>> programs = new EnumMap<>(FileForm.class);
        BY_FORM.forEach((form, known) -> programs.put(form, able(python, known)));
        if (own != null) {
            programs.put(FileForm.OWN, able(python, programs(own)));
        }
        return programs;
    }

    private static List<String> able(Python python, List<String> programs) {
        return programs.stream().filter(program -> isAble(python, program)).toList();
    }

    private static boolean isAble(Python python, String program) {
        if (program.startsWith("pandas")) {
            return python.has("pandas") && (python.has("pyarrow") || program.endsWith("csv"));
        }
        return python.has(program.startsWith("np.") ? "numpy" : "static_frame");
    }

    private static List<String> programs(OwnFile own) {
        return switch (own.format()) {
            case "parquet" -> List.of(PARQUET);
            case "feather", "arrow", "ipc" -> List.of(FEATHER);
            case "csv" -> List.of("pandas.read_csv");
            case "npy" -> List.of("np.load");
            case "npz" -> List.of(own.isDirectory() ? DIRECTORY : own.isFrame() ? NPZ : "np.load");
            default -> List.of();
        };
    }

    @Override
    public JsonNode call(String program, String operation, Path file) throws IOException {
        String path = file.toAbsolutePath().toString();
        requests.write(JSON.writeValueAsString(Map.of("reader", program, "operation", operation, "path", path)));
        requests.newLine();
        requests.flush();
        JsonNode answer = answer();
        if (answer.has("error")) {
            throw new IOException(answer.get("error").asText());
        }
        return answer;
    }

    private JsonNode answer() throws IOException {
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        late.completeOnTimeout(true, limit.toMillis(), TimeUnit.MILLISECONDS).thenAccept(isLate -> {
            if (isLate) {
                process.destroyForcibly();
            }
        });
        String line = answers.readLine();
        if (!late.complete(false)) {
            throw new IOException("Python gave no answer for " + limit.toSeconds() + " s");
        }
        if (line == null) {
            throw new IOException("Python ended");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
