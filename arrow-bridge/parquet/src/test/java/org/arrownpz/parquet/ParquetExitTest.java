package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A native writer that gives buffers back on threads of its own can keep a JVM from ending; this writer has none. */
class ParquetExitTest {
    private static final int COLUMNS = Effort.of(2_000, 10_000);
    private static final int SECONDS = 120;

    @TempDir
    Path directory;

    @Test
    void aProgramThatExitsRightAfterAWriteEnds() throws Exception {
        for (int run = 0; run < Effort.of(1, 3); run++) {
            writeAndExit(run);
        }
    }

    @Test
    @Tag("soak")
    void aProgramThatExitsRightAfterAWriteEndsTenTimes() throws Exception {
        for (int run = 0; run < 10; run++) {
            writeAndExit(run);
        }
    }

    private void writeAndExit(int run) throws IOException, InterruptedException {
        Path file = directory.resolve("wide" + run + ".parquet");
        File log = directory.resolve("log" + run).toFile();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WriteAndExit.class.getName(),
                        file.toString(),
                        String.valueOf(COLUMNS))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            assertThat(ended).as("run %s ends", run).isTrue();
            assertThat(process.exitValue()).as(() -> text(log)).isZero();
            assertThat(file).isNotEmptyFile();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
