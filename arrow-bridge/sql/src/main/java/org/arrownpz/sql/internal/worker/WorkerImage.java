package org.arrownpz.sql.internal.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Files from which the processes of this JVM start quickly, and the directory with them and those of the processes: from
 * the second one on DuckDB's library as the first one unpacked it, and later an archive of loaded classes (AppCDS). They go
 * with this JVM, which its processes see to where it does not.
 */
final class WorkerImage {
    /** Processes that start without an archive of classes: making one takes the time of two or three starts. */
    private static final int STARTS_WITHOUT = 2;

    /** Small and quick to start; nothing is left behind by one that is killed or crashes. */
    private static final String FLAGS = "-Xms8m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"
            + " -XX:+SuppressFatalErrorMessage -XX:-CreateCoredumpOnCrash -XX:+DisplayVMOutputToStderr"
            + " -Xshare:auto -Xlog:disable --add-opens=java.base/java.nio=ALL-UNNAMED";

    private static final long TRAINING_SECONDS = 60;
    /** Bytes of free memory that the C library keeps, at most half of {@link WorkerProcess}'s. */
    private static final String KEPT = Integer.toString(32 << 20);

    private static final int JDK_WITH_UNSAFE_FLAG = 24;
    private static final int JDK_WITH_NATIVE_FLAG = 22;

    /** The parent's environment as far as it is passed on: the look of text and times, and nothing else. */
    private static final List<String> ENVIRONMENT = List.of("LANG", "LC_ALL", "LC_CTYPE", "TZ", "SystemRoot");

    /** Files of which a directory of classes has one, if processes need it. */
    private static final List<String> NEEDED = List.of(
            "org/arrownpz/NpzException.class",
            "org/arrownpz/ipc/Tables.class",
            "org/arrownpz/sql/Sql.class",
            "META-INF/services/org.arrownpz.ipc.Tables$Format");

    private static @Nullable WorkerImage shared;

    private final Path home;
    private final Path library;
    private final Path classes;
    private final List<String> inherited;
    private volatile List<String> classPath = new ArrayList<>();
    private int starts;
    private volatile @Nullable Process training;

    private WorkerImage(Path home) {
        this.home = home;
        this.library = home.resolve(WorkerMain.LIBRARY);
        this.classes = home.resolve("classes.jsa");
        this.inherited = ProcessHandle.current().info().arguments().stream()
                .flatMap(Stream::of)
                .filter(argument -> argument.startsWith("-XX:SharedArchiveFile="))
                .toList();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (!Files.isDirectory(path) || NEEDED.stream().anyMatch(name -> Files.exists(path.resolve(name)))) {
                classPath.add(path.toString());
            }
        }
    }

    /** The one of this JVM. */
    static synchronized WorkerImage shared() throws IOException {
        if (shared == null || !Files.isDirectory(shared.home)) {
            shared = new WorkerImage(Files.createTempDirectory(
                    "arrow-npz-sql-" + ProcessHandle.current().pid() + "-"));
            Runtime.getRuntime().addShutdownHook(new Thread(shared::delete));
        }
        return shared;
    }

    /** Leaves to processes that run still what they hold, and the last of it. */
    private void delete() {
        Process process = training;
        if (process != null) {
            process.destroyForcibly();
        }
        WorkerProcess.delete(home);
    }

    /** A directory for a process. */
    Path directory() throws IOException {
        return Files.createTempDirectory(home, "w");
    }

    /**
     * The next process.
     *
     * @param directory its own
     */
    ProcessBuilder process(Path directory) {
        return process(directory, classPath);
    }

    private ProcessBuilder process(Path directory, List<String> path) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(FLAGS.split(" ")));
        // The parent's own archive of classes, or ours; one that does not fit is not used.
        command.addAll(inherited);
        if (inherited.isEmpty() && Files.exists(classes)) {
            command.add("-XX:SharedArchiveFile=" + classes);
        }
        int version = Runtime.version().feature();
        if (version >= JDK_WITH_NATIVE_FLAG) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (version >= JDK_WITH_UNSAFE_FLAG) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-Djava.library.path=" + home);
        command.add("-Djava.io.tmpdir=" + directory);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, path), WorkerMain.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(ENVIRONMENT);
        // Arenas of threads would keep what statements gave back.
        environment.put("MALLOC_ARENA_MAX", "2");
        // Less is not given back before each batch of rows, only to be asked for again.
        environment.put("MALLOC_TRIM_THRESHOLD_", KEPT);
        environment.put("MALLOC_MMAP_THRESHOLD_", KEPT);
        // A database is opened by tens of thousands of small allocations: more than seven of a size stay with their
        // thread.
        environment.put("GLIBC_TUNABLES", "glibc.malloc.tcache_count=250");
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** Takes over what the first process has unpacked into its directory, and loaded, and deletes that of others. */
    void keep(Path unpacked) {
        try (Stream<Path> files = Files.list(unpacked)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("libduckdb_java") && !Files.exists(library)) {
                    Files.move(file, library);
                }
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The next one unpacks it again.
        }
    }

    /** Whether the process that starts is one for which it is time to {@link #train}. */
    synchronized boolean needsTraining() {
        return ++starts == STARTS_WITHOUT + 1 && inherited.isEmpty();
    }

    /** Makes the archive of classes by a process that starts, and ends. */
    void train() {
        try {
            train(directory());
        } catch (IOException e) {
            // Processes start without it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void train(Path directory) throws IOException, InterruptedException {
        Path temporary = home.resolve("classes.tmp");
        try {
            List<String> jars = jars();
            ProcessBuilder builder = process(directory, jars).redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.command().add(1, "-XX:ArchiveClassesAtExit=" + temporary);
            builder.command().add(WorkerMain.TRAINING);
            Process process = builder.start();
            training = process;
            // One that was killed may have left a part of the archive.
            if (process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                Files.move(temporary, classes);
                classPath = jars;
            }
            process.destroyForcibly().waitFor();
        } finally {
            WorkerProcess.delete(directory);
            Files.deleteIfExists(temporary);
        }
    }

    /** The class path with a jar for each directory: archives hold classes of jars alone. */
    private List<String> jars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : classPath) {
            Path directory = Path.of(entry);
            jars.add(Files.isDirectory(directory) ? jar(directory, jars.size()).toString() : entry);
        }
        return jars;
    }

    private Path jar(Path directory, int number) throws IOException {
        Path jar = home.resolve("classes" + number + ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(directory)) {
            zip.setLevel(0);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(
                        new ZipEntry(directory.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return jar;
    }
}
