package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --columns} on Arrow files: the others are not read, and labels stay those of the whole. */
class ArrowColumnsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"x.feather", "x.arrows"})
    void keepsTheIndexAndTheLabels(String name) {
        Path prices = Cli.sample("prices.npz", directory);
        Path arrow = directory.resolve(name);
        assertThat(Cli.run("convert", prices, arrow).code()).isZero();
        String columns = lastTwoColumns(prices);
        Path expected = directory.resolve("expected.npz");
        Path found = directory.resolve("found.npz");
        assertThat(Cli.run("convert", "-c", columns, prices, expected).code()).isZero();
        assertThat(Cli.run("convert", "-c", columns, arrow, found))
                .extracting(Cli::code, Cli::err)
                .containsExactly(0, "");
        assertThat(found).hasSameBinaryContentAs(expected);
        assertThat(Cli.run("cat", "-c", columns, arrow).out())
                .isEqualTo(Cli.run("cat", "-c", columns, prices).out());
    }

    private static String lastTwoColumns(Path file) {
        List<String> names = new ArrayList<>();
        Cli.run("cat", file).lines().get(0).fieldNames().forEachRemaining(names::add);
        assertThat(names).hasSizeGreaterThan(2);
        return names.get(names.size() - 1) + "," + names.get(names.size() - 2);
    }

    @Test
    void doesNotReadOthers() throws IOException {
        Path file = withADamagedText();
        assertThat(Cli.run("cat", file).code()).isEqualTo(1);
        assertThat(Cli.run("cat", "-c", "text", file).code()).isEqualTo(1);
        assertThat(Cli.run("cat", "-c", "number,key", file))
                .extracting(Cli::code, Cli::out)
                .containsExactly(0, "{\"number\":1,\"key\":7}\n{\"number\":2,\"key\":7}\n");
        Path packed = directory.resolve("packed.npz");
        assertThat(Cli.run("pack", "-c", "key,number", "--by", "key", file, packed)
                        .code())
                .isZero();
        assertThat(Cli.run("cat", packed).out()).isEqualTo("{\"key\":7,\"number\":[1,2]}\n");
    }

    @Test
    void namesColumnsThatAreNotThere() throws IOException {
        Cli refused = Cli.run("cat", "-c", "key,nothing", withADamagedText());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("nothing").hasLineCount(1);
    }

    /** A file of numbers and of a text column, whose offsets lead out of it. */
    private Path withADamagedText() throws IOException {
        Path csv = Files.writeString(directory.resolve("x.csv"), "key,text,number\n7,needle,1\n7,b,2\n");
        Path file = directory.resolve("x.feather");
        assertThat(Cli.run("convert", csv, file).code()).isZero();
        byte[] bytes = Files.readAllBytes(file);
        int text = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("needleb");
        // The offsets lie right before the texts, in 64 bytes of their own: 0, 6, 7.
        int second = text - 64 + 4;
        assertThat(bytes[second]).isEqualTo((byte) 6);
        bytes[second + 2] = 1;
        Files.write(file, bytes);
        return file;
    }
}
