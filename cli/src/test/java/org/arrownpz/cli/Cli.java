package org.arrownpz.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.arrownpz.cli.console.Console;

/** A run of the command in this process. */
public record Cli(int code, byte[] bytes, String err) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** Runs with standard output and error that are no terminals. */
    public static Cli run(Object... args) {
        return withInput(new byte[0], args);
    }

    public static Cli withInput(byte[] input, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(texts(args), new ByteArrayInputStream(input), out, err);
        return new Cli(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs as if people looked at standard output and error, on a terminal of 100 columns without colours. */
    public static Cli onTerminal(Object... args) {
        return onTerminalOf(100, false, args);
    }

    /** Runs as if people looked at standard output and error. */
    public static Cli onTerminalOf(int width, boolean color, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                true,
                true,
                width,
                color);
        int code = Main.run(texts(args), console);
        return new Cli(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    private static String[] texts(Object... args) {
        return Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
    }

    public String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The lines of standard output as JSON. */
    public List<JsonNode> lines() {
        return out().lines().map(Cli::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    /** A sample file, copied into the directory. */
    public static Path sample(String name, Path directory) {
        Path target = directory.resolve(name);
        try (InputStream input = Objects.requireNonNull(Cli.class.getResourceAsStream("/samples/" + name), name)) {
            Files.copy(input, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }
}
