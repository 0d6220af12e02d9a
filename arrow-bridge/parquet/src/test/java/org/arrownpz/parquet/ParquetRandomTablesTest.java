package org.arrownpz.parquet;

import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Random tables of pyarrow's, nested and sliced: pyarrow, Polars and DuckDB read what is written of them as equal. */
@ExtendWith(LeakCheck.class)
class ParquetRandomTablesTest extends ParquetFiles {
    private static final int TABLES = 300;
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
                    .withStatistics(statistics);
            Path target = directory.resolve("%03d.parquet".formatted(table));
            try (FileChannel source = FileChannel.open(directory.resolve("%03d.feather".formatted(table)));
                    ArrowFileReader reader = new ArrowFileReader(source, allocator)) {
                Parquet.write(reader, target, options);
            }
            String said = "{\"rows\": %s, \"statistics\": %s}".formatted(rows, statistics);
            Files.writeString(directory.resolve(target.getFileName() + ".json"), said);
        }
        Python.check(directory, clients, script, "check");
    }
}
