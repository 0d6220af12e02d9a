package org.arrownpz.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.arrownpz.testing.PublicApi;

/** The shape of this module: which room may know which, and how large rooms get. */
@AnalyzeClasses(packages = "org.arrownpz.spark", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String ROOM = "org.arrownpz.spark.internal.";
    private static final int MAX_FILES = 25;

    @ArchTest
    static final ArchRule roomsFlowOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("source")
            .definedBy("org.arrownpz.spark")
            .layer("scan")
            .definedBy(ROOM + "scan")
            .layer("write")
            .definedBy(ROOM + "write")
            .layer("read")
            .definedBy(ROOM + "read")
            .layer("column")
            .definedBy(ROOM + "column")
            .layer("partition")
            .definedBy(ROOM + "partition")
            .layer("storage")
            .definedBy(ROOM + "storage")
            .layer("shared")
            .definedBy("org.arrownpz.spark.internal")
            .whereLayer("source")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("scan")
            .mayOnlyBeAccessedByLayers("source")
            .whereLayer("write")
            .mayOnlyBeAccessedByLayers("source")
            .whereLayer("read")
            .mayOnlyBeAccessedByLayers("scan")
            .whereLayer("column")
            .mayOnlyAccessLayers("shared")
            .whereLayer("partition")
            .mayOnlyAccessLayers("storage", "shared")
            .whereLayer("storage")
            .mayOnlyAccessLayers("shared")
            .whereLayer("shared")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("org.arrownpz.spark.(**)").should().beFreeOfCycles();

    @ArchTest
    static void publicApiIsAsRecorded(JavaClasses classes) throws IOException {
        PublicApi.assertRecorded(List.copyOf(classes), Path.of("src/test/resources/org/arrownpz/spark/api.txt"));
    }

    /** Users name the format {@code npz} and its options: only Spark needs the class behind them. */
    @ArchTest
    static final ArchRule onlyTheSourceIsPublic = classes()
            .that()
            .resideInAPackage("org.arrownpz.spark")
            .and()
            .doNotHaveFullyQualifiedName("org.arrownpz.spark.NpzDataSource")
            .should()
            .notBePublic();

    @ArchTest
    static void roomsStaySmall(JavaClasses all) {
        Map<String, Long> files = all.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        assertThat(files).allSatisfy((room, count) -> assertThat(count).as(room).isLessThanOrEqualTo(MAX_FILES));
    }
}
