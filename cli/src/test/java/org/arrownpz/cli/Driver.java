package org.arrownpz.cli;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The command in one process for many calls, so that the client suite need not start Java for each: a line of standard
 * input is a call, its arguments in base64 with an equals sign before each; the line that answers it holds the exit code,
 * standard output and standard error. The first line of all is the location where the directory named is served.
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

    private static String answer(String[] args) {
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
        PipedInputStream location = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(location);
        String[] args = {"serve", directory, "--port", "0"};
        Thread server = new Thread(() -> Main.run(args, new ByteArrayInputStream(new byte[0]), out, System.err));
        server.setDaemon(true);
        server.start();
        return new BufferedReader(new InputStreamReader(location, StandardCharsets.UTF_8)).readLine();
    }

    private static String decode(String argument) {
        return new String(Base64.getDecoder().decode(argument.substring(1)), StandardCharsets.UTF_8);
    }

    private static String encode(ByteArrayOutputStream bytes) {
        return "=" + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
