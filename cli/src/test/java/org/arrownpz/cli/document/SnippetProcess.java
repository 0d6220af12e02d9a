package org.arrownpz.cli.document;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.arrownpz.cli.Cli;
import org.arrownpz.cli.Main;

/**
 * Runs snippets in one JVM, in the directory that it was started in, and serves the directory {@code samples} there. The
 * first line that it prints is the server's address; each line that it reads is a call, and is answered by one line:
 * whether it failed, and what it printed, in base64.
 */
public final class SnippetProcess {
    private static final int WIDTH = 80;

    private SnippetProcess() {}

    /** Arguments: the directory of compiled snippets, and the jar of the JDBC driver. */
    public static void main(String[] args) throws IOException {
        BufferedReader calls = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream answers =
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
        String address = serve();
        System.setProperty("port", address.substring(address.lastIndexOf(':') + 1));
        answers.println(address);
        for (String call = calls.readLine(); call != null; call = calls.readLine()) {
            List<String> words = new ArrayList<>();
            for (String word : call.split(" ")) {
                words.add(new String(Base64.getDecoder().decode(word.substring(1)), StandardCharsets.UTF_8));
            }
            answers.println(answer(words, Path.of(args[0]), Path.of(args[1])));
        }
        // The server would go on for its grace period.
        Runtime.getRuntime().halt(0);
    }

    private static String serve() throws IOException {
        PipedInputStream location = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(location);
        String[] args = {"serve", "samples", "--sql", "--port", "0"};
        Thread server = new Thread(() -> Main.run(args, new ByteArrayInputStream(new byte[0]), out, System.err));
        server.setDaemon(true);
        server.start();
        return new BufferedReader(new InputStreamReader(location, StandardCharsets.UTF_8)).readLine();
    }

    private static String answer(List<String> words, Path classes, Path driver) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        System.setOut(printed);
        int code = 0;
        try {
            if (words.get(0).equals("command")) {
                Cli run = Cli.onTerminalOf(
                        WIDTH, false, words.subList(1, words.size()).toArray());
                code = run.code();
                printed.print(code == 0 ? run.out() : run.err());
            } else {
                run(words.get(1), classes, words.get(0).equals("jdbc") ? driver : null);
            }
        } catch (Exception | Error e) {
            code = 99;
            (e.getCause() == null ? e : e.getCause()).printStackTrace(printed);
        } finally {
            System.setOut(before);
        }
        return code + " =" + Base64.getEncoder().encodeToString(out.toByteArray());
    }

    /** The driver carries an Arrow of its own: who uses it sees no other. */
    private static void run(String name, Path classes, Path driver) throws Exception {
        ClassLoader parent = SnippetProcess.class.getClassLoader();
        if (driver != null) {
            parent = new URLClassLoader(new URL[] {driver.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            Class.forName("org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver", true, parent);
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, parent)) {
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }
}
