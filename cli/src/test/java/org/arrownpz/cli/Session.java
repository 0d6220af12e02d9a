package org.arrownpz.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Progress;

/**
 * A session of the command in one process: a line of the file named is a call, its arguments separated by blanks, which are
 * printed before what it prints. The word {@code progress} at the end shows progress until it was on the screen. Further
 * arguments are other widths of the terminal, at which the calls are made again. At the end they are made into the file
 * {@code piped}, which is no terminal.
 */
public final class Session {
    private Session() {}

    public static void main(String[] args) throws Exception {
        List<String> commands = Files.readAllLines(Path.of(args[0]));
        run(commands);
        for (int i = 1; i < args.length; i++) {
            // The terminal becomes wider or narrower, as when people pull at its window.
            new ProcessBuilder("stty", "cols", args[i])
                    .redirectInput(new File("/dev/tty"))
                    .start()
                    .waitFor();
            Console console = Console.system();
            console.print("# " + console.width() + " columns\n");
            console.out().flush();
            run(commands.subList(0, commands.size() - 1));
        }
        try (OutputStream pipe = Files.newOutputStream(Path.of("piped"))) {
            for (String line : commands.subList(0, commands.size() - 1)) {
                Main.run(words(line), InputStream.nullInputStream(), pipe, pipe);
            }
        }
        // Verbs may leave threads of libraries behind.
        Runtime.getRuntime().halt(0);
    }

    private static void run(List<String> commands) throws Exception {
        for (String line : commands) {
            Console console = Console.system();
            console.out().write(("$ arrow-npz " + line + "\n").getBytes(StandardCharsets.UTF_8));
            console.out().flush();
            if (line.equals("progress")) {
                progress(console);
            } else {
                Main.run(words(line), console);
            }
        }
    }

    private static void progress(Console console) throws InterruptedException, IOException {
        try (Progress progress = Progress.start(console)) {
            progress.show("working");
            Thread.sleep(1600);
        }
        console.print("done\n");
        console.out().flush();
    }

    /** Words between blanks; blanks between double quotes belong to a word. */
    static String[] words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (line + ' ').toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                if (word.length() > 0) {
                    words.add(word.toString());
                }
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        return words.toArray(String[]::new);
    }
}
