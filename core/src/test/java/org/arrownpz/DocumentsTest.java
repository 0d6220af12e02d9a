package org.arrownpz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documents at the root and the benchmarks' page say can be looked up, and they stay short. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path BENCHMARKS = ROOT.resolve("benchmarks");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d[\\d,]*(?:\\.\\d+)?(?![\\w.]*\\w)");
    private static final Pattern RESULT = Pattern.compile("\\(results/([^)]+)\\)");

    @ParameterizedTest
    @CsvSource({
        "README.md, 120",
        "docs/cli.md, 225",
        "docs/cli-reference.md, 340",
        "docs/cookbook.md, 490",
        "docs/errors.md, 110",
        "docs/guide.md, 385",
        "docs/serving.md, 290",
        "ARCHITECTURE.md, 120",
        "SECURITY.md, 84",
        "RELIABILITY.md, 60",
        "benchmarks/README.md, 120",
    })
    void staysShort(String document, int lines) throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve(document))).hasSizeLessThanOrEqualTo(lines);
    }

    @Test
    void stayShortAltogether() throws IOException {
        int lines = Files.readAllLines(ROOT.resolve("README.md")).size();
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page : pages.filter(path -> path.toString().matches(".*(?<!releasing)\\.md"))
                    .toList()) {
                lines += Files.readAllLines(page).size();
            }
        }
        assertThat(lines).isLessThanOrEqualTo(3_000);
    }

    @Test
    void changelogHasAtMost15LinesARelease() throws IOException {
        String[] releases = Files.readString(ROOT.resolve("CHANGELOG.md")).split("(?m)^## ");
        assertThat(releases).hasSizeGreaterThan(1);
        for (int i = 1; i < releases.length; i++) {
            assertThat(releases[i].stripTrailing().lines()).hasSizeLessThanOrEqualTo(15);
            assertThat(releases[i]).matches("(?s)\\[\\d+\\.\\d+\\.\\d+\\] - (Unreleased|\\d{4}-\\d\\d-\\d\\d)\n.*");
            assertThat(releases[i]
                            .lines()
                            .filter(line -> line.startsWith("### "))
                            .map(line -> line.substring(4)))
                    .isNotEmpty()
                    .isSubsetOf("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security");
        }
    }

    @Test
    void reliabilityNamesTestsThatThereAre() throws IOException {
        Set<String> named = Pattern.compile("`(\\w+(?:Test|Target|Check))`")
                .matcher(Files.readString(ROOT.resolve("RELIABILITY.md")))
                .results()
                .map(match -> match.group(1) + ".java")
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = new TreeSet<>();
        for (Path module : modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src/test/java"))) {
                files.map(file -> file.getFileName().toString())
                        .filter(named::contains)
                        .forEach(found::add);
            }
        }
        assertThat(named).hasSizeGreaterThan(40).isEqualTo(found);
    }

    @Test
    void securityListsTheDefaultLimits() throws Exception {
        List<String> rows = Files.readAllLines(ROOT.resolve("SECURITY.md"));
        int count = 0;
        for (String row : rows.subList(rows.indexOf("| limit | default | |") + 2, rows.size())) {
            if (!row.startsWith("|")) {
                break;
            }
            String[] cells = row.split(" *\\| *");
            String[] names = cells[1].replace("`", "").split(" / ");
            String[] values = cells[2].replace(",", "").replace(" MiB", "").split(" / ");
            for (int i = 0; i < names.length; i++) {
                long limit = ((Number) ReadLimits.class.getMethod(names[i]).invoke(ReadLimits.defaults())).longValue();
                long stated = values[i].equals("none") ? Long.MAX_VALUE : Long.parseLong(values[i]);
                assertThat(limit).as(names[i]).isEqualTo(cells[2].endsWith("MiB") ? stated << 20 : stated);
                count++;
            }
        }
        assertThat(count).isEqualTo(11);
    }

    private static List<Path> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        for (Path folder : new Path[] {ROOT, ROOT.resolve("arrow-bridge")}) {
            try (Stream<Path> entries = Files.list(folder)) {
                entries.filter(entry -> Files.isDirectory(entry.resolve("src/test/java")))
                        .forEach(modules::add);
            }
        }
        return modules;
    }

    @Test
    void benchmarksNameEveryFileOfResultsAndNoOthers() throws IOException {
        Set<String> named = RESULT.matcher(Files.readString(BENCHMARKS.resolve("README.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        String readme = Files.readString(ROOT.resolve("README.md"));
        try (Stream<Path> files = Files.list(BENCHMARKS.resolve("results"))) {
            Set<String> there = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            assertThat(there).containsAll(named);
            assertThat(there).allMatch(name -> named.contains(name) || readme.contains("benchmarks/results/" + name));
        }
    }

    /** A figure in a table stands in a file of results that its section names, rounded and perhaps in another unit. */
    @Test
    void benchmarksHaveFiguresOfTheirResults() throws IOException {
        String[] sections = Files.readString(BENCHMARKS.resolve("README.md")).split("(?m)^## ");
        List<String> unknown = new ArrayList<>();
        int figures = 0;
        for (String section : sections) {
            Set<BigDecimal> results = new TreeSet<>();
            for (MatchResult name : RESULT.matcher(section).results().toList()) {
                if (!name.group(1).endsWith(".svg")) {
                    results.addAll(numbers(Files.readString(BENCHMARKS.resolve("results/" + name.group(1)))));
                }
            }
            for (String line : section.lines().filter(l -> l.startsWith("| ")).toList()) {
                String cells = line.substring(line.indexOf(" | ")).replaceAll("`[^`]*`|[^|]*×[^|]*", "");
                for (BigDecimal figure : numbers(cells)) {
                    figures++;
                    if (results.stream().noneMatch(result -> isRounded(result, figure))) {
                        unknown.add(figure + " of " + line);
                    }
                }
            }
        }
        assertThat(figures).isGreaterThan(100);
        assertThat(unknown).isEmpty();
    }

    private static List<BigDecimal> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(match -> new BigDecimal(match.group().replace(",", "")))
                .toList();
    }

    private static boolean isRounded(BigDecimal result, BigDecimal figure) {
        for (int power : new int[] {0, 3, 6}) {
            BigDecimal scaled = result.movePointLeft(power);
            if (scaled.setScale(figure.scale(), RoundingMode.HALF_UP).compareTo(figure) == 0
                    || scaled.setScale(figure.scale(), RoundingMode.HALF_EVEN).compareTo(figure) == 0) {
                return true;
            }
        }
        return false;
    }
}
