package org.arrownpz.parquet;

import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.parquet.ParquetOptions.Encoding;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random tables of pyarrow's, nested and sliced, with random options: pyarrow, Polars and DuckDB read what is written of
 * them as equal, and so do parquet-java and hardwood where {@code ARROW_NPZ_PEERS} names clients/peers/run.
 */
@ExtendWith(LeakCheck.class)
class ParquetRandomTablesTest extends ParquetFiles {
    private static final int TABLES = Effort.of(60, 500);
    private static final int SEED = 20261123;

    @Test
    void otherReadersReadRandomTablesAsEqual(BufferAllocator allocator) throws Exception {
        String clients = System.getenv("ARROW_NPZ_CLIENTS");
        Assumptions.assumeTrue(clients != null && !clients.isEmpty(), "no clients");
        Path script = directory.resolve("random_tables.py");
        try (InputStream source = Objects.requireNonNull(getClass().getResourceAsStream("random_tables.py"))) {
            Files.copy(source, script);
        }
        Python.check(directory, clients, script, "make", TABLES, SEED);
        Random random = new Random(SEED);
        for (int table = 0; table < TABLES; table++) {
            ParquetOptions.Compression codec =
                    ParquetOptions.Compression.values()[table % ParquetOptions.Compression.values().length];
            // Long tables go through several pages and groups.
            int rows = table % 20 == 0 ? 30_000 : 1 + random.nextInt(400);
            boolean statistics = random.nextInt(4) > 0;
            ParquetOptions options = OPTIONS.withCompression(codec)
                    .withRowGroupRows(rows)
                    .withDictionary(random.nextInt(4) > 0)
                    .withStatistics(statistics)
                    .withPageIndex(random.nextBoolean())
                    .withChecksums(random.nextBoolean());
            boolean bytes = random.nextInt(4) == 0;
            options = bytes ? options.withRowGroupBytes(1 + random.nextInt(1 << 16)) : options;
            Path target = directory.resolve("%03d.parquet".formatted(table));
            try (FileChannel source = FileChannel.open(directory.resolve("%03d.feather".formatted(table)));
                    ArrowFileReader reader = new ArrowFileReader(source, allocator)) {
                Schema schema = reader.getVectorSchemaRoot().getSchema();
                try (ParquetWriter writer =
                        ParquetWriter.open(target, schema, reader, chosen(options, schema, random))) {
                    writer.write(reader);
                    writer.finish();
                }
            }
            String said = "{\"rows\": %s, \"statistics\": %s}".formatted(rows, statistics && !bytes);
            Files.writeString(directory.resolve(target.getFileName() + ".json"), said);
        }
        Python.check(directory, clients, script, "check");
        String peers = System.getenv("ARROW_NPZ_PEERS");
        if (peers != null && !peers.isEmpty()) {
            Python.check(directory, peers, "check", directory);
        }
    }

    /** Encodings and filters of some columns that can have them. */
    private static ParquetOptions chosen(ParquetOptions options, Schema schema, Random random) {
        ParquetOptions chosen = options;
        for (Field field : schema.getFields()) {
            ArrowType type = field.getType();
            boolean once = schema.getFields().stream()
                            .filter(other -> other.getName().equals(field.getName()))
                            .count()
                    == 1;
            List<Encoding> fitting = new ArrayList<>(List.of(Encoding.PLAIN, Encoding.DICTIONARY));
            if (type instanceof ArrowType.Utf8 || type instanceof ArrowType.Binary) {
                fitting.addAll(List.of(Encoding.DELTA_LENGTH_BYTE_ARRAY, Encoding.DELTA_BYTE_ARRAY));
            } else if (type instanceof ArrowType.Int || type instanceof ArrowType.Timestamp) {
                fitting.add(Encoding.DELTA_BINARY_PACKED);
            } else if (type instanceof ArrowType.FloatingPoint floating
                    && floating.getPrecision() != FloatingPointPrecision.HALF) {
                fitting.add(Encoding.BYTE_STREAM_SPLIT);
            } else {
                continue;
            }
            boolean half = type instanceof ArrowType.FloatingPoint number
                    && number.getPrecision() == FloatingPointPrecision.HALF;
            if (field.getDictionary() == null && once && random.nextInt(3) == 0) {
                chosen = chosen.withEncoding(field.getName(), fitting.get(random.nextInt(fitting.size())));
            }
            if (once && !half && random.nextInt(3) == 0) {
                chosen = chosen.withBloomFilters(field.getName());
            }
        }
        return chosen;
    }
}
