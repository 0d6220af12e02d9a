package org.arrownpz;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.arrownpz.testing.PublicApi;
import org.arrownpz.testing.Rooms;

/**
 * The shape of {@code core}: which package may know which, where addresses may be used, and what is never called.
 *
 * <p>Rules hold for main classes only.
 */
@AnalyzeClasses(packages = "org.arrownpz", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String MEMORY = "org.arrownpz.internal.memory..";
    private static final String KERNELS = "org.arrownpz.vector.internal.kernel..";
    private static final String ARRAY_KERNELS = "org.arrownpz.array.internal.kernel..";
    private static final String EVENT_KERNELS = "org.arrownpz.event.internal.kernel..";

    /** The tower, from the ground up: ARCHITECTURE.md draws it. */
    private static final List<String> TOWER = Stream.of(
                    "",
                    "internal.text",
                    "internal.memory",
                    "support",
                    "io",
                    "internal.storage",
                    "internal.python",
                    "dtype",
                    "npy",
                    "npz.internal.zip",
                    "npz.internal.zip.read",
                    "npz.internal.zip.write",
                    "npz",
                    "vector.internal.kernel",
                    "vector",
                    "vector.internal.plan",
                    "vector.internal.encode",
                    "vector.internal.buffers",
                    "support.column",
                    "vector.internal.gather",
                    "vector.read",
                    "array.internal.kernel",
                    "array",
                    "frame.label",
                    "frame.internal.meta",
                    "frame.internal.store",
                    "frame.internal.data",
                    "frame.internal.read",
                    "frame.internal.exchange",
                    "frame.internal.write",
                    "frame",
                    "event.spec",
                    "event.internal.kernel",
                    "event.internal",
                    "event.internal.keys",
                    "event.internal.pack",
                    "event.internal.unpack",
                    "event")
            .map(room -> room.isEmpty() ? "org.arrownpz" : "org.arrownpz." + room)
            .toList();

    @ArchTest
    static final ArchRule packagesKnowOnlyThoseBelowThem = classes().should(Rooms.flowDown(TOWER));

    /** Beside the tower's order: archives and vectors do not know each other. */
    @ArchTest
    static final ArchRule vectorsKnowNoArchives = noClasses()
            .that()
            .resideInAPackage("org.arrownpz.vector..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.arrownpz.npz..");

    @ArchTest
    static final ArchRule packagesHaveNoCircles = classes().should(Rooms.haveNoPackageCircles());

    @ArchTest
    static final ArchRule classesHaveSmallCircles = classes().should(Rooms.haveSmallClassCircles());

    @ArchTest
    static final ArchRule packagesAreSmall = classes().should(Rooms.liveInSmallPackages());

    /** All that is public is a promise to users: it is written down. */
    @ArchTest
    static void publicApiIsAsRecorded(JavaClasses classes) throws IOException {
        PublicApi.assertRecorded(classes, Path.of("src/test/resources/org/arrownpz/api.txt"));
    }

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
            .because("core has three libraries; formats other than NPY and NPZ belong to the bridge");

    /** Whose memory Arrow takes is the application's choice: arrow-memory-netty is a default that it may exclude. */
    @ArchTest
    static final ArchRule coreNamesNoAllocator = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "org.apache.arrow.memory.netty..", "org.apache.arrow.memory.unsafe..");

    /** Making one loads some 500 classes, which is felt where the command opens one file. */
    @ArchTest
    static final ArchRule jsonIsReadFromParsers = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("com.fasterxml.jackson.databind.ObjectMapper");

    @ArchTest
    static final ArchRule addressesStayInMemoryAndKernels = noClasses()
            .that()
            .resideOutsideOfPackages(MEMORY, KERNELS, ARRAY_KERNELS, EVENT_KERNELS)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("sun.misc.Unsafe")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.apache.arrow.memory.util.MemoryUtil")
            .orShould()
            .accessTargetWhere(target("org.apache.arrow.memory.ArrowBuf", "memoryAddress"))
            .because("a wrong address ends the JVM: one place checks the ranges");

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
            .because("they give no member offsets, and they accept what we refuse");

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
            .because("a file is untrusted; JDK classes newer than 17 are found by MethodHandles.Lookup.findClass");

    /** Calls of a method, and references to it, whatever its parameters. */
    private static DescribedPredicate<JavaAccess<?>> target(String owner, String name) {
        return DescribedPredicate.describe(
                "the target is " + owner + "." + name,
                access -> access.getTargetOwner().getFullName().equals(owner)
                        && access.getTarget().getName().equals(name));
    }
}
