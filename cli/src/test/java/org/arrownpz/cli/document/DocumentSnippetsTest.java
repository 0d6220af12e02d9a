package org.arrownpz.cli.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.arrownpz.cli.document.MarkdownPage.Block;
import org.arrownpz.cli.document.SnippetRuns.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the documents show, run as it stands: Java compiled, commands by the command's own code, Python where there is one
 * with the modules that it imports. What a snippet prints is what the block of text behind it says, with {@code …} for
 * what differs. The snippets of a page run one after the other in one directory, which has the samples and nothing else.
 */
class DocumentSnippetsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> PAGES = List.of(
            "README.md", "docs/index.md", "docs/guide.md", "docs/cookbook.md", "docs/migrating.md", NewcomerTest.LOG);
    /** Whose first block of Java holds the imports that all snippets have. */
    private static final String IMPORTS = "docs/guide.md";

    private static final String ADDRESS = "localhost:32010";
    /** The same within a literal of Java, for a server that listens elsewhere, and not yet while the compiler works. */
    private static final String SERVER = "localhost:\" + System.getProperty(\"port\") + \"";

    /** What a shell runs and this test does not: tools that are not ours. */
    private static final Pattern TOOLS =
            Pattern.compile("(mvn|git|cd|pip|curl|java|python3?|export|spark-submit|gradle|cp|unzip) .*");

    private static final Pattern ENDLESS = Pattern.compile("(bin/)?arrow-npz (serve|view|compare) .*");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s'\"]+)");
    private static final Pattern FILE = Pattern.compile("[\"' ]([\\w./-]+\\.(?:npz|npy|feather|parquet|safetensors))");

    @TempDir
    static Path scratch;

    private static final Map<Block, String> classes = new IdentityHashMap<>();
    private static final Map<String, List<Block>> pages = new LinkedHashMap<>();
    private static SnippetRuns runs;
    private static Path directory;

    /** Files that a skipped snippet would have made. */
    private final Set<String> missing = new TreeSet<>();

    private SnippetOutputs outputs;

    @BeforeAll
    static void prepare() throws IOException {
        for (String page : PAGES) {
            pages.put(page, MarkdownPage.of(ROOT.resolve(page)).blocks());
        }
        directory = Files.createDirectory(scratch.resolve("work"));
        Files.createDirectory(directory.resolve("samples"));
        for (String sample : List.of("prices.npz", "events.csv")) {
            Files.copy(ROOT.resolve("samples").resolve(sample), directory.resolve("samples/" + sample));
        }
        Path compiled = Files.createDirectory(scratch.resolve("classes"));
        runs = new SnippetRuns(directory, compiled, ROOT.resolve("python"));
        SnippetCompiler compiler = new SnippetCompiler(imports());
        pages.forEach((page, blocks) -> {
            for (Block block : blocks) {
                if (isRun(block) && block.language().equals("java")) {
                    classes.put(
                            block,
                            compiler.add(page + ":" + block.line(), block.code().replace(ADDRESS, SERVER)));
                }
            }
        });
        assertThat(compiler.compile(SnippetRuns.classPath(), compiled)).isEmpty();
    }

    private static String imports() {
        return pages.get(IMPORTS).stream()
                .filter(block -> block.language().equals("java"))
                .findFirst()
                .orElseThrow()
                .code();
    }

    /** The list of imports is for people, and for the other snippets. */
    private static boolean isRun(Block block) {
        boolean onlyImports = block.code().lines().allMatch(line -> line.startsWith("import "));
        return block.notRun() == null && !onlyImports;
    }

    @AfterAll
    static void end() throws Exception {
        runs.close();
    }

    @TestFactory
    Stream<DynamicNode> pagesRun() {
        return pages.entrySet().stream()
                .map(page -> dynamicContainer(
                        page.getKey(),
                        Stream.of(
                                        Stream.of(dynamicTest(
                                                "begins with the samples alone", () -> clear(page.getKey()))),
                                        page.getValue().stream()
                                                .filter(DocumentSnippetsTest::isRun)
                                                .map(block -> dynamicTest(
                                                        page.getKey() + ":" + block.line() + " " + block.language(),
                                                        () -> run(block))),
                                        Stream.of(dynamicTest("prints what it says", () -> outputs.end())))
                                .flatMap(parts -> parts)));
    }

    private void clear(String page) throws IOException {
        missing.clear();
        outputs = new SnippetOutputs(ROOT.resolve(page));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory) && !directory.relativize(file).startsWith("samples")) {
                    Files.delete(file);
                }
            }
        }
        for (String made : List.of("tmp", "target")) {
            Files.createDirectory(directory.resolve(made));
        }
    }

    private void run(Block block) throws IOException {
        for (String file : missing) {
            if (block.code().contains(file) && Files.notExists(directory.resolve(file))) {
                skip(block, "Python makes " + file);
            }
        }
        String code =
                block.language().equals("java") ? block.code() : block.code().replace(ADDRESS, runs.address());
        switch (block.language()) {
            case "java" -> java(block, code);
            case "python" -> python(block, code);
            case "sh" -> {
                for (String line : code.replace("\\\n", " ").lines().toList()) {
                    command(line);
                }
            }
            case "console" -> console(block, code);
            default -> assertThat(block.language()).isIn("", "xml", "text", "kotlin", "sql", "properties", "json");
        }
    }

    private void java(Block block, String code) throws IOException {
        boolean jdbc = code.contains("jdbc:arrow-flight-sql");
        if (jdbc && !runs.hasJdbcDriver()) {
            abort("the build has not fetched the JDBC driver yet: build arrow-bridge/flight");
        }
        compare(block, runs.java(classes.get(block), jdbc));
    }

    private void python(Block block, String code) throws IOException {
        Answer answer = runs.python(code);
        if (answer.code() == SnippetRuns.NO_MODULE) {
            skip(block, answer.out().strip());
        }
        compare(block, answer);
    }

    private void skip(Block block, String why) {
        Matcher file = FILE.matcher(block.code());
        while (file.find()) {
            if (Files.notExists(directory.resolve(file.group(1)))) {
                missing.add(file.group(1));
            }
        }
        System.out.println(outputs.page() + ":" + block.line() + " is not run: " + why);
        abort(why);
    }

    private void compare(Block block, Answer answer) {
        assertThat(answer.code()).as(answer.out()).isZero();
        if (block.output() != null) {
            outputs.check(block.outputLine(), block.output(), answer.out());
        }
    }

    private Answer command(String line) throws IOException {
        String bare = line.replaceFirst("(^| +)#.*", "").strip();
        if (bare.startsWith("mkdir ")) {
            Files.createDirectories(directory.resolve(bare.substring(6)));
            return new Answer(0, "");
        }
        boolean ours = bare.matches("(bin/)?arrow-npz .*");
        if (!ours || ENDLESS.matcher(bare).matches()) {
            assertThat(ours || bare.isEmpty() || TOOLS.matcher(bare + " ").matches())
                    .as("nobody knows how to run: " + line)
                    .isTrue();
            return new Answer(0, "");
        }
        Answer answer = runs.command(words(bare));
        assertThat(answer.code()).as(line + "\n" + answer.out()).isZero();
        return answer;
    }

    /** As a shell takes them; what goes to {@code /tmp} stays in the directory. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            String text = Stream.of(1, 2, 3)
                    .map(word::group)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow();
            words.add(text.replace("/tmp/", "tmp/"));
        }
        return words.subList(1, words.size());
    }

    /** Commands behind {@code $}, with what they print. */
    private void console(Block block, String code) throws IOException {
        StringBuilder printed = new StringBuilder();
        for (String line : code.lines().filter(line -> line.startsWith("$ ")).toList()) {
            printed.append(line).append('\n').append(command(line.substring(2)).out());
        }
        outputs.check(block.line(), block.code(), printed.toString());
    }
}
