package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.sql.Sql;
import org.junit.jupiter.api.Test;

/** {@code arrow-npz-sql} alone: NumPy and Arrow files as tables, and who reads Parquet. */
class SqlTest {
    private static final Path PRICES = Path.of("..", "..", "prices.npz");

    @Test
    void asksAFile() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Sql sql = Sql.open(allocator).with("prices", PRICES);
                ArrowReader rows = sql.query("SELECT count(*) AS n FROM prices")) {
            assertTrue(rows.loadNextBatch());
            assertTrue(((BigIntVector) rows.getVectorSchemaRoot().getVector("n")).get(0) > 0);
        }
    }

    @Test
    void namesTheArtifactOfOtherFormats() {
        try (BufferAllocator allocator = new RootAllocator();
                Sql sql = Sql.open(allocator).with("prices", Path.of("prices.parquet"))) {
            NpzException missing = assertThrows(
                    NpzException.class, () -> sql.query("FROM prices").close());
            assertTrue(missing.getMessage().contains("org.arrownpz:arrow-npz-parquet"), missing.getMessage());
        }
    }

    @Test
    void bringsWhatTheReadmeSays() throws Exception {
        Carried.requireReadme("arrow-npz-sql");
    }
}
