package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
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
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Of one column its pages are copied: whatever the reader takes beside them would be holes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "declared",
                "duckdb_uuid",
                "fixed_list_with_null",
                "index_widths",
                "large_list",
                "names",
                "nested",
                "no_rows",
                "pandas_categorical",
                "plain_dict_uncompressed_checksum",
                "polars_categorical",
                "rle_dict_snappy_checksum",
                "row_groups",
                "shredded_variant"
            })
    void oneColumnIsThatOfTheWholeFile(String name, BufferAllocator allocator) throws Exception {
        Path file = Path.of("src/test/resources/parquet", name + ".parquet");
        try (FileSystem system = Jimfs.newFileSystem(Configuration.unix())) {
            Path foreign = Files.copy(file, system.getPath("copy.parquet"));
            List<String> columns;
            try (ParquetFile whole = Parquet.read(allocator, file)) {
                columns =
                        whole.schema().getFields().stream().map(Field::getName).toList();
            }
            for (String column : columns) {
                if (Collections.frequency(columns, column) == 1) {
                    List<Object> values = values(allocator, file, column);
                    assertThat(values(allocator, foreign, column)).isEqualTo(values);
                }
            }
        }
    }

    private static List<Object> values(BufferAllocator allocator, Path file, String column) throws Exception {
        List<Object> values = new ArrayList<>();
        for (Verify verify : List.of(Verify.STRUCTURE, Verify.CRC)) {
            ReadOptions options = ReadOptions.defaults().withVerify(verify).withColumns(column);
            try (ArrowReader reader = Tables.open(allocator, file, options)) {
                values.add(reader.getVectorSchemaRoot().getSchema().getFields());
                while (reader.loadNextBatch()) {
                    values.add(RandomVectors.values(reader.getVectorSchemaRoot().getVector(0)));
                }
                for (Dictionary dictionary : reader.getDictionaryVectors().values()) {
                    values.add(RandomVectors.values(dictionary.getVector()));
                }
            }
        }
        return values;
    }

    @Test
    void damageOfAnotherFileSystemsFileIsTold(BufferAllocator allocator) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/parquet/row_groups.parquet"));
        String column;
        try (ParquetFile whole = Parquet.read(allocator, Path.of("src/test/resources/parquet/row_groups.parquet"))) {
            column = whole.schema().getFields().get(0).getName();
        }
        try (FileSystem system = Jimfs.newFileSystem(Configuration.unix())) {
            Path foreign = system.getPath("damaged.parquet");
            for (int length : new int[] {0, 1, 4, 11, 12, 15, 16, 17, bytes.length / 2, bytes.length - 1}) {
                Files.write(foreign, Arrays.copyOf(bytes, length));
                assertThatThrownBy(() -> Parquet.read(allocator, foreign, column))
                        .isInstanceOf(NpzException.class)
                        .hasMessageContaining("damaged.parquet");
            }
            for (int footer : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, bytes.length}) {
                Files.write(
                        foreign,
                        ByteBuffer.wrap(bytes.clone())
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(bytes.length - 8, footer)
                                .array());
                assertThatThrownBy(() -> Parquet.read(allocator, foreign, column))
                        .isInstanceOf(NpzException.class);
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
