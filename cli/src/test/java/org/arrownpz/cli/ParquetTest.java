package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
    void compressesOnRequest() throws SQLException {
        Path zstd = directory.resolve("zstd.parquet");
        Path plain = directory.resolve("plain.parquet");
        assertThat(Cli.run("convert", "--compression", "zstd", prices, zstd).code())
                .isZero();
        assertThat(Cli.run("sql", "FROM '" + prices + "'", "-o", plain, "--compression", "none")
                        .code())
                .isZero();
        String codecs = "SELECT string_agg(DISTINCT compression) FROM parquet_metadata('%s')";
        assertThat(duck(codecs.formatted(parquet))).isEqualTo("SNAPPY");
        assertThat(duck(codecs.formatted(zstd))).isEqualTo("ZSTD");
        assertThat(duck(codecs.formatted(plain))).isEqualTo("UNCOMPRESSED");
    }

    @Test
    void endsRowGroupsOnRequest() throws SQLException {
        Path target = directory.resolve("packed.parquet");
        assertThat(Cli.run("convert", prices, target, "--row-group-rows", 25).code())
                .isZero();
        String rows = "SELECT string_agg(DISTINCT row_group_num_rows ORDER BY row_group_num_rows) "
                + "FROM parquet_metadata('%s')";
        assertThat(duck(rows.formatted(target))).isEqualTo("10,25");
        assertThat(Cli.run("cat", target).out())
                .isEqualTo(Cli.run("cat", prices).out());
    }

    private static String duck(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void keepsAnExistingTarget() {
        assertThat(Cli.run("convert", prices, parquet).code()).isEqualTo(2);
        assertThat(Cli.run("convert", "--force", prices, parquet).code()).isZero();
    }
}
