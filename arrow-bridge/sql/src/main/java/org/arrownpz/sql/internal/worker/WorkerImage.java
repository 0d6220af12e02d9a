package org.arrownpz.sql.internal.worker;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Files from which the processes of a pool start quickly, beside the directories of these: from the second one on DuckDB's
 * library as the first one inflated it, and later an archive of loaded classes (AppCDS). Both go with the pool.
 */
final class WorkerImage {
    /** Processes that start without an archive of classes: making one takes the time of two or three starts. */
    private static final int STARTS_WITHOUT = 2;

    private static final long TRAINING_SECONDS = 60;
    /** Bytes of free memory that the C library keeps, at most half of {@link WorkerProcess}'s. */
    private static final String KEPT = Integer.toString(32 << 20);

    private static final int JDK_WITH_UNSAFE_FLAG = 24;
    private static final int JDK_WITH_NATIVE_FLAG = 22;

    /** The parent's environment as far as it is passed on: the look of text and times, and nothing else. */
    private static final List<String> ENVIRONMENT = List.of("LANG", "LC_ALL", "LC_CTYPE", "TZ", "SystemRoot");

    private static final String INFLATED = "library.so";
    private static final String LIBRARY = "library.jar";
    private static final String CLASSES = "classes.jsa";
    private static final String UNFINISHED = ".tmp";

    /** Names of files that there may be in the pool's directory. */
    static final List<String> FILES = List.of(INFLATED, LIBRARY, LIBRARY + UNFINISHED, CLASSES, CLASSES + UNFINISHED);

    private final Path inflated;
    private final Path library;
    private final Path classes;
    private final List<String> inherited;
    private int starts;
    private @Nullable Process training;
    private boolean closed;

    WorkerImage(Path directory) {
        this.inflated = directory.resolve(INFLATED);
        this.library = directory.resolve(LIBRARY);
        this.classes = directory.resolve(CLASSES);
        this.inherited = ProcessHandle.current().info().arguments().stream()
                .flatMap(Stream::of)
                .filter(argument -> argument.startsWith("-XX:SharedArchiveFile="))
                .toList();
    }

    /**
     * The next process.
     *
     * @param directory its own
     */
    ProcessBuilder process(Path directory) {
        store();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Small and quick to start; nothing is left behind by one that is killed or crashes.
        command.addAll(List.of(
                "-Xms8m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:+SuppressFatalErrorMessage",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+DisplayVMOutputToStderr",
                "-Xshare:auto",
                "-Xlog:disable"));
        // The parent's own archive of classes, or the pool's; one that does not fit is not used.
        command.addAll(inherited);
        if (inherited.isEmpty() && Files.exists(classes)) {
            command.add("-XX:SharedArchiveFile=" + classes);
        }
        command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        int version = Runtime.version().feature();
        if (version >= JDK_WITH_NATIVE_FLAG) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (version >= JDK_WITH_UNSAFE_FLAG) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-Djava.io.tmpdir=" + directory);
        command.add("-cp");
        command.add(classPath());
        command.add(WorkerMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(ENVIRONMENT);
        // Arenas of threads would keep what statements gave back.
        environment.put("MALLOC_ARENA_MAX", "2");
        // Less is not given back before each batch of rows, only to be asked for again.
        environment.put("MALLOC_TRIM_THRESHOLD_", KEPT);
        environment.put("MALLOC_MMAP_THRESHOLD_", KEPT);
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private String classPath() {
        List<String> entries = new ArrayList<>();
        // The parent's archive fits the parent's class path alone.
        if (inherited.isEmpty() && Files.exists(library)) {
            entries.add(library.toString());
        }
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Takes over what the first process has unpacked into its directory, and loaded, and deletes that of others. */
    synchronized void keep(Path unpacked) {
        try (Stream<Path> files = Files.list(unpacked)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("libduckdb_java")
                        && inherited.isEmpty()
                        && !Files.exists(inflated)
                        && !Files.exists(library)) {
                    Files.move(file, inflated);
                }
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The next one unpacks it again.
        }
    }

    /** Puts the library where DuckDB's driver looks for it on Linux: not compressed, so that it is not inflated again. */
    private synchronized void store() {
        if (!Files.exists(inflated)) {
            return;
        }
        String machine = "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
        ZipEntry entry = new ZipEntry("libduckdb_java.so_linux_" + machine);
        Path temporary = library.resolveSibling(LIBRARY + UNFINISHED);
        try (OutputStream out = Files.newOutputStream(temporary);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            CRC32 crc = new CRC32();
            Files.copy(inflated, new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(Files.size(inflated));
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            Files.copy(inflated, zip);
            zip.closeEntry();
        } catch (IOException e) {
            // Processes inflate it themselves.
            return;
        }
        temporary.toFile().renameTo(library.toFile());
        inflated.toFile().delete();
    }

    /** Whether the process that starts is one for which it is time to {@link #train}: archives hold classes of jars. */
    synchronized boolean needsTraining() {
        return ++starts == STARTS_WITHOUT + 1
                && inherited.isEmpty()
                && Stream.of(classPath().split(File.pathSeparator))
                        .noneMatch(entry -> Files.isDirectory(Path.of(entry)));
    }

    /**
     * Makes the archive of classes by a process that starts, and ends.
     *
     * @param directory its own, deleted here
     */
    void train(Path directory) {
        Path temporary = classes.resolveSibling(CLASSES + UNFINISHED);
        ProcessBuilder builder = process(directory).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.command().add(1, "-XX:ArchiveClassesAtExit=" + temporary);
        builder.command().add(WorkerMain.TRAINING);
        Process process = null;
        try {
            synchronized (this) {
                if (!closed) {
                    process = builder.start();
                    training = process;
                }
            }
            if (process != null && process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS) && Files.exists(temporary)) {
                Files.move(temporary, classes);
            }
        } catch (IOException e) {
            // Processes start without it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            WorkerProcess.delete(directory);
        }
    }

    /** Nothing is made any more. */
    synchronized void close() {
        closed = true;
        if (training != null) {
            training.destroyForcibly();
        }
    }
}
