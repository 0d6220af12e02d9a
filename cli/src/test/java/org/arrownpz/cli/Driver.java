package org.arrownpz.cli;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The command in one process for many calls, so that the client suite need not start Java for each: a line of standard
 * input is a call, its arguments in base64 with an equals sign before each; the line that answers it holds the exit code,
 * standard output and standard error; a server is ended once it runs. The first line of all is the location where the directory named is served.
 */
public final class Driver {
    private Driver() {}

    public static void main(String[] args) throws IOException {
        BufferedReader calls = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream answers =
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
        answers.println(serve(args[0]));
        for (String call = calls.readLine(); call != null; call = calls.readLine()) {
            answers.println(
                    answer(Arrays.stream(call.split(" ")).map(Driver::decode).toArray(String[]::new)));
        }
        // The server would go on for its grace period.
        Runtime.getRuntime().halt(0);
    }

    private static String answer(String[] args) throws IOException {
        if (List.of("serve", "view").contains(args[0])) {
            return serveOnce(args);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code;
        try {
            code = Main.run(args, InputStream.nullInputStream(), out, err);
        } catch (RuntimeException | Error e) {
            code = 99;
            e.printStackTrace(new PrintStream(err, true, StandardCharsets.UTF_8));
        }
        return code + " " + encode(out) + " " + encode(err);
    }

    private static String serve(String directory) throws IOException {
        return start(new ByteArrayOutputStream(), "serve", directory, "--port", "0")
                .location();
    }

    /** @param location empty where the server did not start */
    private record Server(Thread thread, String location) {}

    private static Server start(OutputStream err, String... args) throws IOException {
        PipedInputStream location = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(location);
        Thread server = new Thread(() -> {
            try (out) {
                Main.run(args, new ByteArrayInputStream(new byte[0]), out, err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        server.setDaemon(true);
        server.start();
        String line = new BufferedReader(new InputStreamReader(location, StandardCharsets.UTF_8)).readLine();
        return new Server(server, line == null ? "" : line);
    }

    /** A server that is ended once it has said where it is; the code is 0 where it did. */
    private static String serveOnce(String[] args) throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Server server = start(err, args);
        server.thread().interrupt();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(server.location().getBytes(StandardCharsets.UTF_8));
        return (server.location().matches("(grpc|http).*") ? 0 : 1) + " " + encode(out) + " " + encode(err);
    }

    private static String decode(String argument) {
        return new String(Base64.getDecoder().decode(argument.substring(1)), StandardCharsets.UTF_8);
    }

    private static String encode(ByteArrayOutputStream bytes) {
        return "=" + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
