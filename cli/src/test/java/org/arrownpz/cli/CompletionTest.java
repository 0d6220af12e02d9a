package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CompletionTest {
    static final List<String> VERBS = Verbs.NAMES;

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
        "pack --order ru, runs",
        "convert --to par, parquet",
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

    /** All that the command knows, of every verb. */
    private static CommandLine command() {
        Console console = Console.of(
                InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        return Main.commandLine(console, Verbs.NAMES);
    }

    private static List<String> values(OptionSpec option) {
        List<String> values = new ArrayList<>();
        if (option.completionCandidates() != null) {
            option.completionCandidates().forEach(value -> values.add(value.toLowerCase(Locale.ROOT)));
        }
        return values;
    }

    @ParameterizedTest
    @FieldSource("VERBS")
    void bashKnowsAllFlagsAndValuesOfAVerb(String verb) {
        String script = Cli.run("completion", "bash").out();
        int start = script.indexOf("\nfunction _picocli_arrow-npz_" + verb + "() {");
        assertThat(start).isPositive();
        String function =
                script.substring(start, script.indexOf("\n}\n", start)).toLowerCase(Locale.ROOT);
        for (OptionSpec option :
                command().getSubcommands().get(verb).getCommandSpec().options()) {
            for (String name : option.names()) {
                assertThat(function).contains("'" + name.toLowerCase(Locale.ROOT) + "'");
            }
            for (String value : values(option)) {
                assertThat(function).contains("\"" + value + "\"");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"head ''", "convert pri", "sql -o ''", "stats --json ./", "paste a.npy --out ''"})
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @DisplayName("C7: bash completes file names where the script has nothing to say")
    void bashCompletesFileNamesAfterVerbs(String typed) throws IOException, InterruptedException {
        Path script = Files.writeString(
                directory.resolve("complete"), Cli.run("completion", "bash").out());
        String ask = "compopt() { echo \"compopt $*\"; }; source '" + script + "'; complete -p arrow-npz; "
                + "COMP_WORDS=(arrow-npz " + typed + "); COMP_CWORD=" + typed.split(" ").length
                + "; _complete_arrow-npz; printf '%s' \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bash.waitFor();
        assertThat(answer.strip()).hasLineCount(1).startsWith("complete -o default -F _complete_arrow-npz");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void bashTakesTheScript() throws IOException, InterruptedException {
        Path script = Files.writeString(
                directory.resolve("complete"), Cli.run("completion", "bash").out());
        Process bash = new ProcessBuilder("bash", "-n", script.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void zshRunsTheScriptForBash() {
        String script = Cli.run("completion", "zsh").out();
        assertThat(script).isEqualTo(Cli.run("completion", "bash").out()).contains("bashcompinit");
    }

    @Test
    void refusesOtherShells() {
        Cli run = Cli.run("completion", "tcsh");
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("tcsh");
    }
}
