package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths of file systems that Java alone knows: in memory, as Unix and Windows spell them, and in a zip archive. */
@ExtendWith(LeakCheck.class)
class ForeignPathsTest {
    private static final int ROWS = 5_000;

    static List<Configuration> systems() {
        return List.of(Configuration.unix(), Configuration.windows());
    }

    private static Path work(FileSystem system) throws IOException {
        return Files.createDirectories(
                system.getRootDirectories().iterator().next().resolve("a directory"));
    }

    private static VectorSchemaRoot prices(BufferAllocator allocator) {
        double[] values = new double[ROWS];
        long[] days = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            values[row] = row / 2.0;
            days[row] = row;
        }
        return Roots.root(Roots.doubles(allocator, "close", values), Roots.longs(allocator, "day", days));
    }

    private static void assertPrices(Frame frame) throws NpzException {
        assertThat(((Float8Vector) frame.column("close")).get(ROWS - 1)).isEqualTo((ROWS - 1) / 2.0);
    }

    @ParameterizedTest
    @MethodSource("systems")
    void framesAreWrittenAndReadInMemory(Configuration configuration, BufferAllocator allocator) throws Exception {
        try (FileSystem system = Jimfs.newFileSystem(configuration);
                VectorSchemaRoot root = prices(allocator)) {
            Path work = work(system);
            Path file = work.resolve("prices.npz");
            Path directory = work.resolve("prices");
            WriteOptions options = WriteOptions.defaults().withOverwrite();
            for (int round = 0; round < 2; round++) {
                Frames.write(root, file, options);
                try (Frame frame = Frames.open(allocator, file)) {
                    assertPrices(frame);
                    assertThat(frame.copyReport().notes())
                            .contains("copied instead of mapped: the file system has no such mappings");
                    Frames.writeDirectory(frame, directory, options);
                }
            }
            for (Path stored : List.of(file, directory)) {
                for (Mapping mapping : Mapping.values()) {
                    ReadOptions read = ReadOptions.defaults().withMapping(mapping);
                    try (Frame frame = Frames.open(allocator, stored, read)) {
                        assertPrices(frame);
                    }
                    assertThat(Frames.inspect(allocator, stored, read).rows()).isEqualTo(ROWS);
                    assertThat(Frames.verify(allocator, stored, read).ok()).isTrue();
                }
            }
            Path aligned = work.resolve("aligned.npz");
            Frames.align(allocator, directory, aligned, ReadOptions.defaults(), options);
            try (Frame frame = Frames.open(allocator, aligned)) {
                assertPrices(frame);
            }
            try (Frame column = Frames.openArray(allocator, file, "__blocks_0__", ReadOptions.defaults())) {
                assertThat(column.rowCount()).isEqualTo(ROWS);
            }
            assertThat(names(work)).containsExactlyInAnyOrder("prices.npz", "prices", "aligned.npz");
        }
    }

    @ParameterizedTest
    @MethodSource("systems")
    void batchesAreWrittenWithAndWithoutTheirNumber(Configuration configuration, BufferAllocator allocator)
            throws Exception {
        try (FileSystem system = Jimfs.newFileSystem(configuration);
                VectorSchemaRoot root = prices(allocator);
                Frame frame = Frame.of(root)) {
            Path work = work(system);
            for (int round = 0; round < 2; round++) {
                Path file = work.resolve("batches" + round + ".npz");
                try (ArrowReader reader = frame.reader(700)) {
                    if (round == 0) {
                        Frames.write(reader, file, WriteOptions.defaults());
                    } else {
                        Frames.write(reader, ROWS, file, WriteOptions.defaults());
                    }
                }
                try (Frame written = Frames.open(allocator, file)) {
                    assertPrices(written);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("systems")
    void arraysAreSavedAndLoadedInMemory(Configuration configuration, BufferAllocator allocator) throws Exception {
        double[][] matrix = {{1, 2}, {3, 4}};
        try (FileSystem system = Jimfs.newFileSystem(configuration)) {
            Path work = work(system);
            Path npy = work.resolve("matrix.npy");
            Npy.save(npy, matrix);
            try (NumpyArray array = Npy.load(allocator, npy)) {
                assertThat(array.to(double[][].class)).isDeepEqualTo(matrix);
            }
            assertThat(Frames.inspect(allocator, npy).members().get(0).name()).isEqualTo("matrix.npy");
            Path npz = work.resolve("model.npz");
            Npz.save(npz, Map.of("weights", matrix));
            Npz.add(allocator, npz, Map.of("more", matrix));
            Path tensors = work.resolve("model.safetensors");
            Safetensors.save(tensors, Map.of("weights", matrix));
            for (Path file : List.of(npz, tensors)) {
                try (NumpyArrays loaded = Npz.load(allocator, file);
                        NumpyArrays opened = Npz.open(allocator, file)) {
                    assertThat(loaded.get("weights").to(double[][].class)).isDeepEqualTo(matrix);
                    assertThat(opened.get("weights").to(double[][].class)).isDeepEqualTo(matrix);
                }
            }
            try (NpzFile file = NpzFile.open(allocator, npz);
                    NumpyArrays arrays = Npz.open(allocator, work)) {
                assertThat(file.keys()).containsExactly("weights", "more");
                assertThat(arrays.get("matrix").to(double[][].class)).isDeepEqualTo(matrix);
            }
        }
    }

    @Test
    void archiveWithinAnArchiveIsReadAndNotWritten(BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path plain = directory.resolve("prices.npz");
        try (VectorSchemaRoot root = prices(allocator)) {
            Frames.write(root, plain, WriteOptions.defaults());
            try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("all.zip"), Map.of("create", "true"))) {
                Files.copy(plain, zip.getPath("prices.npz"));
            }
            try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("all.zip"))) {
                Path inside = zip.getPath("prices.npz");
                try (Frame frame = Frames.open(allocator, inside)) {
                    assertPrices(frame);
                }
                assertThat(Frames.verify(allocator, inside, ReadOptions.defaults())
                                .ok())
                        .isTrue();
                assertThatThrownBy(() -> Frames.write(root, zip.getPath("again.npz"), WriteOptions.defaults()))
                        .isInstanceOf(NpzException.class)
                        .hasMessageContaining("no temporary file could be made")
                        .hasMessageContaining("write to another and copy");
                assertThat(names(zip.getPath("/"))).containsExactly("prices.npz");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void providerWithoutFileChannelsIsReadByRanges(Mapping mapping, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path plain = directory.resolve("prices.npz");
        try (VectorSchemaRoot root = prices(allocator)) {
            Frames.write(root, plain, WriteOptions.defaults());
            Path foreign =
                    new FaultyFileSystem((operation, number) -> false).plain().path(plain);
            try (Frame frame =
                    Frames.open(allocator, foreign, ReadOptions.defaults().withMapping(mapping))) {
                assertPrices(frame);
            }
            assertThatThrownBy(() -> Frames.write(root, foreign, WriteOptions.defaults()))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("no temporary file could be made");
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (var children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }
}
