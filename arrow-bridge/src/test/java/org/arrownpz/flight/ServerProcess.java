package org.arrownpz.flight;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, which can be killed. */
final class ServerProcess implements AutoCloseable {
    private static final long PATIENCE_MINUTES = 4;

    private final Process process;
    private final BufferedReader output;
    private final int port;

    private ServerProcess(Process process, BufferedReader output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    static ServerProcess start(Path folder, String token) throws IOException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-Xmx256m");
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", path, FlightServerRun.class.getName(), folder.toString(), token));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> seen = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("port ")) {
                return new ServerProcess(process, output, Integer.parseInt(line.substring(5)));
            }
            seen.add(line);
        }
        process.destroyForcibly();
        throw new IOException("the server did not start: " + seen);
    }

    int port() {
        return port;
    }

    /** Ends it as a crash does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it end by itself; what it printed at the end. */
    List<String> stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        Thread reading = new Thread(() -> output.lines().forEach(lines::add));
        reading.setDaemon(true);
        reading.start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("the server does not end");
        }
        reading.join();
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
