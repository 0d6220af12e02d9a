package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/cli.md says what the command does. */
class DocumentationTest {
    private static final Set<String> GENERAL = Set.of("Installing", "Rules for all verbs", "Verbs");
    private static final String REFERENCE = "cli-reference.md";
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @TempDir
    Path directory;

    private static CommandLine command() {
        Console console = Console.of(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream());
        return Main.commandLine(console, Verbs.NAMES);
    }

    static Set<String> verbs() {
        return new TreeSet<>(command().getSubcommands().keySet());
    }

    private static List<String> section(String verb) throws IOException {
        return section(verb, "cli.md");
    }

    private static List<String> section(String verb, String document) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", document));
        int start = lines.indexOf("## " + verb);
        assertThat(start).as("a section about " + verb).isNotNegative();
        int end = start + 1;
        while (end < lines.size() && !lines.get(end).startsWith("## ")) {
            end++;
        }
        return lines.subList(start, end);
    }

    /** The quoted words of the first column of the section's table with that header. */
    private static Set<String> firstColumn(List<String> section, String header) {
        Set<String> words = new TreeSet<>();
        boolean inside = false;
        for (String line : section) {
            if (!line.startsWith("|")) {
                inside = false;
            } else if (line.startsWith("| " + header + " |")) {
                inside = true;
            } else if (inside) {
                Matcher matcher = QUOTED.matcher(line.split("\\|", 3)[1]);
                while (matcher.find()) {
                    words.add(matcher.group(1));
                }
            }
        }
        return words;
    }

    @Test
    void tellsOfEachVerbAndNoOthers() throws IOException {
        Set<String> sections = firstColumn(section("Verbs"), "verb");
        for (String line : Files.readAllLines(Path.of("..", "docs", "cli.md"))) {
            if (line.startsWith("## ") && !GENERAL.contains(line.substring(3))) {
                sections.add(line.substring(3));
            }
        }
        assertThat(sections).isEqualTo(verbs());
    }

    /** The table of flags is that of the verbs' help: {@code -Darrownpz.regenerate=true} writes it anew. */
    @Test
    void listsTheFlagsOfAllVerbs() throws IOException {
        Set<String> all = verbs();
        Map<String, Map<String, Set<String>>> flags = new TreeMap<>();
        command().getSubcommands().forEach((verb, line) -> {
            for (OptionSpec option : line.getCommandSpec().options()) {
                String names = Arrays.stream(option.names())
                        .sorted(Comparator.comparing(String::length).reversed())
                        .map(name -> "`" + name + "`")
                        .collect(Collectors.joining(", "));
                String what = String.join(" ", option.description())
                        .replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValueString(true)));
                flags.computeIfAbsent(names, row -> new TreeMap<>())
                        .computeIfAbsent(what, row -> new TreeSet<>())
                        .add(verb);
            }
        });
        StringBuilder table = new StringBuilder("| flag | verbs | what |\n| --- | --- | --- |\n");
        flags.forEach((names, meanings) -> {
            Set<String> of = new TreeSet<>();
            meanings.values().forEach(of::addAll);
            String what = meanings.entrySet().stream()
                    .map(meaning ->
                            (meanings.size() > 1 ? list(meaning.getValue(), all) + ": " : "") + meaning.getKey())
                    .collect(Collectors.joining(" "));
            table.append(String.format("| %s | %s | %s |%n", names, list(of, all), what));
        });
        Path document = Path.of("..", "docs", REFERENCE);
        String text = Files.readString(document);
        int from = text.indexOf("<!-- flags -->\n") + 15;
        int to = text.indexOf("<!-- end of flags -->");
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.writeString(document, text.substring(0, from) + table + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(table.toString());
        }
    }

    private static String list(Set<String> verbs, Set<String> all) {
        Set<String> others = new TreeSet<>(all);
        others.removeAll(verbs);
        if (others.size() > 4) {
            return String.join(", ", verbs);
        }
        return others.isEmpty() ? "all" : "all but " + String.join(", ", others);
    }

    /** In docs/serving.md, and in the unit and the configuration file of samples/deploy. */
    @Test
    void servingTellsOnlyOfFlagsThatThereAre() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "serving.md"));
        Set<String> flags = new TreeSet<>();
        for (String verb : List.of("serve", "token")) {
            for (OptionSpec option :
                    command().getSubcommands().get(verb).getCommandSpec().options()) {
                flags.addAll(List.of(option.names()));
            }
        }
        // Of java and docker.
        Set<String> others = Set.of("--add-opens", "--shm-size");
        Set<String> told = new TreeSet<>();
        Matcher flag = Pattern.compile("--[a-z][a-z-]*").matcher(text);
        while (flag.find()) {
            told.add(flag.group());
        }
        Path deploy = Path.of("..", "samples", "deploy");
        Files.readAllLines(deploy.resolve("serve.properties")).forEach(line -> told.add("--" + line.split(" = ")[0]));
        flag = Pattern.compile("--[a-z][a-z-]*").matcher(Files.readString(deploy.resolve("arrow-npz.service")));
        while (flag.find()) {
            told.add(flag.group());
        }
        told.removeAll(others);
        assertThat(told).hasSizeGreaterThan(20).isSubsetOf(flags);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void showsAnExampleInTheHelpOf(String verb) {
        Cli run = Cli.run(verb, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Example").contains("arrow-npz " + verb + " ");
    }

    @Test
    void listsExactlyTheKeysOfVerifyAndInfo() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        var verdict = Cli.run("verify", prices).lines().get(0);
        assertThat(keys(verdict.fields())).isEqualTo(firstColumn(section("verify", REFERENCE), "JSON key"));
        var info = Cli.run("info", prices).lines().get(0);
        assertThat(keys(info.fields())).isEqualTo(firstColumn(section("info", REFERENCE), "JSON key"));
        assertThat(keys(info.get("members").get(0).fields()))
                .isEqualTo(firstColumn(section("info", REFERENCE), "member key"));
    }

    @Test
    void listsExactlyTheKeysOfStatsDiffAndAlign() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        var stats = Cli.run("stats", prices).lines().get(0);
        assertThat(keys(stats.fields())).isEqualTo(firstColumn(section("stats", REFERENCE), "JSON key"));
        Path other = directory.resolve("x.csv");
        Cli.run("convert", prices, other);
        var difference = Cli.run("diff", prices, other).lines().get(0);
        assertThat(keys(difference.fields())).isEqualTo(firstColumn(section("diff", REFERENCE), "JSON key"));
        var report = Cli.run("align", "--json", prices, directory.resolve("x.npz"))
                .lines()
                .get(0);
        assertThat(keys(report.fields())).isEqualTo(firstColumn(section("align", REFERENCE), "JSON key"));
    }

    @Test
    void listsExactlyTheKeysOfTheReportOnPacking() throws IOException {
        Path events = Cli.sample("events.csv", directory);
        var report =
                Cli.run("pack", events, "--by", "GroupID", "--report").lines().get(0);
        assertThat(keys(report.fields())).isEqualTo(firstColumn(section("pack", REFERENCE), "report key"));
    }

    @Test
    void listsTheExitCodes() throws IOException {
        List<String> codes = new ArrayList<>();
        for (String line : section("Rules for all verbs")) {
            if (line.matches("\\| \\d+ \\|.*")) {
                codes.add(line.split(" ")[1]);
            }
        }
        assertThat(codes).containsExactly("" + ExitCodes.OK, "" + ExitCodes.DATA, "" + ExitCodes.USAGE);
    }

    @Test
    void explainsItselfWithoutAVerb() {
        Cli run = Cli.run();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: arrow-npz");
        assertThat(Cli.run("--help").out()).contains("Exit codes");
        assertThat(Cli.run("--version").out()).startsWith("arrow-npz ");
        assertThat(Cli.run("frobnicate").code()).isEqualTo(2);
    }

    private static <T> Set<String> keys(Iterator<Map.Entry<String, T>> fields) {
        Set<String> keys = new TreeSet<>();
        fields.forEachRemaining(field -> keys.add(field.getKey()));
        return keys;
    }
}
