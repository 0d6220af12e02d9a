package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {
    @TempDir
    Path directory;

    private Path prices;
    private Path parquet;

    @BeforeEach
    void convertPrices() {
        prices = Cli.sample("prices.npz", directory);
        parquet = directory.resolve("x.parquet");
        Cli run = Cli.run("convert", prices, parquet);
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void printsThemAsOtherFiles() throws IOException {
        assertThat(Cli.run("cat", "-c", "close,date", parquet).out())
                .isEqualTo(Cli.run("cat", "-c", "close,date", prices).out());
        assertThat(Cli.run("stats", parquet).out())
                .isEqualTo(Cli.run("stats", prices).out());
        assertThat(Cli.run("schema", parquet).out())
                .isEqualTo(Cli.run("schema", prices).out());
        Path unnamed = Files.copy(parquet, directory.resolve("unnamed"));
        assertThat(Cli.run("head", unnamed).out())
                .isEqualTo(Cli.run("head", prices).out());
    }

    @Test
    void tellsWhatIsInThemAndChecksThem() throws IOException {
        var info = Cli.run("info", parquet).lines().get(0);
        assertThat(info.get("kind").asText()).isEqualTo("parquet");
        assertThat(info.get("rows").asLong()).isEqualTo(60);
        assertThat(info.get("name").asText()).isEqualTo("prices");
        assertThat(Cli.run("verify", parquet).lines().get(0).get("kind").asText())
                .isEqualTo("parquet");
        byte[] bytes = Files.readAllBytes(parquet);
        Path cut = Files.write(directory.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(Cli.run("verify", cut).code()).isEqualTo(1);
        Cli run = Cli.run("cat", cut);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).hasLineCount(1).contains("cut.parquet");
    }

    @Test
    void keepsAnExistingTarget() {
        assertThat(Cli.run("convert", prices, parquet).code()).isEqualTo(2);
        assertThat(Cli.run("convert", "--force", prices, parquet).code()).isZero();
    }
}
