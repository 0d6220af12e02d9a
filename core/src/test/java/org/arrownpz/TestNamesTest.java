package org.arrownpz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The names of all test methods of all modules, with the tag of those that {@code mvn verify} leaves to the profiles nightly
 * and soak: none gets lost unseen. With {@code -Darrownpz.regenerate=true} the list is written anew.
 */
class TestNamesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path LIST = Path.of("src/test/resources/org/arrownpz/test-names.txt");
    private static final Pattern TEST =
            Pattern.compile("\\s+@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|ArchTest)\\b.*");
    private static final Pattern TAG = Pattern.compile("\\s*@Tag\\(\"(\\w+)\"\\)");
    private static final Pattern MEMBER = Pattern.compile(
            "\\s+(?:(?:public|protected|private|static|final) )*(?:void|ArchRule|[A-Z][\\w.<>?, ]*) (\\w+)(?:\\(| =).*");
    private static final Pattern TYPE = Pattern.compile("(?:(?:public|abstract|final) )*class (\\w+)\\b.*");

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.find(
                ROOT, Integer.MAX_VALUE, (path, attributes) -> path.toString().endsWith(".java"))) {
            return all.filter(path -> path.toString().replace('\\', '/').contains("/src/test/java/"))
                    .filter(path -> !path.toString().replace('\\', '/').contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    /** The class and below it its tests; nothing where it has none. */
    private static List<String> tests(Path source) throws IOException {
        List<String> found = new ArrayList<>();
        String type = "";
        String typeTag = "";
        String tag = "";
        boolean test = false;
        for (String line : Files.readAllLines(source)) {
            Matcher tagged = TAG.matcher(line);
            Matcher member = MEMBER.matcher(line);
            Matcher declared = TYPE.matcher(line);
            if (tagged.matches()) {
                tag = " " + tagged.group(1);
            } else if (TEST.matcher(line).matches()) {
                test = true;
            } else if (type.isEmpty() && declared.matches()) {
                type = declared.group(1);
                typeTag = tag;
                tag = "";
            } else if (test && member.matches()) {
                found.add("    " + member.group(1) + (tag.isEmpty() ? typeTag : tag));
                test = false;
                tag = "";
            }
        }
        assertThat(test).as("a test of %s has no name", source).isFalse();
        if (!found.isEmpty()) {
            found.add(0, ROOT.relativize(source).toString().replace('\\', '/'));
        }
        return found;
    }

    @Test
    void listHasEveryTestOfEveryModule() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path source : sources()) {
            names.addAll(tests(source));
        }
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.write(LIST, names);
        }
        assertThat(names).isEqualTo(Files.readAllLines(LIST));
    }

    /** What Maven runs: others would be in no build. */
    @Test
    void testsAreInClassesThatMavenRuns() throws IOException {
        for (Path source : sources()) {
            if (!tests(source).isEmpty() && !source.getFileName().toString().endsWith("Test.java")) {
                assertThat(Files.readString(source)).as("%s", source).contains("abstract class ");
            }
        }
    }
}
