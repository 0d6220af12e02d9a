package org.arrownpz.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Collectors;

/** The shape of the command: which room may know which, and how large rooms get. */
@AnalyzeClasses(packages = "org.arrownpz.cli", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String ROOM = "org.arrownpz.cli.";
    private static final int MAX_FILES = 25;

    @ArchTest
    static final ArchRule roomsFlowOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("command")
            .definedBy("org.arrownpz.cli")
            .layer("verb")
            .definedBy(ROOM + "verb")
            .layer("look")
            .definedBy(ROOM + "look")
            .layer("plot")
            .definedBy(ROOM + "plot")
            .layer("file")
            .definedBy(ROOM + "file")
            .layer("print")
            .definedBy(ROOM + "print")
            .layer("diff")
            .definedBy(ROOM + "diff")
            .layer("stats")
            .definedBy(ROOM + "stats")
            .layer("cell")
            .definedBy(ROOM + "cell")
            .layer("prompt")
            .definedBy(ROOM + "prompt")
            .layer("console")
            .definedBy(ROOM + "console")
            .whereLayer("command")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("verb")
            .mayOnlyBeAccessedByLayers("command")
            .whereLayer("look")
            .mayOnlyBeAccessedByLayers("verb")
            .whereLayer("look")
            .mayOnlyAccessLayers("file", "stats", "print", "cell", "console")
            .whereLayer("plot")
            .mayOnlyAccessLayers("cell", "console")
            .whereLayer("file")
            .mayOnlyAccessLayers("print", "console")
            .whereLayer("prompt")
            .mayOnlyAccessLayers("console")
            .whereLayer("print")
            .mayOnlyAccessLayers("cell", "console")
            .whereLayer("diff")
            .mayOnlyAccessLayers("cell")
            .whereLayer("stats")
            .mayOnlyAccessLayers("cell")
            .whereLayer("cell")
            .mayNotAccessAnyLayer()
            .whereLayer("console")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("org.arrownpz.cli.(**)").should().beFreeOfCycles();

    @ArchTest
    static void roomsStaySmall(JavaClasses all) {
        Map<String, Long> files = all.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        assertThat(files).allSatisfy((room, count) -> assertThat(count).as(room).isLessThanOrEqualTo(MAX_FILES));
    }
}
