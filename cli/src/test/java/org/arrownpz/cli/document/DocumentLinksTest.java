package org.arrownpz.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pages lead where they say, and say of measurements what was measured. */
class DocumentLinksTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOCS = ROOT.resolve("docs");

    /** All pages of the project, without what a build or an editor leaves behind. */
    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean others = name.equals("target") || name.startsWith(".") && !directory.equals(ROOT);
                return others || name.equals("src") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    pages.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages;
    }

    @Test
    void linksLeadToFilesAndHeadings() throws IOException {
        Set<String> broken = new TreeSet<>();
        List<Path> pages = pages();
        for (Path path : pages) {
            for (String link : MarkdownPage.of(path).links()) {
                if (!link.matches("[a-z]+:.*") && !leads(path, link)) {
                    broken.add(ROOT.relativize(path) + " -> " + link);
                }
            }
        }
        assertThat(pages).hasSizeGreaterThan(10);
        assertThat(broken).isEmpty();
    }

    private static boolean leads(Path from, String link) {
        int mark = link.indexOf('#');
        String file = mark < 0 ? link : link.substring(0, mark);
        Path target = file.isEmpty() ? from : from.resolveSibling(file).normalize();
        boolean there = target.startsWith(ROOT) && Files.exists(target);
        return mark < 0 || !there ? there : MarkdownPage.of(target).anchors().contains(link.substring(mark + 1));
    }

    @Test
    @DisplayName("C8: the pages of the distribution lead to what is in it")
    void linksOfTheDistributionLeadToItsFiles() throws IOException {
        Pattern entry = Pattern.compile(
                "<source>\\$\\{project.basedir}/(.*)</source>\\s*(?:<outputDirectory>(.*)</outputDirectory>)?");
        Matcher files = entry.matcher(Files.readString(ROOT.resolve("cli/src/build/common.xml")));
        Map<Path, Path> shipped = new LinkedHashMap<>();
        while (files.find()) {
            Path source = ROOT.resolve("cli").resolve(files.group(1)).normalize();
            String directory = files.group(2) == null ? "" : files.group(2);
            shipped.put(Path.of(directory).resolve(source.getFileName()), source);
        }
        List<String> broken = new ArrayList<>();
        for (Map.Entry<Path, Path> page : shipped.entrySet()) {
            List<String> links = page.getKey().toString().endsWith(".md")
                    ? MarkdownPage.of(page.getValue()).links()
                    : List.of();
            for (String link : links) {
                String file = link.replaceFirst("#.*", "");
                boolean there = file.isEmpty()
                        || shipped.containsKey(
                                page.getKey().resolveSibling(file).normalize());
                if (!link.matches("[a-z]+:.*") && !there) {
                    broken.add(page.getKey() + " -> " + link);
                }
            }
        }
        assertThat(shipped).containsKey(Path.of("README.md")).hasSizeGreaterThan(6);
        assertThat(broken).isEmpty();
    }

    /** A line that cites results names only figures that stand in them, rounded. */
    @Test
    void readmeCitesFiguresThatWereMeasured() throws IOException {
        Pattern cited = Pattern.compile("\\(benchmarks/results/([^)]+\\.(?:txt|md|json|csv))\\)");
        int figures = 0;
        for (String item : Files.readString(ROOT.resolve("README.md")).split("\n(?=\\* |\n)")) {
            StringBuilder results = new StringBuilder();
            Matcher file = cited.matcher(item);
            while (file.find()) {
                results.append(
                        Files.readString(ROOT.resolve("benchmarks/results").resolve(file.group(1))));
            }
            if (results.isEmpty()) {
                continue;
            }
            List<BigDecimal> measured = numbers(results.toString());
            for (BigDecimal figure : numbers(item.replaceAll("\\([^)]*\\)", ""))) {
                if (figure.scale() > 0) {
                    assertThat(measured).as(figure + " in " + item).anyMatch(number -> rounds(number, figure));
                    figures++;
                }
            }
        }
        assertThat(figures).isGreaterThanOrEqualTo(8);
    }

    private static List<BigDecimal> numbers(String text) {
        return Pattern.compile("(?<![\\w.,])\\d[\\d,]*(?:\\.\\d+)?")
                .matcher(text)
                .results()
                .map(number -> new BigDecimal(number.group().replace(",", "")))
                .toList();
    }

    /** Whether it is that figure, also where one was measured in thousands of the other. */
    private static boolean rounds(BigDecimal number, BigDecimal figure) {
        return Stream.of(number, number.movePointLeft(3))
                .anyMatch(value ->
                        value.setScale(figure.scale(), RoundingMode.HALF_UP).equals(figure));
    }

    /** The site's navigation has every page of docs, and no others. */
    @Test
    void siteListsEveryPage() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher entry = Pattern.compile("(?m)^ +- [^:\\n]+: (\\S+\\.md)$")
                .matcher(Files.readString(ROOT.resolve("mkdocs.yml")));
        while (entry.find()) {
            listed.add(entry.group(1));
        }
        try (var files = Files.list(DOCS)) {
            assertThat(listed)
                    .isEqualTo(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".md"))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }
}
