package org.arrownpz.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A process that answers each line with a line. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    /** The first line that it says. */
    final String greeting;

    Child(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // What these make of a processor is not what NumPy's users have.
        builder.environment().keySet().removeAll(List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"));
        // Its threads spin for 2^26 cycles after a product, in our turn.
        builder.environment().put("OPENBLAS_THREAD_TIMEOUT", "4");
        process = builder.start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        greeting = answer();
    }

    String ask(String request) throws IOException {
        requests.write(request);
        requests.newLine();
        requests.flush();
        return answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the process ended");
        }
        return line;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
