package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers of one format do not write files that are named as another. */
@ExtendWith(LeakCheck.class)
class TargetFormatTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "x.feather, Ipc.write",
        "x.arrow, Ipc.write",
        "x.ARROWS, Ipc.write",
        "x.ipc, Ipc.write",
        "x.Parquet, Parquet.write"
    })
    void framesRefuseExtensionsOfOtherFormats(String name, String method, BufferAllocator allocator) {
        Path target = directory.resolve(name);
        try (VectorSchemaRoot root = VectorSchemaRoot.of(Roots.longs(allocator, "n", 1, 2))) {
            assertThatThrownBy(() -> Frames.write(root, target, WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + name + "'")
                    .hasMessageContaining(method);
        }
        assertThatThrownBy(() -> NpzWriter.create(target, WriteOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npz", "x.NPZ", "x", "x.dat", "x.npy", "x.feather.npz"})
    void framesTakeTheirOwnAndUnknownExtensions(String name, BufferAllocator allocator) throws Exception {
        Path target = directory.resolve(name);
        try (VectorSchemaRoot root = VectorSchemaRoot.of(Roots.longs(allocator, "n", 1, 2))) {
            Frames.write(root, target, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, target)) {
            assertThat(frame.rowCount()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"a.npz, NPZ", "a.NPY, NPY", "b/a.feather, ARROW", "a.parquet, PARQUET", "a.csv,", "npz,"})
    void formatsFollowFromExtensions(String name, TargetFormat format) {
        assertThat(TargetFormat.of(Path.of(name))).isEqualTo(format);
    }
}
