package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

    /** A command that waits for more of its input, with a part of its target written. */
    private Process writing() throws IOException, InterruptedException {
        Path json = Files.writeString(directory.resolve("t.json"), "{\"k\":1,\"v\":[1,2]}\n");
        byte[] stream = Cli.run("convert", json, "-").bytes();
        Process command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "unpack",
                        "-",
                        directory.resolve("o.arrows").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        OutputStream input = command.getOutputStream();
        // Without the end of the stream.
        input.write(stream, 0, stream.length - 8);
        input.flush();
        while (left().isEmpty() && command.isAlive()) {
            Thread.sleep(20);
        }
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
