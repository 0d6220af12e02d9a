package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The power fails at every moment of every writer, and unforced writes are lost or torn: the target is the old one or
 * the new one, whole, it opens, and the next write finds nothing in its way.
 */
@ExtendWith(LeakCheck.class)
class PowerLossTest {
    private static int states(BufferAllocator allocator, int rows) throws Exception {
        int states = 0;
        for (CrashWriter writer : CoreWriter.ALL) {
            states += states(allocator, rows, writer, Durability.FSYNC);
        }
        return states;
    }

    private static int states(BufferAllocator allocator, int rows, CrashWriter writer, Durability durability)
            throws Exception {
        try (Contents contents = new Contents(rows)) {
            Replay longer = new Replay(allocator, contents, writer, durability, 0, 1);
            Replay shorter = new Replay(allocator, contents, writer, durability, 1, 0);
            longer.run();
            shorter.run();
            return longer.states() + shorter.states();
        }
    }

    @Test
    void everyStateHoldsTheOldContentOrTheNewOne(BufferAllocator allocator) throws Exception {
        assertThat(states(allocator, Effort.of(200, 1_200))).isGreaterThan(Effort.of(2_000, 20_000));
    }

    @Test
    @Tag("soak")
    void everyStateOfLongerFilesHoldsTheOldContentOrTheNewOne(BufferAllocator allocator) throws Exception {
        int states = states(allocator, 4_000);
        System.out.println(states + " states");
        assertThat(states).isGreaterThan(40_000);
    }

    @Test
    void noticesAWriterThatRenamesWhatIsNotOnTheDisk(BufferAllocator allocator) {
        assertThatThrownBy(() -> states(allocator, 60, CoreWriter.FRAME, Durability.RENAME_ONLY))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("neither the old one nor the new one");
    }

    @Test
    void noticesAWriterThatWritesInPlace(BufferAllocator allocator) {
        assertThatThrownBy(() -> states(allocator, 60, new Careless(true), Durability.FSYNC))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("neither the old one nor the new one");
    }

    @Test
    void noticesAWriterThatReturnsBeforeTheNameIsOnTheDisk(BufferAllocator allocator) {
        assertThatThrownBy(() -> states(allocator, 60, new Careless(false), Durability.FSYNC))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is on the disk");
    }

    /** Overwrites its target, or renames another file over it and lets it be; the bytes themselves are right. */
    private record Careless(boolean inPlace) implements CrashWriter {
        @Override
        public String target() {
            return "careless.npy";
        }

        @Override
        public void write(BufferAllocator allocator, VectorSchemaRoot content, Path target, Durability durability)
                throws Exception {
            Path elsewhere = target.resolveSibling("../careless.npy").normalize();
            CoreWriter.ARRAY.write(allocator, content, elsewhere, durability);
            if (!inPlace) {
                Files.move(elsewhere, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            }
            try (FileChannel channel = FileChannel.open(
                    target,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.write(ByteBuffer.wrap(Files.readAllBytes(elsewhere)));
                channel.force(true);
            }
        }
    }
}
