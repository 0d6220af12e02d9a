package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.dataset.file.DatasetFileWriter;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.fidelity.Meaning;
import org.arrownpz.ipc.cdata.ExportScope;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Arrow C++ and DuckDB read in our files, and we in those of Arrow C++, for a column of every type. Arrow C++ comes
 * with arrow-dataset; DuckDB is handed its reader. Arrow's readers in Java are the matter of {@link IpcTypesTest}.
 *
 * <p>Arrow C++ holds and gives back every type; two come with other fields than they went. What DuckDB makes of a type is
 * its own affair, and no different for files of others:
 *
 * <table>
 * <caption>What DuckDB 1.5.6 does not read as it is</caption>
 * <tr><td>float16, decimals of 256 bits, dense unions, structs without fields</td><td>no such type, it says</td></tr>
 * <tr><td>sparse unions whose type codes are not 0, 1, 2 …</td><td>refused, as out of range</td></tr>
 * <tr><td>decimals of negative scale</td><td>an internal error, with a stack trace on standard error</td></tr>
 * <tr><td>durations and times finer than microseconds</td><td>cut</td></tr>
 * <tr><td>day-time intervals</td><td>days and milliseconds as one number</td></tr>
 * </table>
 *
 * <p>{@code Sql} converts or refuses these before DuckDB sees them.
 */
class PeersTest {
    private static final int ROWS = 100;
    private static final IpcOptions FAST = IpcOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final Duration RELEASE_WAIT = Duration.ofSeconds(120);

    /** Arrow C++ keeps no metadata of the fields below run ends, and numbers dictionaries itself. */
    private static final Set<String> OTHER_FIELDS = Set.of("run ends", "dictionary");

    private static final Map<String, String> DUCKDB_REFUSES = Map.of(
            "float16", "Unsupported Internal Arrow Type",
            "decimal256", "Unsupported Internal Arrow Type",
            "decimal256 short", "Unsupported Internal Arrow Type",
            "struct of nothing", "STRUCT with no fields",
            "sparse union", "union tag out of range",
            "dense union", "Unsupported Internal Arrow Type");

    private static final String DUCKDB_FAILS = "decimal negative scale";
    private static final Set<String> DUCKDB_CHANGES = Set.of("duration ns", "days");

    private final BufferAllocator allocator = new RootAllocator();
    private final Dictionary words = EveryType.dictionary(allocator);
    private final DictionaryProvider dictionaries = new MapDictionaryProvider(words);

    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMemory() {
        words.getVector().close();
        allocator.close();
    }

    private VectorSchemaRoot everyType(int rows) {
        List<FieldVector> columns = new ArrayList<>(EveryType.columns(rows, allocator));
        columns.add(EveryType.indices(rows, allocator));
        return root(columns);
    }

    private static VectorSchemaRoot root(List<FieldVector> columns) {
        return new VectorSchemaRoot(
                columns.stream().map(FieldVector::getField).toList(),
                columns,
                columns.get(0).getValueCount());
    }

    @ParameterizedTest
    @CsvSource({"NONE, 100", "LZ4, 100", "ZSTD, 100", "NONE, 1", "LZ4, 1"})
    void arrowCppReadsOurFiles(IpcOptions.Compression compression, int rows) throws Exception {
        Path file = directory.resolve("ours.arrow");
        try (VectorSchemaRoot root = everyType(rows)) {
            Ipc.write(root, dictionaries, file, FAST.withCompression(compression));
            try (Scan scan = new Scan(file)) {
                assertThat(scan.reader.loadNextBatch()).isTrue();
                requireEqual(root, scan.reader);
                assertThat(scan.reader.loadNextBatch()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1})
    void weReadFilesOfArrowCpp(int rows) throws IOException {
        Path file = directory.resolve("ours.arrow");
        try (VectorSchemaRoot root = everyType(rows)) {
            Ipc.write(root, dictionaries, file, FAST);
            try (MappedIpcReader reader = Ipc.open(allocator, writtenByArrowCpp(file))) {
                assertThat(reader.loadNextBatch()).isTrue();
                requireEqual(root, reader);
                assertThat(reader.loadNextBatch()).isFalse();
            }
        }
    }

    private void requireEqual(VectorSchemaRoot expected, ArrowReader reader) throws IOException {
        VectorSchemaRoot read = reader.getVectorSchemaRoot();
        assertThat(read.getRowCount()).isEqualTo(expected.getRowCount());
        for (FieldVector column : expected.getFieldVectors()) {
            FieldVector found = read.getVector(column.getName());
            if (OTHER_FIELDS.contains(column.getName())) {
                assertThat(found.getField().getType())
                        .isEqualTo(column.getField().getType());
            } else {
                assertThat(found.getField()).isEqualTo(column.getField());
            }
            assertThat(Meaning.of(found, reader)).as(column.getName()).isEqualTo(Meaning.of(column, dictionaries));
        }
    }

    /** What the file holds, written by Arrow C++. */
    private Path writtenByArrowCpp(Path file) throws IOException {
        Path parts = Files.createDirectory(directory.resolve("parts"));
        ExportScope exports = new ExportScope(allocator, "export");
        try (MappedIpcReader reader = Ipc.open(allocator, file)) {
            DatasetFileWriter.write(
                    exports.allocator(),
                    reader,
                    FileFormat.ARROW_IPC,
                    parts.toUri().toString(),
                    new String[0],
                    1,
                    "part{i}.arrow");
        } finally {
            // Native threads release what was exported after the call.
            assertThat(exports.drain(RELEASE_WAIT)).isTrue();
        }
        try (Stream<Path> files = Files.list(parts)) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void duckDbReadsOurFiles() throws Exception {
        Path file = directory.resolve("ours.arrow");
        try (VectorSchemaRoot root = everyType(ROWS)) {
            List<FieldVector> columns = root.getFieldVectors().stream()
                    .filter(column -> !DUCKDB_REFUSES.containsKey(column.getName())
                            && !column.getName().equals(DUCKDB_FAILS))
                    .toList();
            Ipc.write(root(columns), dictionaries, file, FAST);
            List<List<@Nullable Object>> read = readByDuckDb(file);
            assertThat(read).hasSameSizeAs(columns);
            for (int i = 0; i < columns.size(); i++) {
                String name = columns.get(i).getName();
                List<@Nullable Object> expected = Meaning.of(columns.get(i), dictionaries);
                if (DUCKDB_CHANGES.contains(name)) {
                    assertThat(read.get(i)).as(name).hasSameSizeAs(expected).isNotEqualTo(expected);
                } else {
                    assertThat(read.get(i)).as(name).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void duckDbRefusesTypesThatItHasNot() throws Exception {
        try (VectorSchemaRoot root = everyType(ROWS)) {
            for (Map.Entry<String, String> refused : DUCKDB_REFUSES.entrySet()) {
                Path file = directory.resolve(refused.getKey() + ".arrow");
                Ipc.write(root(List.of(root.getVector(refused.getKey()))), dictionaries, file, FAST);
                assertThatThrownBy(() -> readByDuckDb(file))
                        .as(refused.getKey())
                        .hasMessageContaining(refused.getValue());
            }
        }
    }

    private List<List<@Nullable Object>> readByDuckDb(Path file) throws Exception {
        ExportScope exports = new ExportScope(allocator, "export");
        try (Scan scan = new Scan(file);
                ArrowArrayStream stream = ArrowArrayStream.allocateNew(exports.allocator());
                DuckDBConnection connection =
                        (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", new Properties())) {
            Data.exportArrayStream(exports.allocator(), scan.reader, stream);
            try {
                connection.registerArrowStream("ours", stream);
                try (Statement statement = connection.createStatement();
                        DuckDBResultSet rows = (DuckDBResultSet) statement.executeQuery("SELECT * FROM ours");
                        ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, ROWS)) {
                    assertThat(reader.loadNextBatch()).isTrue();
                    return reader.getVectorSchemaRoot().getFieldVectors().stream()
                            .map(column -> Meaning.of(column, reader))
                            .toList();
                }
            } finally {
                if (stream.snapshot().release != 0) {
                    stream.release();
                }
            }
        } finally {
            assertThat(exports.drain(RELEASE_WAIT)).isTrue();
        }
    }

    /** A file as Arrow C++ reads it. */
    private final class Scan implements AutoCloseable {
        final ArrowReader reader;
        private final FileSystemDatasetFactory factory;
        private final Dataset dataset;
        private final Scanner scanner;

        Scan(Path file) {
            factory = new FileSystemDatasetFactory(
                    allocator,
                    NativeMemoryPool.getDefault(),
                    FileFormat.ARROW_IPC,
                    file.toUri().toString());
            dataset = factory.finish();
            scanner = dataset.newScan(new ScanOptions(1 << 20));
            reader = scanner.scanBatches();
        }

        @Override
        public void close() throws Exception {
            try (factory;
                    dataset;
                    scanner;
                    reader) {
                // Closed in the order of use, the last first.
            }
        }
    }
}
