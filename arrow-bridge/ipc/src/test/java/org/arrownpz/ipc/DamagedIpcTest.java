package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile files: a typed refusal or consistent vectors, nothing else, and nothing left behind. */
class DamagedIpcTest {
    private static final long LIMIT = 16 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"batches.arrow", "batches.arrows", "categorical.feather", "nested_zstd.feather"})
    void refusesFilesCutAnywhere(String name) throws IOException {
        byte[] whole = Files.readAllBytes(GoldenFeatherTest.golden(name));
        int rows = rows(whole, name);
        for (int length = 0; length < whole.length; length += 7) {
            int read = rows(Arrays.copyOf(whole, length), name);
            // A stream may end after any message; a file never.
            assertThat(read).as("%s cut to %d", name, length).isLessThanOrEqualTo(name.endsWith("s") ? rows : -1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "batches.arrow",
                "batches.arrows",
                "categorical.feather",
                "nested.feather",
                "nested_zstd.feather",
                "nested_lz4.feather",
                "arrow_types.feather",
                "arrow_types_lz4.feather"
            })
    void survivesChangedBytes(String name) throws IOException {
        byte[] whole = Files.readAllBytes(GoldenFeatherTest.golden(name));
        Random random = new Random(42);
        for (int round = 0; round < Effort.of(150, 600); round++) {
            byte[] changed = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                int position = random.nextInt(changed.length);
                changed[position] = random.nextBoolean() ? (byte) (1 << random.nextInt(8)) : (byte) random.nextInt(256);
            }
            rows(changed, name);
        }
    }

    /** The rows read, or -1 after a typed refusal; anything else fails the test. */
    private int rows(byte[] bytes, String name) throws IOException {
        Path path = directory.resolve(name);
        Files.write(path, bytes);
        try (BufferAllocator allocator = new RootAllocator(LIMIT)) {
            int rows;
            try (IpcFile file = Ipc.read(allocator, path, Verify.CONTENT)) {
                for (FieldVector vector : file.frame().root().getFieldVectors()) {
                    for (int row = 0; row < vector.getValueCount(); row++) {
                        vector.hashCode(row);
                    }
                }
                rows = (int) file.frame().rowCount();
            } catch (NpzException e) {
                assertThat(e.getMessage()).contains(name);
                rows = -1;
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
            return rows;
        }
    }

    @Test
    void namesTheLimitThatTheAllocatorSets() {
        try (BufferAllocator allocator = new RootAllocator(256)) {
            assertThatThrownBy(() -> {
                        try (IpcFile file = Ipc.read(allocator, GoldenFeatherTest.golden("arrow_types_lz4.feather"))) {
                            file.frame();
                        }
                    })
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void saysThatAFileIsMissing() {
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> Ipc.read(allocator, directory.resolve("none.feather")))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                    .hasMessageContaining("none.feather");
        }
    }
}
