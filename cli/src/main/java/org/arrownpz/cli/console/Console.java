package org.arrownpz.cli.console;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

/**
 * The place of a command's input and output: data to {@link #out()}, messages and progress to {@link #err()}.
 *
 * @param in standard input
 * @param out standard output, buffered; text on it is UTF-8
 * @param err standard error
 * @param outIsTerminal whether people look at {@code out}
 * @param errIsTerminal whether people look at {@code err}
 * @param width characters in a line of the terminal
 * @param color whether {@code out} takes colours
 */
public record Console(
        InputStream in,
        OutputStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        int width,
        boolean color) {
    /** Of lines of help that no terminal shows. */
    private static final int DEFAULT_WIDTH = 120;

    private static final int BUFFER = 1 << 16;
    private static final String RESET = "\u001b[0m";
    /** The most characters of a message that another library wrote. */
    public static final int MESSAGE_LENGTH = 4000;

    public Console {
        err = StatusStream.over(err);
        // Its first bytes are looked at.
        in = in.markSupported() ? in : new BufferedInputStream(in, BUFFER);
    }

    /** The process' own streams. */
    public static Console system() {
        boolean terminal = isTerminal("stdout", 1);
        return new Console(
                new FileInputStream(FileDescriptor.in),
                new PipeOutput(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER)),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                terminal,
                isTerminal("stderr", 2),
                terminal ? Terminal.width() : DEFAULT_WIDTH,
                terminal && Terminal.hasColor(System::getenv));
    }

    /** A console over any streams, none of which is a terminal. */
    public static Console of(InputStream in, OutputStream out, OutputStream err) {
        return new Console(
                in,
                new PipeOutput(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                DEFAULT_WIDTH,
                false);
    }

    /** The same with or without colours. */
    public Console withColor(boolean wanted) {
        return new Console(in, out, err, outIsTerminal, errIsTerminal, width, wanted);
    }

    /** Text on standard output; on a terminal, its lines are folded. */
    public void print(String text) throws IOException {
        out.write((outIsTerminal ? Fold.lines(text, width) : text).getBytes(StandardCharsets.UTF_8));
    }

    /** One line on standard error, folded on a terminal. */
    public void say(String message) {
        String line = named("arrow-npz: " + message);
        err.println(outIsTerminal && errIsTerminal ? Fold.lines(line, width) : line);
    }

    /** Calls a file by another name in all that is said. */
    public void name(String path, String name) {
        StatusStream.over(err).name(path, name);
    }

    /** A text with the names of files that have another. */
    public String named(String text) {
        return StatusStream.over(err).named(text);
    }

    /** Leaves a terminal as it was, for a command that is told to end: what fails from now on is not said. */
    public void abandon() {
        StatusStream.over(err).end();
        if (color) {
            // Past the buffer, whose lock may be held by who waits for the terminal.
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII).print(RESET);
        }
    }

    /** The message of a failure, in one line without control characters. */
    public static String text(Throwable failure) {
        if (failure instanceof OutOfMemoryError || failure instanceof OutOfMemoryException) {
            return "out of memory; give Java more with -Xmx";
        }
        String message = failure.getMessage();
        if (failure instanceof UsageException) {
            return String.valueOf(message);
        }
        if (failure instanceof NpzException typed) {
            return Remedies.ofCommand(typed);
        }
        if (failure instanceof IllegalArgumentException || failure instanceof IllegalStateException) {
            return SafeText.escape(Remedies.ofCommand(String.valueOf(message)), MESSAGE_LENGTH);
        }
        // NoSuchFileException: no such file.
        String name = failure.getClass()
                .getSimpleName()
                .replaceFirst("Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
        boolean plain = failure.getClass() == IOException.class
                || failure instanceof FileSystemException file && file.getReason() != null;
        return SafeText.escape(message == null ? name : plain ? message : name + ": " + message, MESSAGE_LENGTH);
    }

    /** The name of a file or of something in one, as messages have it. */
    public static String quote(Object name) {
        return "'" + SafeText.escape(String.valueOf(name), MESSAGE_LENGTH) + "'";
    }

    /** Text of a file without control characters, but for the ends of its lines. */
    public static String safe(String text) {
        return String.join("\n", text.lines().map(SafeText::escape).toList());
    }

    /** Whether people type what standard input is. */
    public static boolean inIsTerminal() {
        return isTerminal("stdin", 0);
    }

    // The launcher knows ([ -t 1 ]) and says so; without it, Linux does. System.console() would mix up both streams.
    private static boolean isTerminal(String stream, int descriptor) {
        String told = System.getProperty("arrownpz." + stream + ".terminal");
        if (told != null) {
            return Boolean.parseBoolean(told);
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
