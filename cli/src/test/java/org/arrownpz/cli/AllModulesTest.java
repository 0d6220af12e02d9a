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
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.arrownpz.testing.PublicApi;
import org.arrownpz.testing.Rooms;

/** What holds over all modules that the command brings together: core, the bridge's artifacts and the command. */
@AnalyzeClasses(packages = "org.arrownpz", importOptions = AllModulesTest.MainOnly.class)
final class AllModulesTest {
    private static final Set<String> ARTIFACTS = Set.of("ipc", "parquet", "sql", "flight", "compare", "remote", "cli");

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

    /** A module may use another's internal package only where the list says so. */
    @ArchTest
    static void internalPackagesAreUsedAsListed(JavaClasses all) throws IOException {
        Set<String> uses = new TreeSet<>();
        for (JavaClass type : all) {
            String module = module(type);
            type.getDirectDependenciesFromSelf().forEach(dependency -> {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith("org.arrownpz")
                        && target.getPackageName().contains(".internal")
                        && !module(target).equals(module)) {
                    uses.add(module + " -> " + target.getPackageName());
                }
            });
        }
        assertThat(uses).containsExactlyElementsOf(lines("internal-uses.txt"));
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
        String[] names = type.getPackageName().split("\\.");
        return names.length > 2 && ARTIFACTS.contains(names[2]) ? names[2] : "core";
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream list = AllModulesTest.class.getResourceAsStream(resource)) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
