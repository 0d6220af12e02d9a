package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a command leaves that is ended in the middle of its work. */
@DisabledOnOs(OS.WINDOWS)
class StoppedTest {
    @TempDir
    Path directory;

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".arrownpz-tmp"))
                    .toList();
        }
    }

    /** A stream without its end. */
    private byte[] endless() throws IOException {
        Path json = Files.writeString(directory.resolve("t.json"), "{\"k\":1,\"v\":[1,2]}\n");
        byte[] stream = Cli.run("convert", json, "-").bytes();
        return Arrays.copyOf(stream, stream.length - 8);
    }

    private List<String> unpack() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "unpack",
                "-",
                directory.resolve("o.arrows").toString());
    }

    /** A command that waits for more of its input, with a part of its target written. */
    private Process writing() throws IOException, InterruptedException {
        Process command = new ProcessBuilder(unpack())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        OutputStream input = command.getOutputStream();
        input.write(endless());
        input.flush();
        Await.until(() -> !left().isEmpty() || !command.isAlive(), () -> "nothing is written");
        assertThat(left()).hasSize(1);
        return command;
    }

    @Test
    void removesItsTemporaryFileWhenItIsToldToEnd() throws IOException, InterruptedException {
        Process command = writing();
        command.destroy();
        assertThat(command.waitFor()).isEqualTo(143);
        assertThat(left()).isEmpty();
    }

    @Test
    void leavesACleanTerminalAfterCtrlC() throws IOException, InterruptedException {
        assumeTrue(
                SessionTest.hasTerminals(), "there is no python3 with the module pty: no terminal to type Ctrl-C at");
        Path script = directory.resolve("interrupt.py");
        try (InputStream file = Objects.requireNonNull(
                StoppedTest.class.getResourceAsStream("/org/arrownpz/cli/session/interrupt.py"))) {
            Files.copy(file, script);
        }
        Path input = Files.write(directory.resolve("t.arrows"), endless());
        // Written to the end while it waits for more: the speed is known, the share is not.
        List<String> command = new ArrayList<>(
                List.of("python3", script.toString(), "arrow-npz: unpacking -, 1 row, ", input.toString()));
        command.addAll(unpack());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        Process python = builder.start();
        String shown = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(shown).isEqualTo(130);
        assertThat(shown).contains("arrow-npz: unpacking -, 1 row, ").endsWith("\r\u001b[K\u001b[0m");
        assertThat(shown.replaceAll("[^\u001b]*\r\u001b\\[K", "")).isEqualTo("\u001b[0m");
        assertThat(left()).isEmpty();
        assertThat(directory.resolve("o.arrows")).doesNotExist();
    }

    @Test
    void removesWhatAKilledCommandLeftInTheDirectory() throws IOException, InterruptedException {
        Process command = writing();
        command.destroyForcibly().waitFor();
        assertThat(left()).hasSize(1);
        assertThat(Cli.run("convert", directory.resolve("t.json"), directory.resolve("other.npz"))
                        .code())
                .isZero();
        assertThat(left()).isEmpty();
    }
}
