package org.arrownpz.compare.internal.contender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.arrownpz.compare.report.FileForm;
import org.jspecify.annotations.Nullable;

/**
 * pandas, StaticFrame and NumPy, which read in one child process. A call is one line to it and one back, which takes
 * some 50 microseconds beside what is measured. Not safe for use by several threads.
 */
public final class PythonReaders implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FEATHER = "pandas.read_feather";
    private static final String PARQUET = "pandas.read_parquet";
    private static final String NPZ = "StaticFrame from_npz";
    private static final String MAPPED_DIRECTORY = "StaticFrame from_npy_mmap";
    /** How StaticFrame writes what it holds. */
    public static final String TO_NPZ = "StaticFrame to_npz";

    private static final String DIRECTORY = "StaticFrame from_npy";
    // StaticFrame refuses deflated archives.
    private static final Map<FileForm, String> BY_FORM = Map.of(
            FileForm.NPZ_STATIC_FRAME, NPZ,
            FileForm.NPZ_ALIGNED, NPZ,
            FileForm.NPY_DIRECTORY, DIRECTORY,
            FileForm.FEATHER, FEATHER,
            FileForm.FEATHER_LZ4, FEATHER,
            FileForm.FEATHER_ZSTD, FEATHER,
            FileForm.PARQUET, PARQUET,
            FileForm.PARQUET_ZSTD, PARQUET);

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

    /**
     * Something that Python reads.
     *
     * @param program the call
     */
    public record Client(FileForm form, String program) {
        public String title() {
            return program + " of " + form.label();
        }
    }

    /** Starts a Python, or adds to the missing why there is none. A call that takes ten minutes ends it. */
    public static @Nullable PythonReaders start(String python, List<String> missing) {
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

    /** Whether that Python has a module. */
    public boolean has(String module) {
        return versions.has(module);
    }

    /** Who can read what. */
    public List<Client> clients(@Nullable OwnFile own) {
        List<Client> clients = new ArrayList<>();
        if (own != null) {
            for (String program : programs(own)) {
                add(FileForm.OWN, program, clients);
            }
        }
        for (FileForm form : FileForm.values()) {
            String program = BY_FORM.get(form);
            if (program != null) {
                add(form, program, clients);
            }
        }
        add(FileForm.NPY_DIRECTORY, MAPPED_DIRECTORY, clients);
        return clients;
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

    private void add(FileForm form, String program, List<Client> clients) {
        boolean able = program.startsWith("np.")
                ? has("numpy")
                : program.startsWith("StaticFrame")
                        ? has("static_frame")
                        : has("pandas") && (has("pyarrow") || program.equals("pandas.read_csv"));
        if (able) {
            clients.add(new Client(form, program));
        }
    }

    /**
     * Has a file read.
     *
     * @param operation {@code open}, {@code cell}, {@code touch}, {@code sums} for what every value adds up to, {@code hold}
     *     to keep the table, or {@code write} or {@code write npy}, where the file is what the table that is held is written to
     * @throws IOException when it cannot be read, with the reason
     */
    public JsonNode call(Client client, String operation, Path file) throws IOException {
        requests.write(JSON.writeValueAsString(Map.of(
                "reader",
                client.program(),
                "operation",
                operation,
                "path",
                file.toAbsolutePath().toString())));
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
