package org.arrownpz.cli.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.prompt.SqlPrompt.Lines;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompt as it is at a terminal: with the line editor. */
class SqlPromptTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> run = new ArrayList<>();
    private int cancelled;

    private void type(String text) throws IOException {
        Console console = Console.of(InputStream.nullInputStream(), out, err);
        Terminal terminal = TerminalBuilder.builder()
                .system(false)
                .type("dumb")
                .encoding(StandardCharsets.UTF_8)
                .streams(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), new ByteArrayOutputStream())
                .build();
        SqlPrompt prompt = new SqlPrompt(
                console,
                List.of("p"),
                statement -> {
                    run.add(statement);
                    if (statement.contains("bad")) {
                        throw new IllegalArgumentException("no such thing");
                    }
                    if (statement.contains("endless")) {
                        terminal.raise(Terminal.Signal.INT);
                        throw new CancellationException("cancelled " + cancelled);
                    }
                },
                () -> cancelled++);
        try (Lines lines = new EditedLines(terminal, directory.resolve("history"), () -> cancelled++)) {
            prompt.run(lines, true);
        }
    }

    @Test
    void runsStatementsOfOneAndOfSeveralLines() throws IOException {
        type("SELECT 1;\nSELECT 2\n FROM p;\n.quit\nSELECT 3;\n");
        assertThat(run).containsExactly("SELECT 1;", "SELECT 2\n FROM p;");
    }

    @Test
    @DisplayName("C6: several statements stand on one line")
    void runsTheStatementsOfALineOneByOne() throws IOException {
        type("SELECT 1; SELECT ';' -- two;\n; /* ; */ SELECT 3\n;;\n$$;$$; SELECT 4\n");
        assertThat(run)
                .containsExactly("SELECT 1;", "SELECT ';' -- two;\n;", "/* ; */ SELECT 3\n;", "$$;$$;", "SELECT 4");
    }

    @Test
    @DisplayName("C6: Ctrl-C ends the statement that runs, and not the prompt")
    void ctrlCEndsTheStatementThatRuns() throws IOException {
        type("endless;\nSELECT 2;\n");
        assertThat(run).containsExactly("endless;", "SELECT 2;");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("arrow-npz: cancelled 1\n");
    }

    @Test
    void goesOnAfterAFailure() throws IOException {
        type("bad;\nSELECT 1;\n");
        assertThat(run).containsExactly("bad;", "SELECT 1;");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("arrow-npz: no such thing\n");
    }

    @Test
    void listsTablesAndAsksForTheirColumns() throws IOException {
        type(".tables\n.schema p\n.schema it's.npz\n");
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).contains("p");
        assertThat(run)
                .containsExactly(
                        "SELECT column_name, column_type FROM (DESCRIBE FROM \"p\")",
                        "SELECT column_name, column_type FROM (DESCRIBE FROM 'it''s.npz')");
    }

    @Test
    void hintsAtTheCommandThatAMisspeltOneIsLike() throws IOException {
        type(".tabels\n.help\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("did you mean '.tables'?");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(".schema NAME");
    }

    @Test
    void keepsTheHistory() throws IOException {
        type("SELECT 'kept!';\n");
        assertThat(Files.readString(directory.resolve("history"))).contains("SELECT 'kept!';");
    }
}
