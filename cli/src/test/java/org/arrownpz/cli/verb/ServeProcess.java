package org.arrownpz.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.cli.Main;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code serve} in a process of its own, over a directory of files. */
abstract class ServeProcess {
    private static final int SECONDS = 60;

    @TempDir
    Path directory;

    @TempDir
    Path other;

    /** The command in a process of its own. */
    record Server(Process process, BufferedReader out, Path err) implements AutoCloseable {
        String line() throws IOException {
            return out.readLine();
        }

        /** Sends SIGTERM; Process.destroy would close the pipes, too. */
        void terminate() {
            process.toHandle().destroy();
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    Server start(String... arguments) throws IOException {
        List<String> serve = new ArrayList<>(List.of("serve", directory.toString(), "--port", "0"));
        serve.addAll(List.of(arguments));
        return run(Map.of(), serve);
    }

    /** Another verb that goes on until it is stopped, with more environment. */
    Server run(Map<String, String> environment, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectories(other.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        if (Runtime.version().feature() >= 24) {
            command.addAll(1, List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        command.addAll(arguments);
        Path err = other.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new Server(
                process,
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                err);
    }

    static FlightClient client(String location, BufferAllocator allocator) {
        int port = Integer.parseInt(location.substring(location.lastIndexOf(':') + 1));
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", port))
                .build();
    }

    void file(String name, int rows, BufferAllocator allocator) throws IOException {
        BigIntVector key = new BigIntVector("key", allocator);
        key.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            key.set(i, i);
        }
        key.setValueCount(rows);
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) key))) {
            Frames.write(root, directory.resolve(name), WriteOptions.defaults());
        }
    }

    static long sum(FlightStream stream) {
        long sum = 0;
        while (stream.next()) {
            sum += sumOfBatch(stream);
        }
        return sum;
    }

    static long sumOfBatch(FlightStream stream) {
        BigIntVector key = (BigIntVector) stream.getRoot().getVector(0);
        long sum = 0;
        for (int i = 0; i < key.getValueCount(); i++) {
            sum += key.get(i);
        }
        return sum;
    }

    static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** What the server tells at the address that it says. */
    static String metrics(Server server) throws Exception {
        Await.until(() -> Files.readString(server.err()).endsWith("\n"), () -> "no line in " + server.err());
        String said = Files.readString(server.err());
        URI address = URI.create(said.substring(said.indexOf("http"), said.length() - 1));
        try (InputStream text = address.toURL().openStream()) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
