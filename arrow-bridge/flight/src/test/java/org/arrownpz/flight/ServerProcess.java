package org.arrownpz.flight;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.arrownpz.safety.Forks;

/** A server in a process of its own, which can be killed. */
final class ServerProcess implements AutoCloseable {
    private static final long PATIENCE_MINUTES = 4;
    private static final String PORT = "port ";

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reading = new Thread(this::read, "server output");

    /** Where DuckDB unpacks its library, which a killed process leaves. */
    private final Path temporary;

    private ServerProcess(Process process, Path temporary) {
        this.process = process;
        this.temporary = temporary;
        // All the time: a server whose log nobody reads comes to a stop when the pipe is full.
        reading.setDaemon(true);
        reading.start();
    }

    static ServerProcess start(Path folder, String token) throws IOException, InterruptedException {
        Path temporary = Files.createTempDirectory("flight-server");
        List<String> command = Forks.command(
                FlightServerRun.class, List.of("-Xmx256m", "-Djava.io.tmpdir=" + temporary), folder.toString(), token);
        ServerProcess server = new ServerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start(), temporary);
        try {
            server.port.get();
            return server;
        } catch (ExecutionException e) {
            server.close();
            throw new IOException("the server did not start: " + server.lines, e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(PORT)) {
                    port.complete(Integer.parseInt(line.substring(PORT.length())));
                }
                lines.add(line);
            }
            port.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            // Killed.
            port.completeExceptionally(e);
        }
    }

    int port() {
        return port.join();
    }

    /** Ends it as a crash does. */
    void kill() throws InterruptedException {
        List<ProcessHandle> statements = process.descendants().toList();
        process.destroyForcibly().waitFor();
        // They see that their parent is gone, and leave.
        statements.forEach(statement -> statement.onExit().join());
        clean();
    }

    /** Lets it end by itself; what it printed. */
    List<String> stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("the server does not end");
        }
        reading.join();
        clean();
        return lines;
    }

    private void clean() {
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
