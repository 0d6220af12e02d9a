package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** A verb alone is described to picocli where it is named; what people see is the same. */
class VerbsTest {
    static final List<String> NAMES = Verbs.NAMES;

    @TempDir
    Path directory;

    private static CommandLine command(List<String> verbs) {
        Console console = Console.of(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream());
        return Main.commandLine(console, verbs);
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void describesOnlyTheVerbThatIsNamed(String verb) {
        List<String> named = Verbs.named(new String[] {verb, "schema", "--help"});
        assertThat(named).containsExactly(verb);
        assertThat(command(named).getSubcommands()).containsOnlyKeys(verb);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-h", "--help", "-V", "--version", "inf", "Info", "help", "@arguments", "--", "--debug"})
    void describesAllVerbsForOtherWords(String word) {
        assertThat(Verbs.named(new String[] {word, "info"})).isEqualTo(Verbs.NAMES);
    }

    @Test
    void describesAllVerbsWithoutArguments() {
        assertThat(Verbs.named(new String[0])).isEqualTo(Verbs.NAMES);
        assertThat(command(Verbs.NAMES).getSubcommands().keySet()).containsExactlyElementsOf(Verbs.NAMES);
    }

    @Test
    void refusesToCreateOtherVerbs() {
        Console console = Console.of(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream());
        assertThatThrownBy(() -> Verbs.create("frobnicate", console)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void helpsTheSameAsAmongAllVerbs(String verb) {
        CommandLine alone = command(List.of(verb)).getSubcommands().get(verb);
        CommandLine amongAll = command(Verbs.NAMES).getSubcommands().get(verb);
        assertThat(alone.getUsageMessage()).isEqualTo(amongAll.getUsageMessage());
        assertThat(Cli.run(verb, "--help").out()).isEqualTo(amongAll.getUsageMessage());
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void refusesAnUnknownFlagInTheSameWords(String verb) {
        Cli run = Cli.run(verb, "--frobnicate", "schema");
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThatThrownBy(() -> command(Verbs.NAMES).parseArgs(verb, "--frobnicate", "schema"))
                .satisfies(failure -> assertThat(run.err())
                        .startsWith("arrow-npz: "
                                + failure.getMessage()
                                        .replaceFirst(
                                                "expected one of .*",
                                                "'schema' is none of " + (verb.equals("token") ? "new" : "bash, zsh")))
                        .endsWith("\nTry 'arrow-npz " + verb + " --help'.\n"));
    }

    @Test
    void listsAllVerbsInTheHelp() {
        String help = Cli.run("--help").out();
        assertThat(help).isEqualTo(command(Verbs.NAMES).getUsageMessage());
        assertThat(help.lines().map(line -> line.strip().split(" ", 2)[0])).containsSubsequence(Verbs.NAMES);
        assertThat(Cli.run().err()).isEqualTo(help);
    }

    @Test
    void knowsWhichVerbAMisspeltOneIsLike() {
        assertThatThrownBy(() -> command(Verbs.named(new String[] {"inf"})).parseArgs("inf"))
                .isInstanceOfSatisfying(
                        UnmatchedArgumentException.class,
                        failure -> assertThat(failure.getSuggestions()).contains("info"));
        Cli run = Cli.run("inf", "x.npz");
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err())
                .matches("arrow-npz: there is no verb 'inf'; did you mean 'info'\\?\nTry 'arrow-npz --help'.\n");
        assertThat(Cli.run("convret").err())
                .startsWith("arrow-npz: there is no verb 'convret'; did you mean 'convert'?");
        assertThat(Cli.run("Head").err()).startsWith("arrow-npz: there is no verb 'Head'; did you mean 'head'?");
        assertThat(Cli.run("zzzz").err()).startsWith("arrow-npz: there is no verb 'zzzz'\n");
    }

    @Test
    void knowsWhichFlagAMisspeltOneIsLike() {
        assertThat(Cli.run("head", "--jsn", "x.npz").err())
                .startsWith("arrow-npz: Unknown option: '--jsn'; did you mean --json");
    }

    @Test
    void looksAtAFileWithoutAVerb() {
        Path prices = Cli.sample("prices.npz", directory);
        assertThat(Cli.run(prices).out()).isEqualTo(Cli.run("info", prices).out());
        assertThat(Cli.run(prices, "--json").code()).isZero();
        Cli missing = Cli.run("missing.npz");
        assertThat(missing.code()).isEqualTo(ExitCodes.DATA);
        assertThat(missing.err()).contains("missing.npz");
    }

    @Test
    void takesAFileNamedLikeAVerbForAFile() {
        Cli run = Cli.run("info", directory.resolve("schema"));
        assertThat(run.code()).isEqualTo(ExitCodes.DATA);
        assertThat(run.err()).contains("schema");
    }

    @Test
    void findsTheVerbInAnArgumentFile() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        Path arguments = Files.writeString(directory.resolve("arguments"), "info\n");
        assertThat(Cli.run("@" + arguments, prices).out())
                .isEqualTo(Cli.run("info", prices).out());
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void helpOfAVerbIsItsHelp(String verb) {
        assertThat(Cli.run("help", verb).out())
                .isEqualTo(Cli.run(verb, "--help").out());
    }

    @Test
    void helpWithoutAVerbListsThem() {
        assertThat(Cli.run("help").out()).isEqualTo(Cli.run("--help").out());
        Cli run = Cli.run("help", "convret");
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("did you mean 'convert'?");
    }
}
