package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "conv, convert",
        "convert --strin, --strings",
        "convert --strings u, unicode",
        "convert --form f, frame",
        "convert --dictionaries d, decode",
        "sql --tab, --table",
        "comple, completion"
    })
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void bashCompletes(String typed, String completed) throws IOException, InterruptedException {
        Path script = Files.writeString(
                directory.resolve("complete"), Cli.run("completion", "bash").out());
        // Outside of a shell that completes, there is nothing to tell it.
        String ask = "compopt() { :; }; source '" + script + "'; COMP_WORDS=(arrow-npz " + typed + "); COMP_CWORD="
                + typed.split(" ").length
                + "; f=$(complete -p arrow-npz | sed 's/.*-F \\([^ ]*\\).*/\\1/'); $f; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "-c", ask)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bash.waitFor();
        assertThat(answer.lines().map(String::strip).map(line -> line.toLowerCase(Locale.ROOT)))
                .contains(completed);
    }

    @Test
    void zshRunsTheScriptForBash() {
        String script = Cli.run("completion", "zsh").out();
        assertThat(script).isEqualTo(Cli.run("completion", "bash").out()).contains("bashcompinit");
    }

    @Test
    void fishKnowsAllVerbsFlagsAndValues() {
        List<String> lines = Cli.run("completion", "fish").out().lines().toList();
        for (String verb : Verbs.NAMES) {
            assertThat(lines).anyMatch(line -> line.contains(" -a " + verb + " -d '"));
            assertThat(lines)
                    .anyMatch(line -> line.contains("'__fish_seen_subcommand_from " + verb + "' -s h -l help -d "));
        }
        assertThat(lines)
                .anyMatch(line ->
                        line.contains("'__fish_seen_subcommand_from convert' -l strings -x -a 'auto unicode arrow'"));
        assertThat(lines).allMatch(line -> line.startsWith("#") || line.startsWith("complete -c arrow-npz -n '"));
        // A quote within quotes has a backslash; else quotes are even.
        assertThat(lines)
                .allMatch(line ->
                        line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2 == 0);
    }

    @Test
    void refusesOtherShells() {
        Cli run = Cli.run("completion", "tcsh");
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("tcsh");
    }
}
