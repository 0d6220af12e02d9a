package org.arrownpz.roundtrip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.arrownpz.testing.Python;
import org.jspecify.annotations.Nullable;

/** One Python process with NumPy that makes and compares files. */
final class NumpyPeer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private NumpyPeer(Process process) {
        this.process = process;
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The peer, or null where there is no {@code python3} that has NumPy. */
    static @Nullable NumpyPeer start(Path directory) throws IOException, InterruptedException {
        Process process = Python.startNumpy(directory, "/roundtrip/numpy_peer.py");
        return process == null ? null : new NumpyPeer(process);
    }

    List<Path> make(Path directory, long seed, int arrays, int archives) throws IOException {
        JsonNode names =
                ask(Map.of("make", directory.toString(), "seed", seed, "arrays", arrays, "archives", archives));
        List<Path> paths = new ArrayList<>();
        names.forEach(name -> paths.add(Path.of(name.asText())));
        return paths;
    }

    /** What NumPy reads differently from the two files, or null where it reads the same. */
    @Nullable
    String difference(Path left, Path right) throws IOException {
        JsonNode answer = ask(Map.of("left", left.toString(), "right", right.toString()));
        return answer.isNull() ? null : answer.asText();
    }

    private JsonNode ask(Map<String, ?> command) throws IOException {
        commands.write(JSON.writeValueAsString(command) + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the Python process ended");
        }
        return JSON.readTree(answer);
    }

    @Override
    public void close() throws IOException {
        commands.close();
        answers.close();
        process.destroy();
    }
}
