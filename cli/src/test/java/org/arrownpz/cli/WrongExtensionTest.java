package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file holds counts more than what it is called. */
class WrongExtensionTest {
    @TempDir
    Path directory;

    private Path renamed(String extension, String name) throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        Path made = prices;
        if (!extension.equals("npz")) {
            made = directory.resolve("made." + extension);
            assertThat(Cli.run("convert", prices, made).code()).isZero();
        }
        return Files.move(made, directory.resolve(name));
    }

    @ParameterizedTest
    @CsvSource({
        "npz, x.feather",
        "npz, x.csv",
        "npz, x.parquet",
        "npz, x.npy",
        "npz, x.safetensors",
        "feather, x.npz",
        "feather, x.zip",
        "feather, x.parquet",
        "arrows, x.npz",
        "arrows, x.feather",
        "parquet, x.npz",
        "parquet, x.json",
        "parquet, x.npy"
    })
    void readsAFileUnderAnothersExtension(String extension, String name) throws IOException {
        Path file = renamed(extension, name);
        Path expected = Cli.sample("prices.npz", Files.createDirectory(directory.resolve("samples")));
        for (String verb : new String[] {"cat", "schema", "stats"}) {
            Cli run = Cli.run(verb, file);
            assertThat(run.code()).as(run.err()).isZero();
            if (verb.equals("cat")) {
                assertThat(run.out()).isEqualTo(Cli.run(verb, expected).out());
            }
        }
        assertThat(Cli.run("verify", file).code()).isZero();
        assertThat(Cli.run("info", file).code()).isZero();
        Path back = directory.resolve("back.npz");
        assertThat(Cli.run("convert", file, back).err()).isEmpty();
        assertThat(Cli.run("diff", back, expected).code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"npz", "parquet"})
    void ipcNamesTheFormatThatItIsNot(String extension) throws IOException {
        Path file = renamed(extension, "x.feather");
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> Ipc.open(allocator, file))
                    .hasMessageContaining(extension.equals("npz") ? "NPZ" : "Parquet")
                    .hasMessageContaining(extension.equals("npz") ? "Frames.open" : "Parquet.open");
        }
    }

    @Test
    void framesNameTheFormatThatTheyAreNot() throws IOException {
        Path file = renamed("feather", "x.npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> Frames.open(allocator, file))
                    .hasMessageContaining("Feather")
                    .hasMessageContaining("Ipc.open");
        }
    }

    @Test
    void saysWhatAFileIsThatNothingHereReads() throws IOException {
        Path file = Files.write(directory.resolve("x.npz"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0});
        Cli run = Cli.run("cat", file);
        assertThat(run.code()).isEqualTo(ExitCodes.DATA);
        assertThat(run.err()).contains("gzip").contains("gunzip").hasLineCount(1);
    }
}
