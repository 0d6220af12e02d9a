package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns as users name them: index levels are columns, blanks after commas do no harm, near misses get a hint. */
class ColumnChoiceTest {
    @TempDir
    Path directory;

    private Path labelled(String name) throws IOException {
        Path csv = Files.writeString(directory.resolve("t.csv"), "day,key,v, w\n1,a,0.5,7\n2,b,1.5,8\n");
        Path target = directory.resolve(name);
        Cli run = Cli.run("convert", csv, target, "--index", "day");
        assertThat(run.code()).as(run.err()).isZero();
        return target;
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.arrows", "t.parquet"})
    void indexLevelsAreColumns(String name) throws IOException {
        Path file = labelled(name);
        String both = "{\"day\":1,\"v\":0.5}\n{\"day\":2,\"v\":1.5}\n";
        assertThat(Cli.run("cat", "-c", "v", file).out()).isEqualTo(both);
        assertThat(Cli.run("cat", "-c", "day,v", file).out()).isEqualTo(both);
        Cli alone = Cli.run("cat", "-c", "day", file);
        assertThat(alone.out()).as(alone.err()).isEqualTo("{\"day\":1}\n{\"day\":2}\n");
    }

    @Test
    void indexLevelsOfAStreamAreColumns() throws IOException {
        byte[] stream = Files.readAllBytes(labelled("t.arrows"));
        assertThat(Cli.withInput(stream, "cat", "-c", "day,key", "-").out())
                .isEqualTo("{\"day\":1,\"key\":\"a\"}\n{\"day\":2,\"key\":\"b\"}\n");
        assertThat(Cli.withInput(stream, "cat", "-c", "day", "-").out()).isEqualTo("{\"day\":1}\n{\"day\":2}\n");
    }

    @Test
    void blanksAfterCommasDoNoHarm() throws IOException {
        Path file = labelled("t.npz");
        String expected = "{\"day\":1,\"v\":0.5,\"key\":\"a\"}\n{\"day\":2,\"v\":1.5,\"key\":\"b\"}\n";
        assertThat(Cli.run("cat", "-c", "v,", "key", file).out()).isEqualTo(expected);
        assertThat(Cli.run("cat", "-c", "v, key", file).out()).isEqualTo(expected);
        assertThat(Cli.run("cat", file, "--columns=v,", "key").out()).isEqualTo(expected);
        Path csv = directory.resolve("t.csv");
        Cli packed = Cli.run("pack", csv, "--by", "key,", "day", "--pack", "v,", "w");
        assertThat(packed.code()).as(packed.err()).isZero();
    }

    @Test
    void aNameThatBeginsWithABlankCanBeNamed() throws IOException {
        Path file = labelled("t.npz");
        String expected = "{\"day\":1,\" w\":7}\n{\"day\":2,\" w\":8}\n";
        assertThat(Cli.run("cat", "-c", " w", file).out()).isEqualTo(expected);
        assertThat(Cli.run("cat", "-c", "w", file).out()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.parquet", "t.csv"})
    void hintsAtTheColumnThatAMisspeltOneIsLike(String name) throws IOException {
        Path file = name.equals("t.csv") ? directory.resolve(name) : labelled(name);
        if (name.equals("t.csv")) {
            labelled("t.npz");
        }
        Cli run = Cli.run("cat", "-c", "v,kye", file);
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err())
                .isEqualTo("arrow-npz: there is no column 'kye'; did you mean 'key'? There are day, key, v,  w\n");
        assertThat(Cli.run("cat", "-c", "Day", file).err()).contains("did you mean 'day'?");
        assertThat(Cli.run("pack", file, "--by", "kye").err()).contains("did you mean 'key'?");
        assertThat(Cli.run("convert", file, directory.resolve("o.npz"), "--index", "kye")
                        .err())
                .contains("did you mean 'key'?");
        assertThat(Cli.run("cat", "-c", "nothing_like_it", file).err()).doesNotContain("did you mean");
    }
}
