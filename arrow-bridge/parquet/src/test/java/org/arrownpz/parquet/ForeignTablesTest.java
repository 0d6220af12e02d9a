package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Roots;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.IpcReadOptions;
import org.arrownpz.ipc.Tables;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of every format in file systems that Java alone knows. */
@ExtendWith(LeakCheck.class)
class ForeignTablesTest {
    static List<Configuration> systems() {
        return List.of(Configuration.unix(), Configuration.windows());
    }

    private static VectorSchemaRoot days(BufferAllocator allocator) {
        return Roots.root(Roots.longs(allocator, "day", 1, 2, 3));
    }

    @ParameterizedTest
    @MethodSource("systems")
    void tablesAreWrittenAndReadInMemory(Configuration configuration, BufferAllocator allocator) throws Exception {
        try (FileSystem system = Jimfs.newFileSystem(configuration);
                VectorSchemaRoot root = days(allocator);
                Frame frame = Frame.of(root)) {
            Path work = system.getPath("").toAbsolutePath();
            for (int round = 0; round < 2; round++) {
                Parquet.write(frame, work.resolve("days.parquet"), ParquetOptions.defaults());
                Ipc.write(frame, work.resolve("days.feather"), IpcOptions.defaults());
                Ipc.write(frame, work.resolve("days.arrows"), IpcOptions.defaults());
            }
            for (String name : List.of("days.parquet", "days.feather", "days.arrows")) {
                assertDays(allocator, work.resolve(name));
            }
            try (ArrowReader reader =
                            Tables.open(allocator, work.resolve("days.parquet").toUri(), ReadOptions.defaults());
                    ArrowReader feather =
                            Ipc.open(allocator, work.resolve("days.feather").toUri(), IpcReadOptions.defaults())) {
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(feather.loadNextBatch()).isTrue();
            }
            try (ParquetFile file = Parquet.read(allocator, work.resolve("days.parquet"), "day")) {
                assertThat(file.frame().rowCount()).isEqualTo(3);
            }
            try (IpcFile file = Ipc.read(allocator, work.resolve("days.feather"))) {
                assertThat(file.frame().rowCount()).isEqualTo(3);
            }
        }
    }

    @Test
    void tablesAreReadWithinAnArchive(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        List<String> names = List.of("days.parquet", "days.feather");
        try (VectorSchemaRoot root = days(allocator);
                Frame frame = Frame.of(root);
                FileSystem zip = FileSystems.newFileSystem(directory.resolve("all.zip"), Map.of("create", "true"))) {
            Parquet.write(frame, directory.resolve(names.get(0)), ParquetOptions.defaults());
            Ipc.write(frame, directory.resolve(names.get(1)), IpcOptions.defaults());
            for (String name : names) {
                Files.copy(directory.resolve(name), zip.getPath(name));
            }
        }
        try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("all.zip"))) {
            for (String name : names) {
                assertDays(allocator, zip.getPath("/", name));
            }
        }
    }

    private static void assertDays(BufferAllocator allocator, Path file) throws Exception {
        for (Verify verify : Verify.values()) {
            ReadOptions options = ReadOptions.defaults().withVerify(verify);
            try (ArrowReader reader = Tables.open(allocator, file, options)) {
                assertThat(reader.loadNextBatch()).isTrue();
                BigIntVector day = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                assertThat(day.get(2)).isEqualTo(3);
            }
            try (Frame frame = Tables.read(allocator, file, options)) {
                assertThat(frame.rowCount()).isEqualTo(3);
            }
        }
    }
}
