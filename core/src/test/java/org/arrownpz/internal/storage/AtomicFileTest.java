package org.arrownpz.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.internal.memory.RuntimeSupport;
import org.arrownpz.support.Faults;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakCheck.class)
final class AtomicFileTest {
    /** Above every process id that Linux gives. */
    private static final String GONE = "4999999999";

    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void nameTarget() {
        target = directory.resolve("data.npz");
    }

    private static void write(Path path, String text, Durability durability) throws Exception {
        try (AtomicFile file = AtomicFile.create(path, durability)) {
            try {
                file.channel().write(ByteBuffer.wrap(text.getBytes()));
            } catch (NpzException e) {
                throw e;
            } catch (IOException e) {
                throw Faults.writing(Location.ofFile("x"), e);
            }
            file.commit();
        }
    }

    /** Names and contents of what is in the directory. */
    private Map<String, String> files() throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                files.put(
                        entry.getFileName().toString(),
                        Files.isRegularFile(entry) ? Files.readString(entry) : "directory");
            }
        }
        return files;
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void createsAndReplaces(Durability durability) throws Exception {
        write(target, "one", durability);
        assertThat(files()).isEqualTo(Map.of("data.npz", "one"));
        write(target, "two", durability);
        assertThat(files()).isEqualTo(Map.of("data.npz", "two"));
    }

    @Test
    void leavesTheTargetAloneWithoutCommit() throws Exception {
        Files.writeString(target, "old");
        try (AtomicFile file = AtomicFile.create(target, Durability.FSYNC)) {
            file.channel().write(ByteBuffer.wrap(new byte[10]));
            assertThat(files()).hasSize(2).containsEntry("data.npz", "old");
            assertThat(files().keySet())
                    .anyMatch(name -> name.matches("\\.data\\.npz\\.\\d+-[0-9a-f]{16}\\.arrownpz-tmp"));
        }
        assertThat(files()).isEqualTo(Map.of("data.npz", "old"));
    }

    @Test
    void anyFailingOperationLeavesTheOldOrTheNewContent() throws Exception {
        Files.writeString(target, "old");
        List<String> operations =
                FaultyFileSystem.failEach(target, path -> write(path, "new", Durability.FSYNC), (failed, thrown) -> {
                    assertThat(thrown).as(failed + " is reported").isTrue();
                    Map<String, String> files = files();
                    // Once renamed, the content is new even where the directory could not be flushed.
                    assertThat(files).as("after a failed " + failed).hasSize(1).containsKey("data.npz");
                    assertThat(files.get("data.npz")).isIn("old", "new");
                    Files.writeString(target, "old");
                });
        assertThat(operations).containsExactly("create", "write", "force", "move", "close", "force", "close");
    }

    @Test
    void doesNotTryAFailedFlushAgain() throws Exception {
        Files.writeString(target, "old");
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("force"));
        NpzException fault =
                catchThrowableOfType(NpzException.class, () -> write(system.path(target), "new", Durability.FSYNC));
        assertThat(fault.code()).isEqualTo(ErrorCode.IO);
        assertThat(system.operations()).containsOnlyOnce("force").doesNotContain("move");
        assertThat(files()).isEqualTo(Map.of("data.npz", "old"));
    }

    @Test
    void keepsPermissionsAndGivesNewFilesThoseOfTheUmask() throws Exception {
        Path plain = Files.createFile(directory.resolve("plain"));
        write(target, "one", Durability.RENAME_ONLY);
        assertThat(Files.getPosixFilePermissions(target)).isEqualTo(Files.getPosixFilePermissions(plain));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        write(target, "two", Durability.RENAME_ONLY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void replacesASymbolicLinkRatherThanWhatItPointsTo() throws Exception {
        Path other = Files.writeString(directory.resolve("other"), "other");
        Files.createSymbolicLink(target, other);
        write(target, "new", Durability.RENAME_ONLY);
        assertThat(Files.isSymbolicLink(target)).isFalse();
        assertThat(files()).isEqualTo(Map.of("data.npz", "new", "other", "other"));
    }

    @Test
    void removesWhatAKilledWriterLeft() throws Exception {
        String stale = ".data.npz." + GONE + "-0123456789abcdef.arrownpz-tmp";
        long self = ProcessHandle.current().pid();
        String restarted = ".data.npz." + self + "-0123456789abcdef.arrownpz-tmp";
        long alive = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(1L);
        List<String> kept = List.of(
                ".data.npz." + alive + "-0123456789abcdef.arrownpz-tmp",
                ".other.npz." + alive + "-0123456789abcdef.arrownpz-tmp",
                ".other.npz." + GONE + "-0123456789abcdeg.arrownpz-tmp",
                ".npz" + GONE + "-0123456789abcdef.arrownpz-tmp",
                ".other.npz." + GONE + "-0123456789abcdef.arrownpz-old",
                ".data.npz." + GONE + "-0123456789abcde.arrownpz-tmp",
                ".data.npz." + GONE + "-0123456789abcdef.arrownpz-tmp.bak",
                "data.npz." + GONE + "-0123456789abcdef.arrownpz-tmp");
        String others = ".other.npz." + GONE + "-0123456789abcdef.arrownpz-tmp";
        // Without a lock, nothing tells that nobody is about to rename it.
        Path unlocked = Files.createDirectory(directory.resolve(".third." + GONE + "-0123456789abcdef.arrownpz-tmp"));
        Path abandoned = Files.createDirectory(directory.resolve(".fourth." + GONE + "-0123456789abcdef.arrownpz-tmp"));
        Files.writeString(abandoned.resolve(".lock"), "");
        for (String name : List.of(stale, restarted, others)) {
            Files.writeString(directory.resolve(name), "half");
        }
        for (String name : kept) {
            Files.writeString(directory.resolve(name), "half");
        }
        write(target, "new", Durability.RENAME_ONLY);
        assertThat(abandoned).doesNotExist();
        assertThat(unlocked).exists();
        Files.delete(unlocked);
        assertThat(files()).hasSize(kept.size() + 1).containsKeys(kept.toArray(new String[0]));
    }

    @Test
    void leavesAnotherTargetsFileAloneWhoseWriterLivesInAnotherContainer() throws Exception {
        // Its process id is none here; its lock is.
        Path held = directory.resolve(".other.npz." + GONE + "-0123456789abcdef.arrownpz-tmp");
        Process writer = java(Holder.class, held.toString());
        try {
            assertThat(writer.inputReader().readLine()).isEqualTo("holding");
            write(target, "new", Durability.RENAME_ONLY);
            assertThat(held).exists();
        } finally {
            writer.destroyForcibly().waitFor();
        }
        write(target, "newer", Durability.RENAME_ONLY);
        assertThat(held).doesNotExist();
    }

    /** Holds a file's lock until killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel =
                    FileChannel.open(Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                System.out.println("holding");
                ProcessHandle.current().parent().orElseThrow().onExit().join();
            }
        }
    }

    @Test
    void discardsWhatAProcessWritesThatIsToldToEnd() throws Exception {
        Process writer = java(Writer.class, target.toString());
        assertThat(writer.inputReader().readLine()).isEqualTo("writing");
        assertThat(files()).hasSize(1);
        writer.destroy();
        assertThat(writer.waitFor()).isNotZero();
        assertThat(files()).isEmpty();
    }

    /** Run in a JVM of its own, until killed. */
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(LiveWrites::discardAll));
            try (AtomicFile file = AtomicFile.create(Path.of(arguments[0]), Durability.RENAME_ONLY)) {
                file.channel().write(ByteBuffer.wrap("half".getBytes()));
                System.out.println("writing");
                ProcessHandle.current().parent().orElseThrow().onExit().join();
            }
        }
    }

    private static Process java(Class<?> main, String argument) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        RuntimeSupport.REQUIRED_FLAG,
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        argument)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void tellsAKilledProcessFromALiveOne() throws Exception {
        Process writer = java(Writer.class, target.toString());
        try {
            assertThat(writer.inputReader().readLine()).isEqualTo("writing");
            write(target, "new", Durability.RENAME_ONLY);
            assertThat(files()).hasSize(2).containsEntry("data.npz", "new").containsValue("half");
        } finally {
            writer.destroyForcibly().waitFor();
            writer.getInputStream().close();
        }
        assertThat(files()).hasSize(2);
        write(target, "newer", Durability.RENAME_ONLY);
        assertThat(files()).isEqualTo(Map.of("data.npz", "newer"));
    }

    @Test
    void leavesTheTemporaryFileOfALiveWriterAlone() throws Exception {
        try (AtomicFile first = AtomicFile.create(target, Durability.RENAME_ONLY)) {
            first.channel().write(ByteBuffer.wrap("first".getBytes()));
            write(target, "second", Durability.RENAME_ONLY);
            assertThat(files()).hasSize(2).containsEntry("data.npz", "second");
            first.commit();
        }
        assertThat(files()).isEqualTo(Map.of("data.npz", "first"));
    }

    @Test
    void refusesDirectoriesAndMissingParents() throws Exception {
        for (Path bad : List.of(directory, directory.resolve("none/data.npz"), Path.of("/"))) {
            NpzException fault =
                    catchThrowableOfType(NpzException.class, () -> AtomicFile.create(bad, Durability.FSYNC));
            assertThat(fault.code()).isEqualTo(ErrorCode.IO);
            assertThat(fault.remedy()).isNotBlank();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void writesNamesAsLongAsTheFileSystemAllows() throws Exception {
        Path longest = directory.resolve("ü".repeat(120) + ".npz");
        write(longest, "x", Durability.RENAME_ONLY);
        assertThat(files()).isEqualTo(Map.of(longest.getFileName().toString(), "x"));
    }

    @Test
    void commitsOnce() throws Exception {
        try (AtomicFile file = AtomicFile.create(target, Durability.RENAME_ONLY)) {
            file.commit();
            assertThatThrownBy(file::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThat(files()).isEqualTo(Map.of("data.npz", ""));
    }
}
