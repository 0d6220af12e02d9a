package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.arrownpz.array.Npz;
import org.arrownpz.cli.console.Width;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All verbs in one session on a terminal: a real one, which Python's module pty makes, and the recording of it. With {@code
 * -Darrownpz.regenerate=true} the recording is made again.
 */
class SessionTest {
    private static final String FOLDER = "/org/arrownpz/cli/session/";
    private static final Path RECORDING = Path.of("src/test/resources/org/arrownpz/cli/session/recording.txt");
    private static final int RECORDED_WIDTH = 80;
    private static final String ERASE = "\r\u001b[K";
    private static final int MINUTES = 5;

    @TempDir
    static Path directory;

    @BeforeAll
    static void makeFiles() throws IOException {
        for (String name : List.of("terminal.py", "commands.txt")) {
            try (InputStream file = Objects.requireNonNull(SessionTest.class.getResourceAsStream(FOLDER + name))) {
                Files.copy(file, directory.resolve(name));
            }
        }
    }

    /** The same files for each session. */
    private static Path scene(String name) throws IOException {
        Path scene = Files.createDirectory(directory.resolve(name));
        for (String sample : List.of(
                "prices.npz", "values.npz", "deflated.npz", "uneven.npz", "grid.npy", "types.feather", "bus.zip")) {
            Cli.sample(sample, scene);
        }
        Cli.sample("events.csv", scene);
        Path files = Files.createDirectory(scene.resolve("files"));
        Cli.sample("prices.npz", files);
        Cli.sample("events.csv", files);
        // Escape sequences, line ends, bells and letters of any width, in names and in values.
        String hostile = "\u001b[31m\u001b]0;title\u0007\r\n\t\u0000\u009b2J中文😀e\u0301\u202e";
        Npz.save(scene.resolve("hostile.npz"), Map.of("h", new String[] {hostile, "中文字".repeat(40), "x".repeat(500)}));
        String escaped = "\\u001b[31m\\u0007\\r\\n\\t\\u009b2J中文😀e\u0301\\u202e";
        Files.writeString(
                scene.resolve("hostile.json"),
                "{\"n" + escaped + "\":\"" + escaped + "\",\"l\":[\"" + escaped + "\"]}\n");
        Map<String, Object> many = new LinkedHashMap<>();
        IntStream.range(0, 100).forEach(i -> many.put("array" + i, new double[i % 3]));
        Npz.save(scene.resolve("many.npz"), many);
        Files.writeString(
                scene.resolve("wide.csv"),
                IntStream.range(0, 300).mapToObj(i -> "c" + i).collect(Collectors.joining(",", "", "\n"))
                        + IntStream.range(0, 300)
                                .mapToObj(i -> "" + i * 1001)
                                .collect(Collectors.joining(",", "", "\n")));
        return scene;
    }

    private static List<String> java(String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Djava.awt.headless=true"));
        if (Runtime.version().feature() >= 24) {
            // Else Java warns of what libraries do.
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of(more));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Session.class.getName(),
                directory.resolve("commands.txt").toString()));
        return command;
    }

    private static String run(Path scene, List<String> command) throws IOException, InterruptedException {
        Path shown = scene.resolveSibling(scene.getFileName() + ".shown");
        ProcessBuilder builder = new ProcessBuilder(command).directory(scene.toFile());
        builder.redirectErrorStream(true).redirectOutput(shown.toFile());
        builder.environment().put("TERM", "xterm");
        // Of another terminal: nobody asks for it.
        builder.environment().put("COLUMNS", "33");
        builder.environment().remove("NO_COLOR");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(shown, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        assertThat(Files.readString(scene.resolve("piped")).chars().filter(c -> Character.isISOControl(c) && c != '\n'))
                .as("control characters in a pipe")
                .isEmpty();
        return text;
    }

    private static String onTerminal() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("python3", directory.resolve("terminal.py").toString(), "" + RECORDED_WIDTH));
        command.addAll(java());
        command.addAll(List.of("60", "200"));
        return run(scene("terminal"), command).replace("\r\n", "\n");
    }

    static boolean hasTerminals() {
        if (File.separatorChar != '/') {
            return false;
        }
        try {
            Process python = new ProcessBuilder("python3", "-c", "import pty; pty.openpty()")
                    .redirectErrorStream(true)
                    .start();
            python.getInputStream().readAllBytes();
            return python.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void fitsTheTerminalLeavesNothingBehindAndKeepsPipesClean() throws Exception {
        assumeTrue(hasTerminals(), "there is no python3 with the module pty: no terminal to show the session on");
        String shown = onTerminal();
        assertThat(shown).contains(ERASE + "arrow-npz: working");
        String screen = erased(shown);
        assertThat(screen).contains("$ arrow-npz progress\ndone\n").doesNotContain("working");
        assertThat(screen).contains("\n# 60 columns\n", "\n# 200 columns\n", "\u001b[32mview\u001b[0m");
        int width = RECORDED_WIDTH;
        for (String line : screen.split("\n")) {
            if (line.startsWith("# ")) {
                width = Integer.parseInt(line.split(" ")[1]);
            }
            assertThat(line.startsWith("$ ") ? 0 : Width.of(line)).as(line).isLessThanOrEqualTo(width);
            assertThat(withoutColors(line).chars().filter(Character::isISOControl))
                    .as(line)
                    .isEmpty();
        }
        compareWithRecording(screen.substring(0, screen.indexOf("# 60 columns\n")));
    }

    @Test
    void looksAsItWasRecordedWhereThereAreNoTerminals() throws Exception {
        assumeTrue(!hasTerminals(), "the session on a terminal is compared with the recording");
        compareWithRecording(erased(run(
                scene("told"),
                java(
                        "-Darrownpz.stdout.terminal=true",
                        "-Darrownpz.stderr.terminal=true",
                        "-Darrownpz.terminal.columns=" + RECORDED_WIDTH))));
    }

    @Test
    void isShownInTheDocumentation() throws IOException {
        String recording = withoutColors(Files.readString(RECORDING).replace("␛", "\u001b"));
        List<String> excerpts = Arrays.stream(
                        Files.readString(Path.of("..", "docs", "cli.md")).split("```"))
                .filter(block -> block.startsWith("console\n$ arrow-npz "))
                .map(block -> block.substring("console\n".length()))
                .toList();
        assertThat(excerpts)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(excerpt -> assertThat("\n" + recording + "$ ").contains("\n" + excerpt + "$ "));
    }

    /** {@code docs/terminal.svg} is drawn from the recording. */
    @Test
    void isDrawnForTheReadme() throws IOException {
        Path picture = Path.of("..", "docs", "terminal.svg");
        String drawn =
                SessionPicture.draw(Files.readString(RECORDING), List.of("info prices.npz", "head -n 3 prices.npz"));
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.writeString(picture, drawn);
        }
        assertThat(Files.readString(picture)).isEqualTo(drawn);
    }

    private static void compareWithRecording(String screen) throws IOException {
        String visible = screen.replace("\u001b", "␛");
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.writeString(RECORDING, visible);
        }
        assertThat(visible).isEqualTo(Files.readString(RECORDING));
    }

    /** What is left where lines were written anew. */
    private static String erased(String shown) {
        StringBuilder screen = new StringBuilder();
        for (String line : shown.split("\n", -1)) {
            int erase = line.lastIndexOf(ERASE);
            screen.append(erase < 0 ? line : line.substring(erase + ERASE.length()))
                    .append('\n');
        }
        screen.setLength(screen.length() - 1);
        return screen.toString();
    }

    private static String withoutColors(String text) {
        return text.replaceAll("\u001b\\[[0-9]+m", "");
    }
}
