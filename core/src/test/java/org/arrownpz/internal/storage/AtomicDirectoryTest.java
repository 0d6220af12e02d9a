package org.arrownpz.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.support.Faults;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
final class AtomicDirectoryTest {
    /** What a process that is gone, with an id above every one that Linux gives, calls its directories. */
    private static final String KILLED = ".frame.4999999999-0123456789abcdef.arrownpz-";

    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void nameTarget() {
        target = directory.resolve("frame");
    }

    private static void write(Path path, Durability durability, boolean overwrite, String... names) throws Exception {
        try (AtomicDirectory built = AtomicDirectory.create(path, durability, overwrite)) {
            for (String name : names) {
                try (FileChannel channel = built.newFile(name)) {
                    channel.write(ByteBuffer.wrap(name.getBytes()));
                } catch (NpzException e) {
                    throw e;
                } catch (IOException e) {
                    throw Faults.writing(Location.ofFile("x"), e);
                }
            }
            built.commit();
        }
    }

    private TreeSet<String> names(Path of) throws Exception {
        try (Stream<Path> entries = Files.list(of)) {
            TreeSet<String> names = new TreeSet<>();
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
            return names;
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void appearsWhole(Durability durability) throws Exception {
        write(target, durability, false, "a.npy", "__meta__.json");
        assertThat(names(directory)).containsExactly("frame");
        assertThat(names(target)).containsExactly("__meta__.json", "a.npy");
        assertThat(target.resolve("a.npy")).hasContent("a.npy");
    }

    @Test
    void refusesAnExistingTargetUnlessAskedTo() throws Exception {
        write(target, Durability.RENAME_ONLY, false, "a.npy");
        NpzException fault = catchThrowableOfType(
                NpzException.class, () -> AtomicDirectory.create(target, Durability.RENAME_ONLY, false));
        assertThat(fault.code()).isEqualTo(ErrorCode.IO);
        assertThat(fault.remedy()).contains("overwrite");
        write(target, Durability.FSYNC, true, "b.npy");
        assertThat(names(target)).containsExactly("b.npy");
        assertThat(names(directory)).containsExactly("frame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", ".bashrc", "sub.npy/x"})
    void neverReplacesADirectoryThatHoldsAnythingElse(String foreign) throws Exception {
        Path file = target.resolve(foreign);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "dear");
        NpzException fault = catchThrowableOfType(
                NpzException.class, () -> AtomicDirectory.create(target, Durability.RENAME_ONLY, true));
        assertThat(fault.code()).isEqualTo(ErrorCode.IO);
        assertThat(file).hasContent("dear");
    }

    @Test
    void refusesFilesLinksAndMissingParents() throws Exception {
        Files.writeString(target, "a file");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        for (Path bad : List.of(target, link, directory.resolve("none/frame"), Path.of("/"))) {
            assertThatThrownBy(() -> AtomicDirectory.create(bad, Durability.FSYNC, true))
                    .isInstanceOf(NpzException.class);
        }
        assertThat(names(directory)).containsExactly("frame", "link");
    }

    @Test
    void refusesATargetThatAppearedMeanwhile() throws Exception {
        try (AtomicDirectory built = AtomicDirectory.create(target, Durability.RENAME_ONLY, false)) {
            Files.createDirectory(target);
            Files.writeString(target.resolve("theirs.npy"), "theirs");
            assertThatThrownBy(built::commit).isInstanceOf(NpzException.class);
        }
        assertThat(names(target)).containsExactly("theirs.npy");
        assertThat(names(directory)).containsExactly("frame");
    }

    @Test
    void disappearsWithoutCommit() throws Exception {
        try (AtomicDirectory built = AtomicDirectory.create(target, Durability.RENAME_ONLY, false)) {
            built.newFile("a.npy").close();
            assertThat(names(directory)).hasSize(1).allMatch(name -> name.endsWith(".arrownpz-tmp"));
        }
        assertThat(names(directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/etc/x", "../x", ".lock"})
    void takesPlainFileNamesOnly(String name) throws Exception {
        try (AtomicDirectory built = AtomicDirectory.create(target, Durability.RENAME_ONLY, false)) {
            assertThatThrownBy(() -> built.newFile(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesANameTwice() throws Exception {
        try (AtomicDirectory built = AtomicDirectory.create(target, Durability.RENAME_ONLY, false)) {
            built.newFile("a.npy").close();
            assertThatThrownBy(() -> built.newFile("a.npy")).isInstanceOf(NpzException.class);
        }
    }

    @Test
    void anyFailingOperationLeavesTheOldOrTheNewDirectory() throws Exception {
        write(target, Durability.RENAME_ONLY, false, "old.npy");
        List<String> operations = FaultyFileSystem.failEach(
                target, path -> write(path, Durability.FSYNC, true, "new.npy"), (failed, thrown) -> {
                    assertThat(names(target)).as("after a failed " + failed).hasSize(1);
                    assertThat(names(target).first()).isIn("old.npy", "new.npy");
                    assertThat(target.resolve(names(target).first()))
                            .hasContent(names(target).first());
                    // Deleting the replaced directory may fail silently; the next write sees to it.
                    assertThat(thrown || failed.equals("delete"))
                            .as(failed + " is reported")
                            .isTrue();
                    if (names(directory).size() > 1) {
                        assertThat(names(directory).first()).endsWith(".arrownpz-old");
                        assertThat(names(target)).containsExactly("new.npy");
                    }
                    write(target, Durability.RENAME_ONLY, true, "old.npy");
                    assertThat(names(directory)).containsExactly("frame");
                });
        assertThat(operations).containsSubsequence("mkdir", "create", "write", "force", "move", "move", "delete");
    }

    @Test
    void putsBackTheOldDirectoryThatAKilledWriterSetAsideAndRemovesTheRest() throws Exception {
        Path half = Files.createDirectory(directory.resolve(KILLED + "tmp"));
        Files.writeString(half.resolve("a.npy"), "half");
        Path old = Files.createDirectory(directory.resolve(KILLED + "old"));
        Files.writeString(old.resolve("a.npy"), "whole");
        assertThatThrownBy(() -> write(target, Durability.RENAME_ONLY, false, "b.npy"))
                .isInstanceOf(NpzException.class);
        assertThat(names(directory)).containsExactly("frame");
        assertThat(target.resolve("a.npy")).hasContent("whole");
        write(target, Durability.RENAME_ONLY, true, "b.npy");
        assertThat(names(directory)).containsExactly("frame");
        assertThat(names(target)).containsExactly("b.npy");
    }

    @Test
    void oneWriteRemovesWhatAWriterLeftThatWasKilledBetweenTheRenames() throws Exception {
        Files.createDirectory(directory.resolve(KILLED + "tmp"));
        Files.createDirectory(directory.resolve(KILLED + "old"));
        write(target, Durability.RENAME_ONLY, true, "b.npy");
        assertThat(names(directory)).containsExactly("frame");
        assertThat(names(target)).containsExactly("b.npy");
    }

    @Test
    void removesAnOldDirectoryThatHasASuccessor() throws Exception {
        write(target, Durability.RENAME_ONLY, false, "a.npy");
        Path old = Files.createDirectory(directory.resolve(KILLED + "old"));
        Files.writeString(old.resolve("old.npy"), "old");
        write(target, Durability.RENAME_ONLY, true, "b.npy");
        assertThat(names(directory)).containsExactly("frame");
        assertThat(names(target)).containsExactly("b.npy");
    }

    @Test
    void aFailedWriteLeavesTheOldDirectoryThatItPutBack() throws Exception {
        Path old = Files.createDirectory(directory.resolve(KILLED + "old"));
        Files.writeString(old.resolve("old.npy"), "old.npy");
        try (AtomicDirectory built = AtomicDirectory.create(target, Durability.RENAME_ONLY, true)) {
            built.newFile("new.npy").close();
        }
        assertThat(names(directory)).containsExactly("frame");
        assertThat(target.resolve("old.npy")).hasContent("old.npy");
    }
}
