package org.arrownpz.cli.prompt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Likely;
import org.arrownpz.cli.console.PipeOutput;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.sql.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Asks for statements, each up to a line that ends in a semicolon, and for commands that begin with a dot. At a terminal a
 * failure is told and the next statement asked for; without one, the first failure is the end.
 *
 * @param console where statements come from where no terminal is, and what is said goes
 * @param tables names that stand for tables beside files
 * @param runner runs a statement and prints its rows
 * @param cancel ends the statement that runs, from another thread
 */
public record SqlPrompt(Console console, List<String> tables, Statement runner, Runnable cancel) {
    private static final List<String> COMMANDS = List.of(".tables", ".schema", ".help", ".quit", ".exit");
    private static final String HELP = """
            .tables         the tables, and files of this directory that can be one
            .schema NAME    the columns of a table or file
            .quit           the end; so is Ctrl-D
            Statements end with a semicolon, and may have several lines. Ctrl-C gives one up, or ends it.
            """;
    private static final List<String> FILES =
            List.of(".npz", ".npy", ".feather", ".arrow", ".ipc", ".arrows", ".parquet");

    /** Runs a statement and prints its rows. */
    @FunctionalInterface
    public interface Statement {
        void run(String statement) throws IOException;
    }

    /** Asks until there is no more. */
    public void run() throws IOException {
        if (console.outIsTerminal() && Console.inIsTerminal()) {
            // The line editor is loaded here, and nowhere else.
            try (Lines lines = EditedLines.ofUser(cancel)) {
                console.say("SQL over files; .help tells more");
                run(lines, true);
            }
        } else {
            BufferedReader reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
            run(prompt -> reader.readLine(), false);
        }
    }

    void run(Lines lines, boolean goOn) throws IOException {
        StringBuilder statement = new StringBuilder();
        while (true) {
            String line;
            try {
                line = lines.read(statement.isEmpty() ? "npz> " : "...> ");
            } catch (InterruptedIOException e) {
                statement.setLength(0);
                continue;
            }
            if (line == null) {
                for (String text : Sql.statements(statement.toString())) {
                    if (!text.isEmpty()) {
                        attempt(text, false, goOn);
                    }
                }
                return;
            }
            if (statement.isEmpty() && line.strip().startsWith(".")) {
                if (isEnd(line.strip())) {
                    return;
                }
                attempt(line.strip(), true, goOn);
            } else if (!statement.isEmpty() || !line.isBlank()) {
                statement.append(statement.isEmpty() ? "" : "\n").append(line);
                if (line.contains(";")) {
                    List<String> texts = Sql.statements(statement.toString());
                    statement.setLength(0);
                    statement.append(texts.get(texts.size() - 1));
                    for (String text : texts.subList(0, texts.size() - 1)) {
                        attempt(text, false, goOn);
                    }
                }
            }
        }
    }

    private static boolean isEnd(String command) {
        return command.equals(".quit") || command.equals(".exit");
    }

    private void attempt(String text, boolean command, boolean goOn) throws IOException {
        try {
            if (command) {
                command(text);
            } else {
                runner.run(text);
            }
        } catch (NpzException | IllegalArgumentException | IllegalStateException | UsageException e) {
            if (!goOn || PipeOutput.isClosed(e)) {
                throw e;
            }
            console.say(Console.text(e));
            if (e instanceof Sql.StatementException refused
                    && !refused.excerpt().isEmpty()) {
                console.err().println(refused.excerpt());
            }
        }
        console.out().flush();
    }

    private void command(String text) throws IOException {
        String[] words = text.split("\\s+", 2);
        switch (words[0]) {
            case ".help" -> console.print(HELP);
            case ".tables" -> console.print(names());
            case ".schema" -> {
                if (words.length < 2) {
                    throw new UsageException(".schema takes the name of a table or file");
                }
                runner.run("SELECT column_name, column_type FROM (DESCRIBE FROM " + source(words[1]) + ")");
            }
            default ->
                throw new UsageException(
                        "there is no command " + SafeText.quote(words[0]) + Likely.hint(words[0], COMMANDS));
        }
    }

    private String source(String given) {
        String name = given.replaceFirst(";$", "").strip();
        boolean quoted = name.length() > 1 && name.startsWith("'") && name.endsWith("'");
        String plain = quoted ? name.substring(1, name.length() - 1) : name;
        return tables.stream().anyMatch(plain::equalsIgnoreCase)
                ? '"' + plain.replace("\"", "\"\"") + '"'
                : "'" + plain.replace("'", "''") + "'";
    }

    private String names() throws IOException {
        StringBuilder names = new StringBuilder();
        tables.stream()
                .sorted()
                .forEach(table -> names.append(SafeText.escape(table)).append('\n'));
        try (Stream<Path> files = Files.list(Path.of(""))) {
            files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> FILES.stream().anyMatch(name::endsWith))
                    .sorted()
                    .forEach(name -> names.append(SafeText.quote(name)).append('\n'));
        }
        return names.toString();
    }

    /** The source of statements. */
    interface Lines extends AutoCloseable {
        /**
         * The next line, or null where there are no more.
         *
         * @throws java.io.InterruptedIOException when the user gives up the line, and what was before it
         */
        @Nullable
        String read(String prompt) throws IOException;

        @Override
        default void close() throws IOException {
            // Lines of standard input leave it open.
        }
    }
}
