package org.arrownpz;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The shape of {@code core}: which package may know which, where addresses may be used, and what is never called.
 *
 * <p>Rules hold for main classes only. A package that does not exist yet satisfies them.
 */
@AnalyzeClasses(packages = "org.arrownpz", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String MEMORY = "org.arrownpz.memory..";
    private static final String KERNELS = "org.arrownpz.vector.internal.kernel..";
    private static final String EVENT_KERNELS = "org.arrownpz.event.internal.kernel..";

    /** The root package (options, limits, errors) is in no layer: everyone may use it, and options name their parts. */
    @ArchTest
    static final ArchRule packagesFlowOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("memory")
            .definedBy(MEMORY)
            .layer("dtype")
            .definedBy("org.arrownpz.dtype..")
            .layer("npy")
            .definedBy("org.arrownpz.npy..")
            .layer("npz")
            .definedBy("org.arrownpz.npz..")
            .layer("vector")
            .definedBy("org.arrownpz.vector..")
            .layer("frame")
            .definedBy("org.arrownpz.frame..")
            .layer("event")
            .definedBy("org.arrownpz.event..")
            .whereLayer("memory")
            .mayNotAccessAnyLayer()
            .whereLayer("dtype")
            .mayOnlyAccessLayers("memory")
            .whereLayer("npy")
            .mayOnlyAccessLayers("dtype", "memory")
            .whereLayer("npz")
            .mayOnlyAccessLayers("npy", "dtype", "memory")
            .whereLayer("vector")
            .mayOnlyAccessLayers("npy", "dtype", "memory")
            .whereLayer("frame")
            .mayOnlyAccessLayers("vector", "npz", "npy", "dtype", "memory")
            .whereLayer("event")
            .mayOnlyAccessLayers("frame", "vector", "npz", "npy", "dtype", "memory")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.arrownpz.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule coreStandsOnArrowAndJackson = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "org.arrownpz..",
                    "java..",
                    "sun.misc",
                    "org.apache.arrow..",
                    "com.google.flatbuffers..",
                    "com.fasterxml.jackson..",
                    "org.jspecify..")
            .because("core has three libraries; formats other than NPY and NPZ belong to the bridge")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule addressesStayInMemoryAndKernels = noClasses()
            .that()
            .resideOutsideOfPackages(MEMORY, KERNELS, EVENT_KERNELS)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("sun.misc.Unsafe")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.apache.arrow.memory.util.MemoryUtil")
            .orShould()
            .accessTargetWhere(target("org.apache.arrow.memory.ArrowBuf", "memoryAddress"))
            .because("a wrong address ends the JVM: one place checks the ranges")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule archivesAreReadByOurOwnParser = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.zip.ZipFile")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.zip.ZipInputStream")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.jar.JarFile")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.jar.JarInputStream")
            .because("they give no member offsets, and they accept what we refuse")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule dataIsNeverCode = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.ObjectInputStream")
            .orShould()
            .accessTargetWhere(target("java.lang.Class", "forName"))
            .orShould()
            .accessTargetWhere(target("java.lang.ClassLoader", "loadClass"))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .orShould()
            .accessTargetWhere(target("java.lang.Runtime", "exec"))
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("javax.script..")
            .because("a file is untrusted; JDK classes newer than 17 are found by MethodHandles.Lookup.findClass")
            .allowEmptyShould(true);

    /** Calls of a method, and references to it, whatever its parameters. */
    private static DescribedPredicate<JavaAccess<?>> target(String owner, String name) {
        return DescribedPredicate.describe(
                "the target is " + owner + "." + name,
                access -> access.getTargetOwner().getFullName().equals(owner)
                        && access.getTarget().getName().equals(name));
    }
}
