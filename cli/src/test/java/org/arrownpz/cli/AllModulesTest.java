package org.arrownpz.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.arrownpz.testing.PublicApi;
import org.arrownpz.testing.Rooms;

/** What holds over all modules that the command brings together: core, the bridge's artifacts and the command. */
@AnalyzeClasses(packages = "org.arrownpz", importOptions = AllModulesTest.MainOnly.class)
final class AllModulesTest {
    private static final Set<String> ARTIFACTS =
            Set.of("ipc", "parquet", "sql", "flight", "compare", "remote", "spark", "cli");
    private static final Pattern INTERNAL =
            Pattern.compile("\\borg\\.arrownpz\\.(?:\\w+\\.)*internal\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*");

    /** Neither test classes nor the jars of them. */
    static final class MainOnly implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(location)
                    && !location.contains("-tests.jar")
                    && !location.contains("/test/");
        }
    }

    @ArchTest
    static final ArchRule packagesHaveNoCircles = classes().should(Rooms.haveNoPackageCircles());

    @ArchTest
    static final ArchRule classesHaveSmallCircles = classes().should(Rooms.haveSmallClassCircles());

    @ArchTest
    static final ArchRule packagesAreSmall = classes().should(Rooms.liveInSmallPackages());

    /** URLs that a client names are never opened: what serves clients turns no URI into a path. */
    @ArchTest
    static final ArchRule serversOpenNoUrls = noClasses()
            .that()
            .resideInAnyPackage("org.arrownpz.sql..", "org.arrownpz.flight..")
            .should()
            .callMethodWhere(describe(
                    "a door of URIs",
                    call -> call.getTargetOwner().getPackageName().startsWith("org.arrownpz")
                            && call.getTarget().getRawParameterTypes().stream()
                                    .anyMatch(type -> type.isEquivalentTo(URI.class))));

    /**
     * A module names another's internals, in imports or in Javadoc, only where the list says so. The list gets shorter:
     * what other modules need of core stands in {@code org.arrownpz.support}.
     */
    @ArchTest
    static void internalsAreNamedAsListed(JavaClasses all) throws IOException {
        Set<String> uses = new TreeSet<>();
        for (Path source : sources()) {
            String module =
                    source.getName(source.startsWith("../arrow-bridge") ? 2 : 1).toString();
            INTERNAL.matcher(Files.readString(source))
                    .results()
                    .filter(name -> !module(name.group().split("\\.")).equals(module.replace("-bridge", "")))
                    .forEach(name -> uses.add(module + " -> " + name.group()));
        }
        Path list = Path.of("src/test/resources/org/arrownpz/cli/internal-uses.txt");
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.write(list, uses);
        }
        assertThat(uses).containsExactlyElementsOf(Files.readAllLines(list));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.find(Path.of(".."), Integer.MAX_VALUE, (path, kind) -> kind.isRegularFile())) {
            return all.filter(path -> path.toString().replace('\\', '/').matches(".*/src/main/java/.*\\.java"))
                    .toList();
        }
    }

    /** What users of the bridge's artifacts can name. */
    @ArchTest
    static void publicApiIsAsRecorded(JavaClasses all) throws IOException {
        List<JavaClass> bridge = all.stream()
                .filter(type -> !module(type).equals("core") && !module(type).equals("cli"))
                .toList();
        PublicApi.assertRecorded(bridge, Path.of("src/test/resources/org/arrownpz/cli/api.txt"));
    }

    private static String module(JavaClass type) {
        return module(type.getPackageName().split("\\."));
    }

    private static String module(String... names) {
        return names.length > 2 && ARTIFACTS.contains(names[2]) ? names[2] : "core";
    }
}
