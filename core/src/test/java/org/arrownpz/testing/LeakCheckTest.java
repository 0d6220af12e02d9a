package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker itself: a leak that it overlooked would be overlooked everywhere. */
final class LeakCheckTest {
    @TempDir
    Path directory;

    private final LeakCheck.State state = new LeakCheck.State(0);

    @Test
    void findsAllocatorMemory() {
        try (ArrowBuf forgotten = state.allocator().buffer(100)) {
            assertThatThrownBy(state::check).isInstanceOf(AssertionError.class).hasMessageContaining("allocator");
            forgotten.setZero(0, 1);
        }
        assertThatCode(state::check).doesNotThrowAnyException();
    }

    @Test
    void findsAMappingOfADeletedFile() throws Exception {
        Path file = Files.write(directory.resolve("mapped.npz"), new byte[100]);
        try (ByteSource forgotten = ByteSources.open(state.allocator(), file, Mapping.READ_ONLY)) {
            Files.delete(file);
            assertThatThrownBy(state::check).isInstanceOf(AssertionError.class).hasMessageContaining("mapped.npz");
            forgotten.checkUnchanged();
        }
    }

    @Test
    void findsAnOpenFile() throws Exception {
        Path file = directory.resolve("open.npz");
        try (FileChannel forgotten = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertThatThrownBy(state::check).isInstanceOf(AssertionError.class).hasMessageContaining("open.npz");
            forgotten.force(false);
        }
        assertThatCode(state::check).doesNotThrowAnyException();
    }
}
