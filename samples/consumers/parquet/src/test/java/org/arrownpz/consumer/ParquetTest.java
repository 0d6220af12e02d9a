package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.parquet.ParquetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code arrow-npz-parquet} alone: Arrow to Parquet without Hadoop and without native code. What {@code FlightStream} and
 * {@code ArrowReader} hand out are such roots too: one that is loaded anew for each batch.
 */
class ParquetTest {
    private static final int BATCHES = 3;
    private static final int ROWS = 1_000;
    private static final DictionaryEncoding CITIES = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
    private static final Schema TRIPS = new Schema(
            List.of(
                    Field.nullable("id", new ArrowType.Int(64, true)),
                    new Field("city", new FieldType(true, CITIES.getIndexType(), CITIES), null)),
            Map.of("source", "a sample"));

    private static void load(VectorSchemaRoot root, int batch) {
        BigIntVector id = (BigIntVector) root.getVector("id");
        IntVector city = (IntVector) root.getVector("city");
        for (int row = 0; row < ROWS; row++) {
            id.setSafe(row, (long) batch * ROWS + row);
            city.setSafe(row, row % 2);
        }
        root.setRowCount(ROWS);
    }

    private static ParquetWriter.Written write(ParquetWriter writer, VectorSchemaRoot root) throws NpzException {
        for (int batch = 0; batch < BATCHES; batch++) {
            load(root, batch);
            writer.write(root);
        }
        return writer.finish();
    }

    @Test
    void writesBatchesIntoFilesAndChannels(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("trips.parquet");
        ByteArrayOutputStream upload = new ByteArrayOutputStream();
        ParquetOptions options = ParquetOptions.defaults()
                .withZstd(3)
                .withRowGroupRows(2 * ROWS)
                .withSortedBy("id", false, false)
                .withBloomFilters("id");
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector cities = new VarCharVector("cities", allocator);
                VectorSchemaRoot root = VectorSchemaRoot.create(TRIPS, allocator)) {
            cities.setSafe(0, "Bern".getBytes(StandardCharsets.UTF_8));
            cities.setSafe(1, "Thun".getBytes(StandardCharsets.UTF_8));
            cities.setValueCount(2);
            DictionaryProvider dictionaries =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(cities, CITIES));
            try (ParquetWriter toFile = ParquetWriter.open(file, TRIPS, dictionaries, options);
                    ParquetWriter toChannel =
                            ParquetWriter.open(Channels.newChannel(upload), TRIPS, dictionaries, options)) {
                ParquetWriter.Written written = write(toFile, root);
                assertEquals(BATCHES * ROWS, written.rows());
                assertEquals(2, written.rowGroups().size());
                assertEquals(Files.size(file), written.bytes());
                ParquetWriter.Column city = written.rowGroups().get(0).columns().get(1);
                assertEquals("[DICTIONARY]", city.encodings().toString());
                assertEquals(written, write(toChannel, root));
            }
        }
        assertArrayEquals(Files.readAllBytes(file), upload.toByteArray());
    }

    @Test
    void namesTheArtifactThatReads(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("trips.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            Schema ids = new Schema(TRIPS.getFields().subList(0, 1));
            try (ParquetWriter writer = ParquetWriter.open(file, ids, ParquetOptions.defaults())) {
                writer.finish();
            }
            NpzException missing = assertThrows(
                    NpzException.class, () -> Parquet.read(allocator, file).close());
            assertTrue(missing.getMessage().contains("org.apache.arrow:arrow-dataset"), missing.getMessage());
        }
    }

    @Test
    void bringsAtMost15MegabytesAndNoNativeReader() throws Exception {
        assertTrue(Carried.bytes() <= 15_000_000, Carried.bytes() + " bytes of " + Carried.names());
        for (String heavy : new String[] {"arrow-dataset", "hadoop", "duckdb", "arrow-c-data", "spark", "parquet-"}) {
            assertFalse(Carried.names().stream().anyMatch(name -> name.startsWith(heavy)), heavy);
        }
        Carried.requireReadme("arrow-npz-parquet");
    }
}
