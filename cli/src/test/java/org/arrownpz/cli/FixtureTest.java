package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixtureTest {
    @TempDir
    Path directory;

    @Test
    void makesTheFrameThatALineDescribes() {
        Path target = directory.resolve("x.npz");
        Cli run = Cli.run("fixture", "s(4,6)|v(int,bool,str)|i(I,str)|c(ID,dtD)", target);
        assertThat(run.code()).as(run.err()).isZero();
        var info = Cli.run("info", target).lines().get(0);
        assertThat(info.get("rows").asLong()).isEqualTo(4);
        assertThat(info.get("columns").asLong()).isEqualTo(6);
        assertThat(info.get("column_labels").get("class").asText()).isEqualTo("IndexDate");
        assertThat(Cli.run("fixture", "s(4,6)|v(int,bool,str)|i(I,str)|c(ID,dtD)")
                        .out())
                .isEqualTo(Cli.run("cat", target).out());
    }

    @Test
    void saysWhereALineIsWrong() {
        Cli run = Cli.run("fixture", "s(4,6)|v(nonsense)");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).contains("at character");
    }
}
