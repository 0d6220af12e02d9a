package org.arrownpz.spark.internal;

import java.io.File;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.Maps;
import org.arrownpz.testing.Scratch;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one session of the process, and fails a test after which an archive is mapped or open, or memory of
 * the module in use. Tasks that were cancelled get some seconds.
 */
public final class SparkCheck implements AfterEachCallback, ParameterResolver {
    private static final class Holder {
        static final SparkSession SESSION = SparkSession.builder()
                .master("local[2]")
                .appName("arrow-npz")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.datetime.java8API.enabled", true)
                // Compiling each query takes longer than its few rows; at night Spark compiles them as users have it.
                .config("spark.sql.codegen.wholeStage", Effort.NIGHTLY)
                .config("spark.sql.codegen.factoryMode", Effort.NIGHTLY ? "FALLBACK" : "NO_CODEGEN")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.warehouse.dir", warehouse())
                .getOrCreate();
    }

    // Of this process alone: others may test at the same time.
    private static String warehouse() {
        File place = Scratch.place()
                .resolve("arrow-npz-warehouse-" + ProcessHandle.current().pid())
                .toFile();
        place.deleteOnExit();
        return place.getPath();
    }

    /** Whether no file system of this Hadoop runs on this JDK, whoever asks; our own local files need none. */
    public static boolean lacksHadoop() {
        return Runtime.version().feature() >= 24 && VersionInfo.getVersion().startsWith("3.4");
    }

    public static SparkSession session() {
        return Holder.SESSION;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SparkSession.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return session();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Await.until(() -> left().isEmpty(), () -> "The test leaves behind " + left());
    }

    /** What is in use. */
    public static List<String> left() {
        Stream<String> files = Stream.concat(
                Maps.mappedFiles().stream().map(path -> "the mapped file " + path),
                Maps.openFiles().stream().map(path -> "the open file " + path));
        return Stream.concat(
                        files.filter(path -> path.replace(" (deleted)", "").matches(".*\\.np[yz]")),
                        Memory.used() == 0 ? Stream.of() : Stream.of(Memory.used() + " bytes"))
                .toList();
    }
}
