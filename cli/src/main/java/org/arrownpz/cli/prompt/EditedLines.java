package org.arrownpz.cli.prompt;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.arrownpz.cli.prompt.SqlPrompt.Lines;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Lines typed at a terminal, with a history that outlives the command. */
final class EditedLines implements Lines {
    private final Terminal terminal;
    private final LineReader reader;

    /**
     * @param history a file, made where it is missing
     * @param interrupted what Ctrl-C does while no line is read
     */
    EditedLines(Terminal terminal, Path history, Runnable interrupted) {
        this.terminal = terminal;
        terminal.handle(Terminal.Signal.INT, signal -> interrupted.run());
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("arrow-npz")
                .variable(LineReader.HISTORY_FILE, history)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /** At the process' terminal; the history is the user's. */
    static EditedLines ofUser(Runnable interrupted) throws IOException {
        String state = System.getenv("XDG_STATE_HOME");
        Path home = Path.of(System.getProperty("user.home", "."));
        Path directory =
                (state == null || state.isEmpty() ? home.resolve(".local/state") : Path.of(state)).resolve("arrow-npz");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            // Without a place for it, the history ends with the command.
        }
        return new EditedLines(
                TerminalBuilder.builder().system(true).dumb(true).build(),
                directory.resolve("sql-history"),
                interrupted);
    }

    @Override
    public @Nullable String read(String prompt) throws IOException {
        try {
            return reader.readLine(prompt);
        } catch (UserInterruptException e) {
            throw new InterruptedIOException();
        } catch (EndOfFileException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        reader.getHistory().save();
        terminal.close();
    }
}
